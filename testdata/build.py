"""Builds testdata/images, testdata/loaders and testdata/wheels from testdata/sources.

    python testdata/build.py            rebuild them in place
    python testdata/build.py --check    rebuild them and compare; exit 1 where they differ

It needs `pip install ziglang==0.17.0` and nothing else. The same version makes the same bytes every time.
"""

import argparse
import hashlib
import io
import json
import sys
import zipfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "tests")]

from recipes import RECIPES, Recipe  # noqa: E402 - found by the path above
from recipes.loaders import ASKING, Asking  # noqa: E402 - as before
from recipes.wheels import WHEELS  # noqa: E402 - as before
from workshop import workshop  # noqa: E402 - as before

FOLDERS = ("images", "loaders", "wheels")


def main() -> int:
    """Build, then write or compare."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="compare with what is there; write nothing")
    check = parser.parse_args().check
    files = build()
    if not check:
        replace(files)
        return 0
    wrong = differences(files)
    for path in wrong:
        print(f"differs: {path}")
    return 1 if wrong else 0


def build() -> dict[str, bytes]:
    """Return every built file by its path in testdata.

    Raises:
        RuntimeError: A compiler failed.
    """
    with ThreadPoolExecutor() as executor:
        made = dict(zip(RECIPES, executor.map(_make, RECIPES), strict=True))
        asking = dict(zip(ASKING, executor.map(_make, ASKING), strict=True))
    images = {recipe.name: data for recipe, (data, _) in made.items()}
    wheels = {recipe.name: recipe.make(images) for recipe in WHEELS}
    manifest = {
        "images": {recipe.name: _row(recipe, *result) for recipe, result in made.items()},
        "loaders": {recipe.name: _built(*result) for recipe, result in asking.items()},
        "wheels": {recipe.name: {"members": recipe.members, "codes": recipe.codes} for recipe in WHEELS},
    }
    return {
        "manifest.json": (json.dumps(manifest, indent=1, sort_keys=True) + "\n").encode(),
        **{f"images/{name}": data for name, data in images.items()},
        **{f"loaders/{recipe.name}": data for recipe, (data, _) in asking.items()},
        **{f"wheels/{name}": data for name, data in wheels.items()},
    }


def replace(files: Mapping[str, bytes]) -> None:
    """Write the built files and remove what is built no more."""
    for path in _existing() - files.keys():
        (HERE / path).unlink()
    for path, data in files.items():
        (HERE / path).parent.mkdir(exist_ok=True)
        (HERE / path).write_bytes(data)


def differences(files: Mapping[str, bytes]) -> list[str]:
    """Return the paths that are missing, superfluous or of other content."""
    here = _existing()
    changed = {
        path
        for path in here & files.keys()
        if _content(path, (HERE / path).read_bytes()) != _content(path, files[path])
    }
    return sorted(changed | (here ^ files.keys()))


def _existing() -> set[str]:
    paths = [HERE / "manifest.json", *(path for name in FOLDERS for path in (HERE / name).glob("*"))]
    return {path.relative_to(HERE).as_posix() for path in paths if path.exists()}


def _content(path: str, data: bytes) -> object:
    """Return what must be the same everywhere: deflate is not, zlib and zlib-ng pack differently."""
    if not path.endswith(".whl"):
        return data
    with zipfile.ZipFile(io.BytesIO(data)) as wheel:
        return [(info.filename, info.external_attr, wheel.read(info)) for info in wheel.infolist()]


def _make(recipe: Recipe | Asking) -> tuple[bytes, list[str]]:
    with workshop() as shop:
        data = recipe.make(shop)
        return data, shop.steps


def _row(recipe: Recipe, data: bytes, steps: list[str]) -> dict[str, Any]:
    return {**_built(data, steps), "images": [truth._asdict() for truth in recipe.truth]}


def _built(data: bytes, steps: list[str]) -> dict[str, Any]:
    return {"sha256": hashlib.sha256(data).hexdigest(), "built": steps}


if __name__ == "__main__":
    sys.exit(main())
