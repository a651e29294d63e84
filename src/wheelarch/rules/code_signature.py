"""WA505, WA506: code signatures of Mach-O files.

macOS on Apple silicon only runs signed code. WA505 reports arm64 slices without a signature, WA506 signatures that are
not at the end of the file. The hashes in a signature are not checked.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..metadata.promise import triples_of
from ..model import Fact, Format, Kind, Machine, Severity
from ._floors import RUN, RUN_HEADERS, loadable_slices, targets_of
from .rule import Family, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts.wheel import Wheel


__all__ = ["misplaced_signature", "unsigned_arm64"]


@rule(
    "WA505",
    "unsigned-arm64",
    Family.SYSTEM,
    Severity.ERROR,
    remedies=("sign",),
    systems=("macos",),
    needs=RUN_HEADERS,
    formats=(Format.MACHO,),
    rests_on=(Fact.SIGNATURE,),
    breaks_promise=Severity.ERROR,
)
def unsigned_arm64(wheel: Wheel) -> Iterator[Problem]:
    """An arm64 slice for macOS has no code signature.

    What it does:
        Looks for arm64 slices of macOS libraries and programs without LC_CODE_SIGNATURE.

    Why it is bad:
        macOS on Apple silicon does not run unsigned arm64 code. An ad-hoc signature is enough, and the linker makes
        one. Tools that cut or edit the file may drop it.

    Example:
        An extension that was linked on Linux by a linker that does not sign, or that was changed by `strip`.

    How to fix:
        Sign the file after its last change: `codesign --force --sign - FILE`.

    Known limits:
        The rule does not check whether the signature is valid. Slices for iOS may be unsigned, because they are signed
        with the app. Object files and debug companions need no signature.

    References:
        cctools mach-o/loader.h (LC_CODE_SIGNATURE); docs/facts/signatures.md, "Who needs a signature", "What users
        see".
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
            or image.damaged
        ):
            continue
        program = image.kind is Kind.EXECUTABLE
        yield Problem(
            f"{slice_} is arm64 code without a code signature",
            member.path,
            name,
            triples_of(targets),
            {"have": "unsigned", "need": "ad-hoc signature"},
            "Killed: 9" if program else f"code signature in '{member.name}' not valid for use in process",
        )


@rule(
    "WA506",
    "misplaced-signature",
    Family.SYSTEM,
    Severity.WARNING,
    remedies=("sign",),
    needs=RUN_HEADERS,
    formats=(Format.MACHO,),
    breaks_promise=Severity.ERROR,
)
def misplaced_signature(wheel: Wheel) -> Iterator[Problem]:
    """A code signature is not at the end of the file.

    What it does:
        Checks that the code signature is inside its slice and ends where __LINKEDIT ends.

    Why it is bad:
        Something was appended or cut after signing (`install_name_tool`, `strip`), so the signature no longer matches
        the file. On Apple silicon, macOS kills the process when it reads such a page.

    Example:
        A library whose install name was changed after `codesign`.

    How to fix:
        Sign the file again after its last change: `codesign --force --sign - FILE`.

    Known limits:
        The hashes in the signature are not computed: a change that moves nothing is not found.

    References:
        cctools mach-o/loader.h (LC_CODE_SIGNATURE, linkedit_data_command); docs/facts/signatures.md, "What users see".
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
                triples_of(targets),
                {"offset": str(signature.offset), "size": str(signature.size)},
                "macOS kills the process when it reads a page that does not match the signature"
                if image.machine is Machine.ARM64
                else "",
            )
