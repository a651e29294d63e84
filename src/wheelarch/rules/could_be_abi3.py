"""WA314: wheels for one Python whose modules could use the stable ABI.

The imported DLL proves on Windows that a module keeps to the limited API. Elsewhere the names that it takes make it
likely (`platforms.stable_abi`).
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..facts.python_dlls import python_dlls_of
from ..metadata.extension_names import parse_extension_name
from ..metadata.promise import triples_of
from ..model import Depth, Member, Role, Severity
from .rule import Family, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts.wheel import Wheel


__all__ = ["could_be_abi3"]


@rule(
    "WA314",
    "could-be-abi3",
    Family.PYTHON,
    Severity.NOTE,
    remedies=("stable-abi",),
    needs={Role.EXTENSION: Depth.SYMBOLS},
    breaks_promise=Severity.ERROR,
    for_builders=True,
    on_request=True,
)
def could_be_abi3(wheel: Wheel) -> Iterator[Problem]:
    """A wheel is for one Python, but its extension modules use only the stable ABI.

    What it does:
        Looks at wheels for one CPython with the GIL. Reports those whose extension modules all take only names of
        the stable ABI, none of them newer than the tag. Modules that import python3.dll and no versioned Python DLL
        could be tagged abi3 as they are, and modules that import python3t.dll `abi3.abi3t`; a suffix for one Python
        has to change with the tag. Other modules could be built for the stable ABI, unless they take `PyType_Ready`,
        for types laid out in C.

    Why it is bad:
        The wheel works. But one wheel tagged abi3 would serve every later Python and replace the others.

    Example:
        `pkg-1.0-cp311-cp311-win_amd64.whl`, whose only module imports python3.dll.

    How to fix:
        Build with `Py_LIMITED_API`, and tag the wheel abi3.

    Known limits:
        Macros that look into structures leave no name behind. Only the compiler can check whether the code keeps to
        the limited API.

    References:
        PEP 384, PEP 803; CPython Misc/stable_abi.toml;
        docs/facts/python-dlls-and-suffixes.md, "Which Python DLL a tag needs", "Stable-ABI symbols".
    """
    targets = wheel.targets
    members = [member for member in wheel.members if member.role is Role.EXTENSION]
    images = [image for member in members for image in member.images]
    pythons = {
        (one.implementation, one.version, one.free_threaded, one.stable_abi, one.debug) for one in targets
    }
    if not images or len(pythons) != 1:
        return
    implementation, version, *flavor = pythons.pop()
    if implementation != "cpython" or version is None or flavor != [False, "", False]:
        return
    measured = [member.python.stable_abi if member.python else None for member in members]
    if any(one and (one.outside or one.floor > version) for one in measured):
        return
    python, abi, stable = targets[0].python, targets[0].abi, "abi3"
    dlls = {tuple(dll.name for dll in python_dlls_of(image)) for image in images}
    if dlls in ({("python3.dll",)}, {("python3t.dll",)}):
        (dll,) = dlls.pop()
        if dll == "python3t.dll":
            stable = "abi3.abi3t"
        if any(dll not in target.runtimes for target in targets):
            return
        suffixes = sorted({suffix for member in members if (suffix := _suffix_of_one_python(member))})
        rename = f"with the suffix .pyd instead of {', '.join(suffixes)}, " if suffixes else ""
        how = f"imports only {dll}: {rename}"
    elif all(measured) and not any(
        symbol.name == "PyType_Ready" for image in images for symbol in image.imported
    ):
        how = "takes only names of the stable ABI: built with Py_LIMITED_API, "
    else:
        return
    evidence = {"have": abi, "need": stable}
    if floors := [one.floor for one in measured if one]:
        evidence["names since"] = f"Python {'.'.join(map(str, max(floors)))}"
    yield Problem(
        message=f"every extension module {how}the wheel could be tagged {python}-{stable} instead of {python}-{abi}",
        tags=triples_of(targets),
        evidence=evidence,
    )


def _suffix_of_one_python(member: Member) -> str:
    """Return the suffix of a `.pyd` that later Pythons do not import, or an empty string."""
    name = parse_extension_name(member.name)
    return name.suffix if name and name.suffix != ".pyd" else ""
