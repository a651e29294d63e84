"""Which releases of maturin and PyO3 built a wheel, and which pairs of them are known to build wheels wrong.

maturin writes its version into WHEEL. PyO3's version is in the list of materials that maturin adds from 1.12 on
(PEP 770). In older wheels it is in the paths that Rust keeps for its panic messages, even in stripped binaries.
docs/facts/build-tools.md has the facts, under "Known-bad builds" and "What a finished wheel says about its build".
"""

from __future__ import annotations

from .._lib.patterns import pattern
from .._lib.typed import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ..metadata.promise import Target
    from ..view import View

__all__ = [
    "KNOWN_BAD",
    "SBOM_BYTES",
    "KnownBad",
    "Provenance",
    "Window",
    "maturin_version",
    "read_sbom",
    "search",
    "suspects",
    "windows_of",
]


class Provenance(NamedTuple):
    """What made a wheel."""

    maturin: str
    """The version in WHEEL's Generator."""
    pyo3: str = ""
    """Empty if it is not known. Of several versions the lowest."""
    pyo3_seen_in: str = ""
    """Where it was found: the path of the list of materials, or `panic paths of` a binary."""
    rustc: str = ""
    """The commit of the Rust compiler, 40 hex digits, if it was found in the search for PyO3's version."""


class Window(NamedTuple):
    """A range of bad releases of one package."""

    package: str
    first: str = ""
    """The first bad release; empty if all before `fixed` are bad."""
    fixed: str = ""
    """The first good release after it; empty if none is known."""

    def __str__(self) -> str:
        bounds = [f"{sign} {version}" for sign, version in ((">=", self.first), ("<", self.fixed)) if version]
        return f"{self.package} {', '.join(bounds) or 'of any version'}"

    def holds(self, version: str) -> bool:
        """Return whether a release is bad; False for text that is not a version."""
        from packaging.version import Version

        try:
            this = Version(version)
        except ValueError:
            return False
        return (not self.first or this >= Version(self.first)) and (
            not self.fixed or this < Version(self.fixed)
        )


class KnownBad(NamedTuple):
    """Releases that are known to build some wheels wrong, and how such a wheel can be recognized."""

    codes: tuple[str, ...]
    """The doctor's rules about it."""
    windows: tuple[Window, ...]
    """The wheel is a suspect if all of these releases are bad."""
    concerns: Callable[[Target], bool]
    """Whether wheels with this target can be affected."""
    sign: str
    """What is wrong in an affected extension module: its `machine`, or the `python-dll` that it imports."""
    what: str
    """What these releases do wrong, as a clause."""
    remedies: tuple[str, ...]


KNOWN_BAD: tuple[KnownBad, ...] = (
    KnownBad(
        ("WD02",),
        (Window("maturin", "1.7.7", "1.7.8"),),
        lambda target: target.system == "windows" and not target.stable_abi,
        "machine",
        "a build on x64 for ARM64, or on ARM64 for x64, uses the Python of the host and its tag",
        ("upgrade-maturin",),
    ),
    KnownBad(
        ("WD07", "WD08"),
        (Window("maturin", "1.8.0", "1.13.2"), Window("pyo3", "", "0.27.0")),
        lambda target: target.system == "windows" and target.stable_abi == "abi3",
        "python-dll",
        "a cross build for the stable ABI links the DLL of one Python version",
        ("upgrade-maturin-or-pyo3",),
    ),
    KnownBad(
        ("WD09",),
        (Window("pyo3", "0.23.0", "0.23.4"),),
        lambda target: (
            target.system == "windows"
            and (
                target.implementation == "pypy" or (bool(target.free_threaded) and target.version == (3, 13))
            )
        ),
        "python-dll",
        "import libraries that PyO3 generates for PyPy and for free-threaded 3.13 are wrong",
        ("upgrade-pyo3",),
    ),
    KnownBad(
        ("WD32",),
        (Window("maturin", "", "1.15.0"), Window("pyo3", "0.29.0")),
        lambda target: target.system == "mingw" and target.stable_abi == "abi3",
        "python-dll",
        "a MinGW build for the stable ABI imports python3.dll, but MinGW's Python has libpython3.dll",
        ("upgrade-maturin-for-mingw",),
    ),
)
"""The windows of those of the doctor's rules that predict a fault which a finished wheel shows.

Sources: maturin issues 2526, 2606 and 3291, pull requests 2353, 2359 and 3130; PyO3 issue 5148, pull requests 4806,
4808, 5503 and 5866.
"""

