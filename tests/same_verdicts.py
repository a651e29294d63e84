"""Compare what two versions of wheelarch say about the same inputs, texts left aside.

    python -m tests.same_verdicts write BEFORE.json [FOLDER...]    with the old version
    python -m tests.same_verdicts check BEFORE.json [FOLDER...]    with the new one

Every file below the folders that looks like a wheel or a source distribution is judged alone, and each folder's own
wheels are judged as a set. What is kept of a report is its JSON document without sentences: messages, consequences,
remedies, faults and the values of evidence may be reworded, everything else must be the same. Without folders, these
are the wheels of testdata and the corpora that the tests and benchmarks keep in the cache.

Exit code 0 if nothing differs; 1, with a line per difference, if something does.
"""

import json
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import wheelarch

HERE = Path(__file__).parent
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "wheelarch"
ENDINGS = (".whl", ".tar.gz", ".zip")
SENTENCES = ("message", "consequence", "remedy")


def default_folders() -> list[Path]:
    """Return the repository's wheels and the cached corpora."""
    folders = [HERE.parent / "testdata" / "wheels", CACHE / "corpus", CACHE / "bench" / "wheels"]
    return [folder for folder in folders if folder.is_dir()]


def inputs(folders: list[Path]) -> list[list[str]]:
    """Return what is judged: each file alone, then the wheels of each folder together."""
    single: list[list[str]] = []
    sets: list[list[str]] = []
    for folder in folders:
        files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name.endswith(ENDINGS))
        single += [[str(path)] for path in files]
        wheels: dict[Path, list[str]] = {}
        for path in files:
            if path.name.endswith(".whl"):
                wheels.setdefault(path.parent, []).append(str(path))
        sets += [found for found in wheels.values() if len(found) > 1]
    return single + sets


def label(paths: list[str]) -> str:
    """Return what an input is called in the file: its folder and name, or the folder and number of a set."""
    folder, name = Path(paths[0]).parts[-2:]
    return f"{folder}/{name}" if len(paths) == 1 else f"{folder}: {len(paths)} wheels"


def verdict(paths: list[str]) -> dict[str, Any]:
    """Return the report on one input, or on a set, without sentences."""
    try:
        report = wheelarch.audit(paths[0] if len(paths) == 1 else paths)
    except wheelarch.WheelarchError as error:
        return {"error": type(error).__name__}
    return without_sentences(report.to_dict()) | {"exit_code": report.exit_code()}


def without_sentences(document: dict[str, Any]) -> dict[str, Any]:
    """Return a report's document without what may be reworded; of a fault only the place is kept."""
    document.pop("tool", None)
    for one in document.get("inputs", ()):
        one["path"] = Path(one["path"]).name
        for finding in one["findings"]:
            finding["evidence"] = sorted(finding["evidence"])
            for key in SENTENCES:
                finding[key] = bool(finding[key])
        for member in one["members"]:
            for place in (member, *member["images"]):
                place["faults"] = [fault.rpartition(" at byte ")[2] for fault in place["faults"]]
    return document


def differences(before: Any, after: Any, where: str) -> Iterator[str]:
    """Yield a line for each place where two documents differ; keys that only the new one has are additions."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in before:
            yield from differences(before[key], after.get(key), f"{where}.{key}")
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, (old, new) in enumerate(zip(before, after, strict=True)):
            yield from differences(old, new, f"{where}[{index}]")
    elif before != after:
        yield f"{where}: {json.dumps(before)[:300]} -> {json.dumps(after)[:300]}"


def main(arguments: list[str]) -> int:
    """Run the command; see the module's own text."""
    if len(arguments) < 2 or arguments[0] not in ("write", "check"):
        sys.stderr.write(__doc__ or "")
        return 2
    mode, file, *names = arguments
    asked = inputs([Path(name) for name in names] or default_folders())
    with ProcessPoolExecutor() as pool:
        found = {
            label(paths): document for paths, document in zip(asked, pool.map(verdict, asked), strict=True)
        }
    if mode == "write":
        Path(file).write_text(json.dumps(found, indent=1, sort_keys=True), encoding="utf-8")
        sys.stdout.write(f"{len(found)} verdicts written\n")
        return 0
    known = json.loads(Path(file).read_text(encoding="utf-8"))
    lines = [f"{name}: no longer judged" for name in known.keys() - found.keys()]
    for name in known.keys() & found.keys():
        lines += differences(without_sentences(known[name]), found[name], name[:100])
    sys.stdout.write("".join(f"{line}\n" for line in sorted(lines)))
    sys.stdout.write(f"{len(known)} verdicts compared, {len(lines)} differences\n")
    return int(bool(lines))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
