"""WA505, WA506, WA532: code signatures of Mach-O files.

macOS on Apple silicon only runs signed code. WA505 reports arm64 slices without a signature, WA532 signatures that are
not those of the file, WA506 signatures that are not at the end of the file.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..metadata.promise import triples_of
from ..model import Depth, Fact, Format, Kind, Machine, Severity
from ._floors import RUN, RUN_HEADERS, loadable_slices, targets_of
from .rule import Family, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts.wheel import Wheel
    from ..model import Image


__all__ = ["misplaced_signature", "unsigned_arm64", "wrong_signature"]


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
        Whether the signature is valid is WA532. Slices for iOS may be unsigned, because they are signed with the app.
        Object files and debug companions need no signature.

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
        Checks that the code signature is inside its slice and ends where __LINKEDIT ends. If the kernel refuses the
        signature, only WA532 says so.

    Why it is bad:
        Something was appended or cut after signing (`install_name_tool`, `strip`), so the signature no longer matches
        the file. On Apple silicon, macOS kills the process when it reads such a page.

    Example:
        A library whose install name was changed after `codesign`.

    How to fix:
        Sign the file again after its last change: `codesign --force --sign - FILE`.

    Known limits:
        A change that moves nothing is WA532.

    References:
        cctools mach-o/loader.h (LC_CODE_SIGNATURE, linkedit_data_command); docs/facts/signatures.md, "What users see".
    """
    for slice_ in loadable_slices(wheel, RUN):
        member, image, name = slice_
        targets = targets_of(wheel, image, "macos", "ios")
        signature = image.macho.signature if image.macho else None
        if targets and signature is not None and not signature.in_place and not _refused(image):
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


def _refused(image: Image) -> bool:
    """Whether macOS refuses the signature of a slice, or kills the process that uses the file."""
    signature = image.macho.signature if image.macho else None
    if signature is None or signature.state in ("unchecked", "valid"):
        return False
    if image.machine is Machine.ARM64:
        return True
    # Of Intel code, dyld ignores the signature if the SDK is older.
    sdk = (
        max((build.sdk for build in image.macho.build_versions), default=(0, 0, 0))
        if image.macho
        else (0, 0, 0)
    )
    return signature.state != "page" and sdk >= (10, 9, 0)


@rule(
    "WA532",
    "wrong-signature",
    Family.SYSTEM,
    Severity.ERROR,
    remedies=("sign",),
    systems=("macos",),
    needs=dict.fromkeys(RUN, Depth.WHOLE),
    formats=(Format.MACHO,),
    breaks_promise=Severity.ERROR,
)
def wrong_signature(wheel: Wheel) -> Iterator[Problem]:
    """A code signature does not match its file.

    What it does:
        Checks the code signature of each slice for macOS as the kernel does: its structure, that it covers all bytes
        before it, and the hash of every page. For Intel code, a wrong hash is a note, because only hardened processes
        stop; a wrong structure or coverage is an error there too, unless the file was linked with an SDK before 10.9,
        whose signatures dyld ignores.

    Why it is bad:
        The file was changed after it was signed. On Apple silicon, macOS kills the process when it reads a page with
        another hash; that is the first page if the header was changed. dyld refuses a file whose signature is damaged
        or does not reach its end.

    Example:
        cbcbox-2.935-py3-none-macosx_15_0_arm64.whl: `libgcc_s.1.1.dylib` was edited after it was signed.

    How to fix:
        Sign the file again after its last change: `codesign --force --sign - FILE`. `install_name_tool` and `strip` do
        so by themselves only for signatures that the linker made.

    Known limits:
        Signatures for iOS are not checked, because the app is signed again; nor are those with a scatter table. The
        hashes of Info.plist and entitlements play no part when a library is loaded.

    References:
        XNU bsd/kern/ubc_subr.c (cs_validate_csblob) and osfmk/vm/vm_fault.c; dyld dyld/DyldDelegates.cpp and
        mach_o/UnsafeHeader.cpp; docs/facts/signatures.md, "What dyld and the kernel check", "Page hashes".
    """
    for slice_ in loadable_slices(wheel, RUN):
        member, image, name = slice_
        targets = targets_of(wheel, image, "macos")
        signature = image.macho.signature if image.macho else None
        if not targets or signature is None or signature.state in ("unchecked", "valid") or image.damaged:
            continue
        refused = _refused(image)
        if not refused and signature.state != "page":
            continue
        if signature.state == "page":
            what, seen = "does not match the file", "Killed: 9 (crash report: Code Signature Invalid)"
        elif signature.state == "coverage":
            what, seen = (
                "does not cover the file",
                "code signature does not cover entire file up to signature",
            )
        else:
            what, seen = "is damaged", f"code signature invalid in '{member.name}'"
        yield Problem(
            f"the code signature of {slice_} {what}: {signature.detail}",
            member.path,
            name,
            triples_of(targets),
            {"have": signature.state, "need": "a signature made after the last change"},
            seen if refused else "",
            None if refused else Severity.NOTE,
        )
