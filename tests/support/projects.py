"""Projects for the doctor: small files as people write them, with what a test does not care about filled in."""

from collections.abc import Iterable, Mapping
from pathlib import Path

PROJECTS = Path(__file__).parents[1] / "doctor" / "projects"
_REAL_LOCK = (PROJECTS / "Cargo.lock").read_text()
"""Cut from the lock file of a published project that had pyo3 0.22.6."""


def lock(*versions: str) -> str:
    """A Cargo.lock with these versions of pyo3."""
    head, *packages = _REAL_LOCK.split("[[package]]")
    others = [one for one in packages if 'version = "0.22.6"' not in one]
    ours = [one.replace("0.22.6", version) for version in versions for one in packages if one not in others]
    return "[[package]]".join([head, *others, *ours])


def files(
    *,
    maturin: str | None = ">=1.16",
    pyo3: str | None = "0.29.3",
    features: Iterable[str] = (),
    backend: str = "maturin",
    workflow: str = "",
    more: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """The files of a project, by path.

    Args:
        maturin: What pyproject.toml requires of it; None for nothing.
        pyo3: The locked version; None for no crate at all.
        features: The features of pyo3 in Cargo.toml.
        backend: `maturin`, `setuptools-rust` or `setuptools`.
        workflow: The text of a workflow file.
        more: Further files, or others in the place of these.
    """
    requires = {
        "maturin": [f"maturin{maturin or ''}"],
        "setuptools-rust": ["setuptools", "setuptools-rust>=1.12"],
    }
    module = "maturin" if backend == "maturin" else "setuptools.build_meta"
    listed = ", ".join(f'"{one}"' for one in requires.get(backend, ["setuptools"]))
    found = {"pyproject.toml": f'[build-system]\nrequires = [{listed}]\nbuild-backend = "{module}"\n'}
    if pyo3 is not None:
        asked = ", ".join(f'"{one}"' for one in features)
        series = ".".join(pyo3.split(".")[:2])
        found["Cargo.toml"] = (
            '[package]\nname = "demo"\nversion = "0.1.0"\nedition = "2021"\n\n'
            '[lib]\ncrate-type = ["cdylib"]\n\n'
            f'[dependencies]\npyo3 = {{ version = "{series}", features = [{asked}] }}\n'
        )
        found["Cargo.lock"] = lock(pyo3)
    if workflow:
        found[".github/workflows/ci.yml"] = workflow
    return {**found, **(more or {})}


def write(folder: Path, contents: Mapping[str, str]) -> str:
    """Write files into a folder, and return its path as text."""
    for name, text in contents.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return str(folder)
