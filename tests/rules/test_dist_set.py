"""WA601 to WA604 on plain values."""

import pytest

from support.values import elf, macho, member, pe, wheel
from wheelarch.facts.wheel import NativeFile, Sibling, Wheel
from wheelarch.facts.wheel_sets import summarize
from wheelarch.metadata.promise import read_promise
from wheelarch.model import Fault, Image, Machine, Member, Role, Severity
from wheelarch.rules import RULES as ALL_RULES
from wheelarch.rules.copied_binary import copied_binary
from wheelarch.rules.sdist import native_code_in_sdist
from wheelarch.rules.wheel_set import hole_in_set

ARM64, X86_64, X86 = Machine.ARM64, Machine.X86_64, Machine.X86
SHA = "A" * 43
PYD, SO = "pkg/_core.pyd", "pkg/_core.abi3.so"


def same(path: str, *images: object, **more: object) -> Member:
    """A member whose bytes are those that `holder` holds."""
    return member(path, *images, sha256=SHA, crc=7, **more)  # type: ignore[arg-type]  # images of any kind


def other(tag: str, *members: Member, ok: bool = True) -> Sibling:
    name = f"pkg-1.0-{tag}.whl"
    return summarize(name, read_promise(name).targets, members, ok)


def among(tag: str, *given: Member | Sibling) -> Wheel:
    """A wheel with these members, and these siblings beside it."""
    members = tuple(one for one in given if isinstance(one, Member))
    siblings = tuple(one for one in given if isinstance(one, Sibling))
    return wheel(f"pkg-1.0-{tag}.whl", *members)._replace(siblings=siblings)


def holder(tag: str, path: str = PYD) -> Sibling:
    return other(tag)._replace(files=(NativeFile(path, 4096, 7, SHA),))


def sdist(*members: Member, name: str = "pkg-1.0.tar.gz") -> Wheel:
    return wheel(name, *members)


HITS: dict[str, list[Wheel]] = {
    "WA601": [
        among("cp311-cp311-win_arm64", same(PYD, pe(X86_64)), holder("cp311-cp311-win_amd64")),
        among("cp311-cp311-win32", same(PYD, pe(X86_64)), holder("cp312-cp312-win_amd64", "pkg/_core2.pyd")),
        among(
            "cp311-abi3-macosx_11_0_arm64",
            same(SO, macho(X86_64)),
            holder("cp311-abi3-macosx_10_9_x86_64", SO),
        ),
        among(
            "cp311-abi3-macosx_11_0_universal2",
            same(SO, macho(X86_64)),
            holder("cp311-abi3-macosx_10_9_x86_64"),
        ),
        among(
            "cp311-abi3-manylinux_2_17_aarch64",
            same(SO, elf(X86_64)),
            holder("cp311-abi3-musllinux_1_2_armv7l"),
        ),
        among(
            "cp311-abi3-win_arm64",
            member(PYD, pe(ARM64)),
            same("pkg/dep.dll", pe(X86_64), role=Role.DEPENDENCY),
            holder("cp311-abi3-win_amd64", "pkg/dep.dll"),
        ),
        among(
            "py3-none-manylinux_2_17_aarch64",
            same("pkg-1.0.data/scripts/tool", elf(X86_64), role=Role.SCRIPT),
            holder("py3-none-manylinux_2_17_x86_64"),
        ),
        among(
            "py3-none-win_arm64",
            same("pkg/bin/tool.exe", pe(X86_64), role=Role.EXECUTABLE),
            holder("py3-none-win_amd64"),
        ),
    ],
    "WA602": [
        among("cp311-cp311-win_amd64", other("cp312-cp312-win_arm64")),
        among("cp311-cp311-win_amd64", other("cp312-cp312-win_amd64"), other("cp312-cp312-win32")),
        among("cp38-abi3-win_amd64", other("cp39-abi3-macosx_11_0_arm64")),
        among("cp313-cp313t-win_amd64", other("cp311-abi3-win_amd64"), other("cp311-abi3-win_arm64")),
        among("cp312-cp312-macosx_11_0_arm64", other("cp313-cp313-macosx_11_0_universal2")),
        among(
            "cp314-cp314-win_amd64",
            other("cp313-cp313-win_amd64"),
            other("cp313-cp313-ios_13_0_arm64_iphoneos"),
        ),
    ],
    "WA603": [
        among("cp312-cp312-macosx_10_13_universal2", other("cp312-cp312-macosx_11_0_arm64")),
        among("cp312-cp312-macosx_10_13_universal2", other("cp311-abi3-macosx_10_9_x86_64")),
        among("py3-none-macosx_10_13_universal2", other("py3-none-macosx_11_0_arm64")),
    ],
    "WA604": [
        sdist(member("pkg-1.0/src/pkg/_core.cpython-311-darwin.so", macho())),
        sdist(member("pkg-1.0/lib/x64/foo.dll", pe(), role=Role.LIBRARY), name="pkg-1.0.zip"),
        sdist(member("pkg-1.0/lib/libfoo.a", elf(), role=Role.SDK)),
        sdist(member("pkg-1.0/tests/data/hello", elf(), role=Role.TEST_DATA)),
        sdist(member("pkg-1.0/tool", role=Role.LIBRARY, faults=(Fault("truncated", 0, "e_phoff"),))),
    ],
}

