"""WA314: modules that could use the stable ABI."""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..facts.python_dlls import python_dlls_of
from ..metadata.extension_names import parse_extension_name
from ..model import Depth, Member, Role, Severity
from .rule import Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts.wheel import Wheel


__all__ = ["could_be_abi3"]


@rule("WA314", "could-be-abi3", Severity.NOTE, ("R5",), needs={Role.EXTENSION: Depth.SYMBOLS})
def could_be_abi3(wheel: Wheel) -> Iterator[Problem]:
    """A wheel for one Python holds modules that use the stable ABI only.

    What it does:
        Looks in wheels for one CPython with the GIL whether every extension module takes names of the stable
        ABI only, and none that is newer than the tag. Those that import python3.dll and no versioned Python
        DLL could be tagged abi3 as they are, those that import python3t.dll `abi3.abi3t`; a suffix that names
        the one Python has to change with the tag. Of others it is said that they could be built so, unless
        they take `PyType_Ready`, for types laid out in C.

    Why it is bad:
        It works. One wheel tagged abi3 would serve every later Python, and save the others.

    Example:
        `pkg-1.0-cp311-cp311-win_amd64.whl`, whose one module imports python3.dll.

    How to fix:
        Build with `Py_LIMITED_API`, and tag the wheel abi3.

    Known limits:
        Macros that look into structures leave no name: only the compiler tells whether the code keeps to the
        limited API.

    References:
        PEP 384, PEP 803; CPython Misc/stable_abi.toml; rules.md 2.6, 7.
    """
    targets = wheel.targets
    members = [member for member in wheel.members if member.role is Role.EXTENSION]
    images = [image for member in members for image in member.images]
    pythons = {
        (one.implementation, one.version, one.free_threaded, one.stable_abi, one.debug) for one in targets
    }
    if not images or len(pythons) != 1:
        return
    implementation, version, *flavour = pythons.pop()
    if implementation != "cpython" or version is None or flavour != [False, "", False]:
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
        suffixes = sorted({suffix for member in members if (suffix := _bound_suffix(member))})
        rename = f"with .pyd instead of {', '.join(suffixes)} as suffix " if suffixes else ""
        how = f"imports {dll} only: {rename}the wheel could be tagged"
    elif all(measured) and not any(
        symbol.name == "PyType_Ready" for image in images for symbol in image.imported
    ):
        how = "takes names of the stable ABI only: built with Py_LIMITED_API, the wheel could be"
    else:
        return
    evidence = {"have": abi, "need": stable}
    if floors := [one.floor for one in measured if one]:
        evidence["names since"] = f"Python {'.'.join(map(str, max(floors)))}"
    yield Problem(
        message=f"every extension module {how} {python}-{stable} instead of {python}-{abi}",
        tags=tuple(target.triple for target in targets),
        evidence=evidence,
    )


def _bound_suffix(member: Member) -> str:
    """Return the suffix of a `.pyd` where later Pythons do not import it, or an empty string."""
    name = parse_extension_name(member.name)
    return name.suffix if name and name.suffix != ".pyd" else ""
