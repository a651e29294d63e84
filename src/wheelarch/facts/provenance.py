"""Which releases of maturin and PyO3 made a wheel, as the finished wheel tells, and which pairs are known to be bad.

maturin signs WHEEL. PyO3's version stands in the list of materials that maturin packs from 1.12 on (PEP 770), and
in older wheels in the paths that Rust keeps for its panic messages, stripped binaries included.
"""

from __future__ import annotations

from .._lib import lazy
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
    """Empty where nothing tells. Of several versions the lowest."""
    pyo3_seen_in: str = ""
    """The list of materials that tells, or `panic paths of` a binary."""
    rustc: str = ""
    """The commit of the Rust compiler, 40 hex digits, where it was seen on the way to PyO3's version."""


class Window(NamedTuple):
    """A stretch of bad releases of one package."""

    package: str
    first: str = ""
    """The first bad release; empty where all before `fixed` are bad."""
    fixed: str = ""
    """The first good release behind it; empty where none is known."""

    def __str__(self) -> str:
        bounds = [f"{sign} {version}" for sign, version in ((">=", self.first), ("<", self.fixed)) if version]
        return f"{self.package} {', '.join(bounds) or 'of any version'}"

    def holds(self, version: str) -> bool:
        """Return whether a release is bad; what is no version is not."""
        from packaging.version import Version

        try:
            this = Version(version)
        except ValueError:
            return False
        return (not self.first or this >= Version(self.first)) and (
            not self.fixed or this < Version(self.fixed)
        )


class KnownBad(NamedTuple):
    """A pair of releases that is known to build some wheels wrong, and how such a wheel is told."""

    codes: tuple[str, ...]
    """The doctor's rules that speak of it."""
    windows: tuple[Window, ...]
    """The wheel is a suspect where all of them hold."""
    concerns: Callable[[Target], bool]
    sign: str
    """What an affected extension module has wrong: its `machine`, or the `python-dll` that it imports."""
    what: str
    """What goes wrong, as a clause."""
    remedies: tuple[str, ...]


KNOWN_BAD: tuple[KnownBad, ...] = (
    KnownBad(
        ("WD02",),
        (Window("maturin", "1.7.7", "1.7.8"),),
        lambda target: target.system == "windows" and not target.stable_abi,
        "machine",
        "a build for the other of x64 and ARM64 takes the host's Python, and its tag",
        ("R9",),
    ),
    KnownBad(
        ("WD07", "WD08"),
        (Window("maturin", "1.8.0", "1.13.2"), Window("pyo3", "", "0.27.0")),
        lambda target: target.system == "windows" and target.stable_abi == "abi3",
        "python-dll",
        "a cross build for the stable ABI links the library of one Python version",
        ("R14",),
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
        "import libraries that it generates for PyPy and for free-threaded 3.13 are wrong",
        ("R16",),
    ),
    KnownBad(
        ("WD32",),
        (Window("maturin", "", "1.15.0"), Window("pyo3", "0.29.0")),
        lambda target: target.system == "mingw" and target.stable_abi == "abi3",
        "python-dll",
        "a MinGW build for the stable ABI imports python3.dll, and MinGW's Python has libpython3.dll",
        ("R16",),
    ),
)
"""The windows of the doctor's rules whose outcome a finished wheel can show; where a build stops, there is no wheel.

Sources: maturin issues 2526, 2606 and 3291, pull requests 2353, 2359 and 3130; PyO3 issue 5148, pull requests 4806,
4808, 5503 and 5866.
"""

_TRACELESS = {"WD01": (Window("pyo3", "", "0.23.4"),)}
"""The windows of the doctor's rules whose outcome no wheel shows: the link fails, or the linker did not mind the
machine of the import library, and what it made is right.

Sources: PyO3 pull request 4800; an ARM64 DLL linked with an x64 import library by LLD 16 to 19 (toolchain facts, 2.4).
"""

_GENERATOR = lazy.pattern(r"maturin \(([0-9][0-9A-Za-z.+-]{0,30})\)")


def windows_of(code: str) -> tuple[Window, ...]:
    """Return the bad releases that a rule of the doctor (`WD07`) speaks of.

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
        pyo3: Its version; any version where it is empty.
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
"""The most that is read of a list of materials: decoded JSON takes many times its own size."""


def read_sbom(data: bytes) -> str:
    """Return the version of PyO3 in a CycloneDX list of materials, or an empty string.

    Of several versions the lowest counts: it is the one to worry about.

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
_CRATE = lazy.pattern(rb"pyo3-(?:ffi-)?(" + _VERSION + rb")[/\\]")
_COMPILER = lazy.pattern(rb"rustc[/\\]([0-9a-f]{40})[/\\]")
_CHUNK, _OVERLAP = 1 << 20, 64
"""Bytes that are searched at once, and how many are searched again with the next: no match is as long."""


def search(view: View) -> tuple[str, str]:
    """Return the version of PyO3 and the commit of rustc that a binary's panic paths name; empty what they do not.

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
