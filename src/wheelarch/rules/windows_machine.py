"""WA209 to WA211: ARM64EC, ARM64X and .NET files."""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..facts.machine_demands import LOADED
from ..facts.machines import CLR_ILONLY, demanded_arches, serves
from ..model import Depth, Format, Kind, Member, Role, Severity
from ._machine import HEADER_OF_ALL, triples_for
from .rule import Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts.wheel import Wheel


__all__ = ["arm64ec_image", "arm64x_image", "dotnet_bitness"]


def _hybrid(wheel: Wheel, variant: str) -> Iterator[tuple[Member, bool]]:
    """Yield loaded members of this hybrid variant in Windows wheels, and whether each is there on purpose.

    A win_amd64 wheel may carry hybrid DLLs beside its x64 code for x64 Pythons on Windows on Arm.
    """
    arches = demanded_arches(wheel.targets, "windows")
    if not arches:
        return
    has_native = any(
        image.arch in arches for member in wheel.members for image in member.images if member.role in LOADED
    )
    for member in wheel.members:
        if member.role in LOADED and any(image.variant == variant for image in member.images):
            yield member, member.role is not Role.EXTENSION and has_native


@rule(
    "WA209", "arm64ec-image", Severity.ERROR, ("R9",),
    needs={**HEADER_OF_ALL, Role.EXTENSION: Depth.LINKAGE}, formats=(Format.PE,),
)  # fmt: skip
def arm64ec_image(wheel: Wheel) -> Iterator[Problem]:
    """An ARM64EC image is in a Windows wheel.

    What it does:
        Finds PE files whose machine is x64 and whose load config points at hybrid metadata.

    Why it is bad:
        ARM64EC code loads into x64 processes on Windows 11 on Arm only: not on x64 PCs, and not into a native
        ARM64 Python.

    Example:
        `pkg/_core.cp311-win_amd64.pyd` was compiled with `/arm64EC`.

    How to fix:
        Build for plain x64 or plain ARM64.

    Known limits:
        A library that is no extension module is a note where the wheel also holds code for the tag's machine. Only
        extension modules are read deep enough to be sure.

    References:
        Microsoft, Arm64EC and Arm64X PE files; LLVM COFFObjectFile::getMachine; rules.md 2.2, 2.3 and amendment 1.
    """
    for member, on_purpose in _hybrid(wheel, "arm64ec"):
        yield Problem(
            message=f"{member.path} is ARM64EC, which loads into x64 processes on Windows on Arm only",
            member=member.path,
            tags=tuple(target.triple for target in wheel.targets),
            evidence={"have": "arm64ec", "need": ", ".join(demanded_arches(wheel.targets, "windows"))},
            consequence="%1 is not a valid Win32 application.",
            severity=Severity.NOTE if on_purpose else None,
        )


@rule(
    "WA210", "arm64x-image", Severity.ERROR, ("R9",),
    needs={**HEADER_OF_ALL, Role.EXTENSION: Depth.LINKAGE}, formats=(Format.PE,),
)  # fmt: skip
def arm64x_image(wheel: Wheel) -> Iterator[Problem]:
    """An ARM64X image is in a Windows wheel.

    What it does:
        Finds PE files whose machine is ARM64 and whose load config points at hybrid metadata. They are an error as
        extension modules of a win_amd64 wheel, and a note in a win_arm64 wheel, where they are right.

    Why it is bad:
        On an x64 PC an ARM64X file does not load: it serves x64 processes on Windows 11 on Arm only.

    Example:
        `pkg/_core.pyd` was built with `BuildAsX` and tagged `win_amd64`.

    How to fix:
        Build for plain x64.

    Known limits:
        A library that is no extension module is a note where the wheel also holds code for the tag's machine.

    References:
        Microsoft, Arm64X PE files; rules.md 2.2, 2.3 and amendment 1.
    """
    arches = demanded_arches(wheel.targets, "windows")
    for member, on_purpose in _hybrid(wheel, "arm64x"):
        right = arches == ("arm64",)
        yield Problem(
            message=f"{member.path} is ARM64X"
            + (", which serves ARM64 and emulated x64 processes" if right else ", which no x64 PC loads"),
            member=member.path,
            tags=() if right else tuple(target.triple for target in wheel.targets),
            evidence={"have": "arm64x", "need": ", ".join(arches)},
            consequence="" if right else "%1 is not a valid Win32 application.",
            severity=Severity.NOTE if right or on_purpose else None,
        )


_CLR_32BITREQUIRED = 0x2


_CLR_32BITPREFERRED = 0x20000


_PE32 = 0x10B


@rule("WA211", "dotnet-bitness", Severity.WARNING, ("R13",), needs=HEADER_OF_ALL)
def dotnet_bitness(wheel: Wheel) -> Iterator[Problem]:
    """A .NET assembly is bound to another bitness or machine than the tags promise.

    What it does:
        Reads the CLR header of managed assemblies: those that demand a 32-bit process in a wheel for 64-bit
        Windows, and those compiled for another machine.

    Why it is bad:
        A 64-bit process throws BadImageFormatException when it loads a 32-bit-only assembly.

    Example:
        `pkg/Native.dll` has the 32BITREQUIRED flag in a `win_amd64` wheel.

    How to fix:
        Build AnyCPU.

    Known limits:
        Assemblies with native code (no ILONLY flag) are judged as ordinary PE files. Platform-independent wheels
        are not judged.

    References:
        ECMA-335 II.25.3.3.1; CorFlags Conversion Tool; rules.md 2.4.
    """
    arches = demanded_arches(wheel.targets, "windows")
    if not arches:
        return
    for member in wheel.members:
        for image in member.images:
            facts = image.pe
            if facts is None or facts.clr_flags is None or not facts.clr_flags & CLR_ILONLY:
                continue
            flags = facts.clr_flags
            if facts.magic == _PE32:
                prefers = bool(flags & _CLR_32BITPREFERRED)
                bound = bool(flags & _CLR_32BITREQUIRED) and not (prefers and image.kind is Kind.EXECUTABLE)
                if not bound or "x86" in arches:
                    continue
                have = "32-bit only"
            elif facts.readytorun_os or any(serves(image, arch) for arch in arches):
                continue
            else:
                have = image.arch
            yield Problem(
                message=f".NET assembly {member.path} is {have}, the tag needs {', '.join(arches)}",
                member=member.path,
                tags=triples_for(wheel, arches),
                evidence={"have": have, "need": ", ".join(arches), "clr_flags": f"{flags:#x}"},
                consequence="System.BadImageFormatException",
            )
