"""WA209 to WA211: ARM64EC, ARM64X and .NET files in wheels for Windows.

The machine field of such a file does not say which processes load it. The load config (hybrid code) and the CLR header
(.NET) do.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..facts.machine_demands import LOADABLE
from ..facts.machines import CLR_ILONLY, demanded_arches, serves
from ..metadata.promise import triples_of
from ..model import Depth, Fact, Format, Kind, Member, Role, Severity
from ._machine import HEADER_OF_ALL, triples_for
from .rule import Family, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts.wheel import Wheel


__all__ = ["arm64ec_image", "arm64x_image", "dotnet_bitness"]


def _hybrid_members(wheel: Wheel, variant: str) -> Iterator[tuple[Member, bool]]:
    """Yield the modules and libraries of this hybrid variant in Windows wheels, and whether each may be intended.

    A win_amd64 wheel may have hybrid DLLs besides its x64 code, for x64 Pythons on Windows on Arm.
    """
    arches = demanded_arches(wheel.targets, "windows")
    if not arches:
        return
    has_native = any(
        image.arch in arches for member in wheel.members for image in member.images if member.role in LOADABLE
    )
    for member in wheel.members:
        if member.role in LOADABLE and any(image.variant == variant for image in member.images):
            yield member, member.role is not Role.EXTENSION and has_native


@rule(
    "WA209",
    "arm64ec-image",
    Family.MACHINE,
    Severity.ERROR,
    remedies=("plain-architecture",),
    needs={**HEADER_OF_ALL, Role.EXTENSION: Depth.LINKAGE},
    formats=(Format.PE,),
    rests_on=(Fact.MACHINE, Fact.HYBRID),
    breaks_promise=Severity.ERROR,
)
def arm64ec_image(wheel: Wheel) -> Iterator[Problem]:
    """A wheel for Windows contains an ARM64EC file.

    What it does:
        Finds PE files whose machine is x64 and whose load config points to hybrid metadata.

    Why it is bad:
        Only x64 processes on Windows 11 on Arm load ARM64EC code. It does not load on x64 PCs, nor into a native
        ARM64 Python.

    Example:
        `pkg/_core.cp311-win_amd64.pyd` was compiled with `/arm64EC`.

    How to fix:
        Build for plain x64 or plain ARM64.

    Known limits:
        A library that is not an extension module is a note if the wheel also has code for the tag's machine. Only
        extension modules are read deep enough to be certain.

    References:
        Microsoft, Arm64EC and Arm64X PE files; LLVM COFFObjectFile::getMachine;
        docs/facts/loaders.md, "Machine numbers in PE files", "What loads where on Windows".
    """
    for member, intended in _hybrid_members(wheel, "arm64ec"):
        yield Problem(
            message=f"{member.path} is ARM64EC, which only x64 processes on Windows on Arm load",
            member=member.path,
            tags=triples_of(wheel.targets),
            evidence={"have": "arm64ec", "need": ", ".join(demanded_arches(wheel.targets, "windows"))},
            consequence="%1 is not a valid Win32 application.",
            severity=Severity.NOTE if intended else None,
        )


@rule(
    "WA210",
    "arm64x-image",
    Family.MACHINE,
    Severity.ERROR,
    remedies=("plain-architecture",),
    needs={**HEADER_OF_ALL, Role.EXTENSION: Depth.LINKAGE},
    formats=(Format.PE,),
    rests_on=(Fact.MACHINE, Fact.HYBRID),
    breaks_promise=Severity.ERROR,
)
def arm64x_image(wheel: Wheel) -> Iterator[Problem]:
    """A wheel for Windows contains an ARM64X file.

    What it does:
        Finds PE files whose machine is ARM64 and whose load config points to hybrid metadata. It is an error for
        extension modules of a win_amd64 wheel. In a win_arm64 wheel such files are right, so it is a note.

    Why it is bad:
        An x64 PC does not load an ARM64X file. x64 processes load it only on Windows 11 on Arm.

    Example:
        `pkg/_core.pyd` was built with `BuildAsX` and tagged `win_amd64`.

    How to fix:
        Build for plain x64.

    Known limits:
        A library that is not an extension module is a note if the wheel also has code for the tag's machine.

    References:
        Microsoft, Arm64X PE files;
        docs/facts/loaders.md, "Machine numbers in PE files", "What loads where on Windows".
    """
    arches = demanded_arches(wheel.targets, "windows")
    for member, intended in _hybrid_members(wheel, "arm64x"):
        right = arches == ("arm64",)
        yield Problem(
            message=f"{member.path} is ARM64X"
            + (", which serves ARM64 and emulated x64 processes" if right else ", which no x64 PC loads"),
            member=member.path,
            tags=() if right else triples_of(wheel.targets),
            evidence={"have": "arm64x", "need": ", ".join(arches)},
            consequence="" if right else "%1 is not a valid Win32 application.",
            severity=Severity.NOTE if right or intended else None,
        )


_CLR_32BITREQUIRED, _CLR_32BITPREFERRED = 0x2, 0x20000
_PE32 = 0x10B


@rule(
    "WA211",
    "dotnet-bitness",
    Family.MACHINE,
    Severity.WARNING,
    remedies=("any-cpu",),
    needs=HEADER_OF_ALL,
    breaks_promise=Severity.ERROR,
)
def dotnet_bitness(wheel: Wheel) -> Iterator[Problem]:
    """A .NET assembly is for another bitness or machine than the tags promise.

    What it does:
        Reads the CLR header of managed assemblies. Reports those that need a 32-bit process in a wheel for 64-bit
        Windows, and those that are compiled for another machine.

    Why it is bad:
        A 64-bit process throws BadImageFormatException when it loads an assembly for 32-bit processes only.

    Example:
        `pkg/Native.dll` has the 32BITREQUIRED flag in a `win_amd64` wheel.

    How to fix:
        Build for AnyCPU.

    Known limits:
        Assemblies with native code (no ILONLY flag) are judged as ordinary PE files. Wheels for any platform are
        not judged.

    References:
        ECMA-335 II.25.3.3.1; Microsoft, CorFlags Conversion Tool; docs/facts/loaders.md, "Managed assemblies".
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
                message=f".NET assembly {member.path} is {have}, but the tag needs {', '.join(arches)}",
                member=member.path,
                tags=triples_for(wheel, arches),
                evidence={"have": have, "need": ", ".join(arches), "clr_flags": f"{flags:#x}"},
                consequence="System.BadImageFormatException",
            )