_TRACELESS = {"WD01": (Window("pyo3", "", "0.23.4"),)}
"""The windows of those of the doctor's rules that predict what no wheel shows: either the link fails, or the linker
ignores the machine of the import library and its output is right.

Sources: PyO3 pull request 4800; an ARM64 DLL linked with an x64 import library by LLD 16 to 19
(docs/facts/build-tools.md, "What lld-link accepts").
"""

_GENERATOR = pattern(r"maturin \(([0-9][0-9A-Za-z.+-]{0,30})\)")


def windows_of(code: str) -> tuple[Window, ...]:
    """Return the bad releases that a rule of the doctor (`WD07`) is about.

    Raises:
        KeyError: None are known here.
    """
    for pair in KNOWN_BAD:
        if code in pair.codes:
            return pair.windows
    return _TRACELESS[code]


def maturin_version(generators: Iterable[str]) -> str:
    """Return the version in the Generator line that maturin writes, or an empty string.

    Args:
        generators: WHEEL's Generator lines.
    """
    signed = (line for line in generators if line.startswith("maturin ("))
    return next((found[1] for line in signed if (found := _GENERATOR.match(line))), "")


def suspects(maturin: str, pyo3: str, targets: Iterable[Target]) -> tuple[KnownBad, ...]:
    """Return the known bad pairs that a wheel may come from.

    Args:
        maturin: Its version.
        pyo3: Its version; any version if it is empty.
        targets: What the wheel's tags demand.
    """
    targets = tuple(targets)
    versions = {"maturin": maturin, "pyo3": pyo3}
    return tuple(
        known
        for known in KNOWN_BAD
        if any(map(known.concerns, targets))
        and all(
            not versions[window.package] or window.holds(versions[window.package]) for window in known.windows
        )
    )


SBOM_BYTES = 4 << 20
"""The most that is read of a list of materials, because decoded JSON takes many times its own size."""


def read_sbom(data: bytes) -> str:
    """Return the version of PyO3 in a CycloneDX list of materials, or an empty string.

    Of several versions it is the lowest, which is the most likely to be bad.

    Args:
        data: The JSON document, or anything.

    Source: CycloneDX 1.5, "components"; a crate is named by its package URL, `pkg:cargo/pyo3@0.28.3`.
    """
    import json

    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        return ""
    components = document.get("components") if isinstance(document, dict) else None
    if not isinstance(components, list):
        return ""
    return _lowest(
        component["version"]
        for component in components
        if isinstance(component, dict)
        and component.get("name") in ("pyo3", "pyo3-ffi")
        and isinstance(component.get("version"), str)
    )


_VERSION = rb"[0-9]{1,4}\.[0-9]{1,4}\.[0-9]{1,4}(?:-[0-9a-z.]{1,16})?"
_CRATE = pattern(rb"pyo3-(?:ffi-)?(" + _VERSION + rb")[/\\]")
_COMPILER = pattern(rb"rustc[/\\]([0-9a-f]{40})[/\\]")
_CHUNK, _OVERLAP = 1 << 20, 64
"""Bytes that are searched at once, and how many of them again with the next ones: more than a match has."""


def search(view: View) -> tuple[str, str]:
    """Return the version of PyO3 and the commit of rustc in a binary's panic paths; empty if they are not there.

    The search ends with the piece of 1 MiB that names PyO3.

    Args:
        view: The whole binary.

    Raises:
        FormatError: The view does.
        ArchiveError: The view does.
    """
    rustc, tail = "", b""
    for offset in range(0, view.size, _CHUNK):
        data = tail + view.read_upto(offset, _CHUNK)
        if not rustc and (compiler := _COMPILER.search(data)):
            rustc = compiler[1].decode()
        if pyo3 := _lowest(found.decode() for found in dict.fromkeys(_CRATE.findall(data))):
            return pyo3, rustc
        tail = data[-_OVERLAP:]
    return "", rustc


def _lowest(versions: Iterable[str]) -> str:
    """Return the lowest of those that are versions of at most 40 characters, or an empty string."""
    from packaging.version import Version

    known: dict[Version, str] = {}
    for text in versions:
        try:
            if len(text) <= 40:
                known.setdefault(Version(text), text)
        except ValueError:
            continue
    return known[min(known)] if known else ""