CLEAN: dict[str, list[Wheel]] = {
    "WA601": [
        # a universal binary is right in all three wheels
        among(
            "cp311-abi3-macosx_11_0_arm64",
            same(SO, macho(ARM64), macho(X86_64)),
            holder("cp311-abi3-macosx_11_0_universal2", SO),
        ),
        among(
            "cp311-abi3-macosx_11_0_universal2",
            same(SO, macho(ARM64), macho(X86_64)),
            holder("cp311-abi3-macosx_11_0_arm64", SO),
        ),
        # the copy that is right says nothing; the sibling does
        among("cp311-cp311-win_amd64", same(PYD, pe(X86_64)), holder("cp311-cp311-win_arm64")),
        # thin copies of a library, one a slice
        among(
            "cp311-abi3-macosx_11_0_universal2",
            member(SO, macho(ARM64), macho(X86_64)),
            same("pkg/.dylibs/a/libgfortran.dylib", macho(X86_64), role=Role.DEPENDENCY),
            holder("cp311-abi3-macosx_10_9_x86_64"),
        ),
        # the same platform on two Pythons
        among("cp311-cp311-win_arm64", same(PYD, pe(X86_64)), holder("cp312-cp312-win_arm64")),
        # other bytes, unknown bytes, no sibling
        among(
            "cp311-cp311-win_arm64", member(PYD, pe(X86_64), sha256="B" * 43), holder("cp311-cp311-win_amd64")
        ),
        among(
            "cp311-cp311-win_arm64",
            member(PYD, pe(X86_64)),
            holder("cp311-cp311-win_amd64")._replace(files=(NativeFile(PYD, 4096, 7, None),)),
        ),
        among("cp311-cp311-win_arm64", same(PYD, pe(X86_64))),
        # shared on purpose
        *(
            among(
                "cp311-cp311-win_arm64",
                member(PYD, pe(ARM64)),
                same("pkg/attach_amd64.dll", pe(X86_64), role=role),
                holder("cp311-cp311-win_amd64", "pkg/attach_amd64.dll"),
            )
            for role in (
                Role.FAMILY,
                Role.SDK,
                Role.MANAGED,
                Role.DATA,
                Role.TEST_DATA,
                Role.DEBUG,
                Role.LIBRARY,
                Role.EXECUTABLE,
            )
        ),
        among(
            "cp311-cp311-win_amd64", same(PYD, pe(ARM64, variant="arm64x")), holder("cp311-cp311-win_arm64")
        ),
        among("cp311-cp311-win_arm64", same(PYD, pe(X86, clr_flags=1)), holder("cp311-cp311-win_amd64")),
        # the variant of a module that nobody there imports
        among(
            "cp311-cp311-win_arm64",
            member("pkg/_core.cp311-win_arm64.pyd", pe(ARM64)),
            same("pkg/_core.cp311-win_amd64.pyd", pe(X86_64)),
            holder("cp311-cp311-win_amd64"),
        ),
        among(
            "py3-none-any", same("pkg/tool.dll", pe(X86_64), role=Role.LIBRARY), holder("py3-none-win_amd64")
        ),
    ],
    "WA602": [
        among("cp311-cp311-win_amd64"),
        among("cp311-cp311-win_amd64", other("cp312-cp312-win_amd64")),
        among("cp39-abi3-win_amd64", other("cp39-abi3-win_arm64")),
        among("cp312-cp312-win_amd64", other("cp39-abi3-win_arm64"), other("cp39-abi3-win_amd64")),
        among("cp311-cp311-win_amd64", other("cp312-cp312-win_arm64"), other("py3-none-any")),
        among(
            "cp312-cp312-macosx_11_0_arm64",
            other("cp313-cp313-macosx_11_0_arm64"),
            other("cp312-cp312-macosx_10_9_x86_64"),
            other("cp313-cp313-macosx_10_9_universal2"),
        ),
        among(
            "cp312-cp312-manylinux_2_17_x86_64",
            other("cp313-cp313-manylinux2014_x86_64.manylinux_2_28_x86_64"),
        ),
        # nobody misses these
        among(
            "cp311-cp311-win_amd64",
            other("cp313-cp313-win_amd64"),
            other("cp313-cp313-ios_13_0_arm64_iphoneos"),
        ),
        among(
            "cp313-cp313-win_amd64",
            other("cp312-cp312-win_amd64"),
            other("cp312-cp312-pyodide_2024_0_wasm32"),
        ),
        among(
            "cp27-cp27mu-manylinux1_x86_64",
            other("cp311-cp311-win_amd64"),
            other("cp311-cp311-manylinux1_x86_64"),
        ),
        among("pp311-pypy311_pp73-win_amd64", other("cp311-cp311-win_arm64"), other("cp311-cp311-win_amd64")),
        # the first file of the row speaks
        among("cp311-cp311-win_arm64", other("cp311-cp311-win_amd64"), other("cp312-cp312-win32")),
        among("cp312-cp312-win_amd64", other("cp311-cp311-unheard_of")),
    ],
    "WA603": [
        among("cp312-cp312-macosx_11_0_arm64", other("cp312-cp312-macosx_10_13_universal2")),
        among("cp312-cp312-macosx_10_13_universal2", other("cp313-cp313-macosx_11_0_arm64")),
        among("cp312-cp312-macosx_10_13_universal2", other("cp312-cp312-win_arm64")),
        among(
            "cp312-cp312-macosx_10_13_universal2",
            other("cp311-cp311-macosx_10_13_x86_64.macosx_11_0_arm64.macosx_10_13_universal2"),
        ),
        among("cp312-cp312-macosx_10_13_universal2"),
    ],
    "WA604": [
        sdist(),
        sdist(member("pkg-1.0/data.dll", role=Role.LIBRARY, head=b"version https://git-lfs")),
        wheel("pkg-1.0-cp311-cp311-win_amd64.whl", member(PYD, pe())),
    ],
}


