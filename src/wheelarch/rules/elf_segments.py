"""WA525 to WA527: executable stacks, page alignment, and the Android API level.

All three are in the program headers and the notes of an ELF file.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..metadata.promise import triples_of
from ..model import Depth, Fact, Format, Kind, Machine, Severity
from ._floors import LIBRARIES_AND_MODULES, NEWER_SYSTEM, RUN, RUN_HEADERS, newer_system_kind, targets_of
from .rule import Family, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..facts.wheel import Wheel
    from ..metadata.promise import Target
    from ..model import Image


__all__ = ["android_api_above_tag", "executable_stack", "small_page_alignment"]


@rule(
    "WA525",
    "executable-stack",
    Family.SYSTEM,
    Severity.WARNING,
    remedies=("no-exec-stack",),
    needs=dict.fromkeys(LIBRARIES_AND_MODULES, Depth.HEADER),
    formats=(Format.ELF,),
    breaks_promise=Severity.ERROR,
)
def executable_stack(wheel: Wheel) -> Iterator[Problem]:
    """A library requires an executable stack.

    What it does:
        Looks in extension modules and libraries for PT_GNU_STACK with the flag PF_X. For glibc on x86_64, i686, armv7l
        and s390x, a file without PT_GNU_STACK requires an executable stack too.

    Why it is bad:
        glibc 2.41 and later do not make the stack executable when a library is loaded, and refuse the library. Hardened
        kernels also refuse it.

    Example:
        A library with hand-written assembly that lacks the `.note.GNU-stack` section.

    How to fix:
        Link with `-Wl,-z,noexecstack`, or add the section to each assembly file.

    Known limits:
        Programs are not checked, because the kernel sets up their stack. musl does not look at the flag, so files for
        musllinux are not checked.

    References:
        glibc NEWS, 2.41 (dlopen and executable stacks); glibc, elf/dl-load.c and sysdeps/*/stackinfo.h
        (DEFAULT_STACK_PERMS); docs/facts/loaders.md, "Executable stacks".
    """
    for member in wheel.members:
        if member.role not in LIBRARIES_AND_MODULES:
            continue
        for image in member.images:
            targets = [
                target
                for target in targets_of(wheel, image, "linux", "android")
                if target.libc != "musl" and _wants_executable_stack(image, target)
            ]
            if targets:
                marked = image.elf is not None and image.elf.executable_stack
                yield Problem(
                    f"{member.path} requires an executable stack"
                    + ("" if marked else ", because it does not say that it needs none"),
                    member.path,
                    None,
                    triples_of(targets),
                    {"have": "PT_GNU_STACK RWE" if marked else "no PT_GNU_STACK", "need": "PT_GNU_STACK RW"},
                    f"{member.name}: cannot enable executable stack as shared object requires: Invalid argument",
                )


_STACK_EXECUTABLE_BY_DEFAULT = (Machine.X86_64, Machine.X86, Machine.ARM, Machine.S390X)
"""Machines on which glibc's DEFAULT_STACK_PERMS has PF_X."""


def _wants_executable_stack(image: Image, target: Target) -> bool:
    if image.elf is None:
        return False
    if image.elf.executable_stack is not None:
        return image.elf.executable_stack
    by_default = target.libc == "glibc" and image.machine in _STACK_EXECUTABLE_BY_DEFAULT
    return by_default and image.kind is Kind.SHARED_LIBRARY and not image.damaged


_ANDROID_PAGE = 0x4000
_LINUX_PAGES: Mapping[Machine, int] = {
    Machine.ARM64: 0x10000,
    Machine.PPC64LE: 0x10000,
    Machine.LOONGARCH64: 0x4000,
}
"""The largest pages, in bytes, of kernels that distributions ship.

Source: Linux, Kconfig of each architecture: PAGE_SIZE_64KB on arm64 (RHEL and its kin offer it) and powerpc (their
default), PAGE_SIZE_16KB on loongarch (the default).
"""


@rule(
    "WA526",
    "small-page-alignment",
    Family.SYSTEM,
    Severity.WARNING,
    remedies=("align-pages",),
    systems=("linux", "musl", "android"),
    needs=RUN_HEADERS,
    formats=(Format.ELF,),
    breaks_promise=Severity.ERROR,
)
def small_page_alignment(wheel: Wheel) -> Iterator[Problem]:
    """A kernel with large pages cannot map a binary.

    What it does:
        For Linux on aarch64 and ppc64le (64 KiB) and loongarch64 (16 KiB), computes the largest page with which each
        segment (PT_LOAD) can be mapped: its address and its offset in the file must be equal modulo the page size. In
        Android wheels, compares the smallest alignment of the segments of 64-bit files with 16 KiB.

    Why it is bad:
        Kernels with larger pages cannot map the file, and the loader refuses it.

    Example:
        An extension for Android that was linked by an NDK before r28 without further options: its segments are aligned
        to 4 KiB. `Pillow-7.2.0-cp38-cp38-manylinux2014_aarch64.whl`: patchelf aligned the segments that it added to
        4 KiB.

    How to fix:
        Link with `-Wl,-z,max-page-size=65536`, for Android with `-Wl,-z,max-page-size=16384`.

    Known limits:
        Files for 32-bit machines are not checked, because no system with such pages runs them. p_align counts only for
        tags below manylinux_2_35: newer glibc maps a file whose segments are aligned to 4 KiB with pages of 64 KiB, if
        addresses and offsets allow it.

    References:
        glibc, elf/dl-load.c (`ELF load command address/offset not page-aligned`, up to 2.34 also `ELF load command
        alignment not page-aligned`); Android developers, Support 16 KB
        page sizes; docs/facts/loaders.md, "Page sizes and segment alignment".
    """
    for member in wheel.members:
        if member.role not in RUN:
            continue
        for image in member.images:
            if image.elf is None:
                continue
            targets = targets_of(wheel, image, "android")
            alignment = image.elf.load_alignment
            if targets and image.bits == 64 and 0 < alignment < _ANDROID_PAGE:
                yield Problem(
                    f"{member.path} is aligned to {alignment // 1024} KiB, but new devices need 16 KiB",
                    member.path,
                    None,
                    triples_of(targets),
                    {"have": f"{alignment:#x}", "need": f"{_ANDROID_PAGE:#x}"},
                )
            targets = targets_of(wheel, image, "linux")
            have, need = image.elf.largest_page, _LINUX_PAGES.get(image.machine, 0)
            if have >= need > 0 and 0 < image.elf.load_alignment < need:
                # glibc up to 2.34 also wants p_align itself to be a multiple of the page size.
                targets = [
                    one for one in targets if one.libc == "glibc" and one.floor and one.floor < (2, 35)
                ]
                have = image.elf.load_alignment
            if targets and 0 < have < need:
                yield Problem(
                    f"{member.path} can be mapped with pages of at most {have // 1024} KiB, but some kernels have "
                    f"{need // 1024} KiB",
                    member.path,
                    None,
                    triples_of(targets),
                    {"have": f"{have:#x}", "need": f"{need:#x}"},
                    f"{member.name}: ELF load command address/offset not page-aligned",
                )


@rule(
    "WA527",
    "android-api-above-tag",
    Family.SYSTEM,
    Severity.ERROR,
    remedies=("android-level",),
    systems=("android",),
    needs=RUN_HEADERS,
    formats=(Format.ELF,),
    rests_on=(Fact.ANDROID_API,),
    breaks_promise=Severity.ERROR,
    grades=(NEWER_SYSTEM,),
)
def android_api_above_tag(wheel: Wheel) -> Iterator[Problem]:
    """A binary was built for a newer Android than the tag promises.

    What it does:
        Compares the API level in the file's Android note with the level in the tag. It is a warning for files that no
        import loads.

    Why it is bad:
        The compiler allowed functions that the promised Android lacks.

    Example:
        An extension with API level 24 in a wheel tagged `android_21_arm64_v8a`.

    How to fix:
        Set the API level of the toolchain (`ANDROID_API_LEVEL`, the number in the compiler's name) to the tag's.

    Known limits:
        A file without the note is not checked.

    References:
        PEP 738; Android NDK, `.note.android.ident`; docs/facts/loaders.md, "Android notes and API levels".
    """
    for member in wheel.members:
        if member.role not in RUN:
            continue
        for image in member.images:
            have = image.elf.android_api if image.elf else None
            failing = [
                target
                for target in targets_of(wheel, image, "android")
                if have is not None and target.floor is not None and have > target.floor[0]
            ]
            if failing and failing[0].floor is not None:
                need = failing[0].floor[0]
                yield Problem(
                    f"{member.path} is built for API level {have}, but the tag promises {need}",
                    member.path,
                    None,
                    triples_of(failing),
                    {"have": str(have), "need": str(need)},
                    'dlopen failed: cannot locate symbol "..."',
                    NEWER_SYSTEM.of(newer_system_kind(member, wheel), "android"),
                )
