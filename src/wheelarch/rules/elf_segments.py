"""WA525 to WA527: executable stacks, page alignment, and the Android API level.

All three are in the program headers and the notes of an ELF file.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..metadata.promise import triples_of
from ..model import Depth, Fact, Format, Severity
from ._floors import LIBRARIES_AND_MODULES, RUN, RUN_HEADERS, severity_by_role, targets_of
from .rule import Family, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts.wheel import Wheel


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
        Looks for PT_GNU_STACK with the flag PF_X in extension modules and libraries.

    Why it is bad:
        glibc 2.41 and later do not make the stack executable when a library is loaded, and refuse the library. Hardened
        kernels also refuse it.

    Example:
        A library with hand-written assembly that lacks the `.note.GNU-stack` section.

    How to fix:
        Link with `-Wl,-z,noexecstack`, or add the section to each assembly file.

    Known limits:
        Programs are not checked, because the kernel sets up their stack. A file without PT_GNU_STACK is not checked.

    References:
        glibc NEWS, 2.41 (dlopen and executable stacks); docs/facts/loaders.md, "Executable stacks".
    """
    for member in wheel.members:
        if member.role not in LIBRARIES_AND_MODULES:
            continue
        for image in member.images:
            targets = targets_of(wheel, image, "linux", "android")
            if targets and image.elf is not None and image.elf.executable_stack:
                yield Problem(
                    f"{member.path} requires an executable stack",
                    member.path,
                    None,
                    triples_of(targets),
                    {"have": "PT_GNU_STACK RWE", "need": "PT_GNU_STACK RW"},
                    f"{member.name}: cannot enable executable stack as shared object requires: Invalid argument",
                )


_ANDROID_PAGE = 0x4000


@rule(
    "WA526",
    "small-page-alignment",
    Family.SYSTEM,
    Severity.WARNING,
    remedies=("align-pages",),
    systems=("android",),
    needs=RUN_HEADERS,
    formats=(Format.ELF,),
    breaks_promise=Severity.ERROR,
)
def small_page_alignment(wheel: Wheel) -> Iterator[Problem]:
    """A 64-bit binary for Android is not aligned to pages of 16 KiB.

    What it does:
        Compares the smallest alignment of the segments (PT_LOAD) of 64-bit files in Android wheels with 16 KiB.

    Why it is bad:
        Devices with pages of 16 KiB cannot map the file.

    Example:
        An extension linked by an NDK before r28 without further options: its segments are aligned to 4 KiB.

    How to fix:
        Link with `-Wl,-z,max-page-size=16384`.

    Known limits:
        Files for 32-bit machines are not checked, because no device with such pages runs them.

    References:
        Android developers, Support 16 KB page sizes; docs/facts/loaders.md, "Page sizes and segment alignment".
    """
    for member in wheel.members:
        if member.role not in RUN:
            continue
        for image in member.images:
            targets = targets_of(wheel, image, "android")
            alignment = image.elf.load_alignment if image.elf else 0
            if targets and image.bits == 64 and 0 < alignment < _ANDROID_PAGE:
                yield Problem(
                    f"{member.path} is aligned to {alignment // 1024} KiB, but new devices need 16 KiB",
                    member.path,
                    None,
                    triples_of(targets),
                    {"have": f"{alignment:#x}", "need": f"{_ANDROID_PAGE:#x}"},
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
                    severity_by_role(member, wheel),
                )