@pytest.mark.parametrize(("code", "subject"), [(code, one) for code, many in HITS.items() for one in many])
def test_hits(code: str, subject: Wheel) -> None:
    """What a rule is there for is found, once a wheel or file."""
    (rule,) = (one for one in ALL_RULES if getattr(one, "code", "") == code)
    assert len(list(rule.check(subject))) == 1


@pytest.mark.parametrize(("code", "subject"), [(code, one) for code, many in CLEAN.items() for one in many])
def test_clean(code: str, subject: Wheel) -> None:
    """What is meant, right, or not known raises nothing."""
    (rule,) = (one for one in ALL_RULES if getattr(one, "code", "") == code)
    assert list(rule.check(subject)) == []


def test_a_copy_names_its_twins() -> None:
    """The finding says which wheels hold the same bytes, and what they are."""
    subject = among(
        "cp311-cp311-win_arm64",
        same(PYD, pe(X86_64)),
        holder("cp311-cp311-win_amd64"),
        holder("cp310-cp310-win_amd64"),
    )
    (problem,) = copied_binary.check(subject)
    assert problem.member == PYD
    assert (
        problem.evidence["same as"] == "pkg-1.0-cp310-cp310-win_amd64.whl, pkg-1.0-cp311-cp311-win_amd64.whl"
    )
    assert (problem.evidence["have"], problem.evidence["need"]) == ("x86_64", "arm64")
    assert problem.evidence["sha256"] == SHA
    assert problem.severity is None


@pytest.mark.parametrize(
    ("tag", "image", "remedies"),
    [
        ("cp313-cp313-win_arm64", pe(X86_64), ("R9",)),
        ("cp313-cp313-mingw_aarch64", pe(X86_64), ("R9",)),
        ("cp313-cp313-macosx_11_0_arm64", macho(X86_64), ("R6",)),
        ("cp313-cp313-manylinux_2_17_aarch64", elf(X86_64), ("R7",)),
        ("cp313-cp313-ios_13_0_arm64_iphoneos", macho(X86_64), ("R34",)),
        ("cp313-cp313-android_24_arm64_v8a", elf(X86_64), ("R35",)),
    ],
)
def test_a_copy_is_mended_by_its_own_system(tag: str, image: Image, remedies: tuple[str, ...]) -> None:
    """Nobody is told what to set on another system."""
    subject = among(tag, same("pkg/_core.so", image), holder("cp312-cp312-win_amd64"))
    (problem,) = copied_binary.check(subject)
    assert problem.remedies == remedies
    assert set(remedies) < set(copied_binary.remedies)


def test_a_program_that_may_be_emulated_is_a_warning() -> None:
    """Windows and macOS run some programs of other machines; Linux does not."""
    severities = [next(iter(copied_binary.check(subject))).severity for subject in HITS["WA601"][-2:]]
    assert severities == [None, Severity.WARNING]


def test_pythons_with_the_same_hole_share_a_note() -> None:
    """A wheel for abi3 and abi3t makes one note, not two."""
    subject = among(
        "cp315-abi3.abi3t-win_amd64", other("cp315-abi3.abi3t-win_arm64"), other("cp314-cp314-win32")
    )
    (problem,) = hole_in_set.check(subject)
    assert problem.evidence == {"python": "cp315, cp315t", "missing": "win32"}


def test_test_data_in_an_sdist_is_a_note() -> None:
    """Binaries for tests and launchers for every machine are there on purpose."""
    members = [
        member("pkg-1.0/tests/lib.so", elf()),
        member("pkg-1.0/cli-64.exe", pe(), role=Role.FAMILY),
        member("pkg-1.0/src/lib.so", elf()),
    ]
    severities = [problem.severity for problem in native_code_in_sdist.check(sdist(*members))]
    assert severities == [Severity.NOTE, Severity.NOTE, None]
