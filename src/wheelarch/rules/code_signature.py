"""WA505, WA506: code signatures of Mach-O files."""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..model import Format, Kind, Machine, Severity
from ._floors import RUN, RUN_HEADERS, loadable_slices, targets_of
from .rule import Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts.wheel import Wheel


__all__ = ["misplaced_signature", "unsigned_arm64"]


@rule("WA505", "unsigned-arm64", Severity.ERROR, ("R21",), needs=RUN_HEADERS, formats=(Format.MACHO,))
def unsigned_arm64(wheel: Wheel) -> Iterator[Problem]:
    """An arm64 slice for macOS carries no code signature.

    What it does:
        Looks for arm64 slices of macOS libraries and programs without LC_CODE_SIGNATURE.

    Why it is bad:
        macOS on Apple silicon runs no unsigned arm64 code. An ad-hoc signature, which the linker makes by
        itself, is enough; tools that cut or edit the file may drop it.

    Example:
        An extension that was linked on Linux by a linker that does not sign, or one that `strip` was run on.

    How to fix:
        Sign the file after its last change: `codesign --force --sign - FILE`.

    Known limits:
        Whether the signature is valid is not checked. Slices for iOS may be unsigned: they are signed with
        the app. Object files and debug companions need no signature.

    References:
        cctools mach-o/loader.h (LC_CODE_SIGNATURE); the messages of dyld and of the kernel.
    """
    for slice_ in loadable_slices(wheel, RUN):
        member, image, name = slice_
        targets = targets_of(wheel, image, "macos")
        if (
            not targets
            or image.macho is None
            or image.machine is not Machine.ARM64
            or image.macho.signature is not None
            or image.macho.platform not in ("macos", "")
            or image.faults
        ):
            continue
        consequence = f"code signature in '{member.name}' not valid for use in process"
        yield Problem(
            f"{slice_} is arm64 code without a code signature",
            member.path,
            name,
            tuple(target.triple for target in targets),
            {"have": "unsigned", "need": "ad-hoc signature"},
            "Killed: 9" if image.kind is Kind.EXECUTABLE else consequence,
        )


@rule("WA506", "misplaced-signature", Severity.WARNING, ("R21",), needs=RUN_HEADERS, formats=(Format.MACHO,))
def misplaced_signature(wheel: Wheel) -> Iterator[Problem]:
    """A code signature does not lie where the file ends.

    What it does:
        Checks that the code signature lies inside its slice and ends where __LINKEDIT ends.

    Why it is bad:
        Something was appended or cut after signing (`install_name_tool`, `strip`), so the signature no
        longer covers what it was made for. On Apple silicon the process is killed when it touches such a
        page.

    Example:
        A library whose install name was changed after `codesign`.

    How to fix:
        Sign the file again, after its last change: `codesign --force --sign - FILE`.

    Known limits:
        The hashes in the signature are not computed: an edit that moves nothing is not seen.

    References:
        cctools mach-o/loader.h (LC_CODE_SIGNATURE, linkedit_data_command).
    """
    for slice_ in loadable_slices(wheel, RUN):
        member, image, name = slice_
        targets = targets_of(wheel, image, "macos", "ios")
        signature = image.macho.signature if image.macho else None
        if targets and signature is not None and not signature.in_place:
            yield Problem(
                f"the code signature of {slice_} does not end where __LINKEDIT ends: "
                "the file was changed after signing",
                member.path,
                name,
                tuple(target.triple for target in targets),
                {"offset": str(signature.offset), "size": str(signature.size)},
                "CODESIGNING, Code 2 Invalid Page" if image.machine is Machine.ARM64 else "",
            )
