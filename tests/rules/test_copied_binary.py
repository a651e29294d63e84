"""WA601 on plain values."""

import pytest

from support.rule_cases import check_hit
from support.rules import each, problems, severities
from support.values import elf, macho, member, pe
from support.wheel_sets import among, sibling
from wheelarch.facts.wheel import NativeFile, Sibling, Wheel
from wheelarch.facts.wheel_sets import payload
from wheelarch.model import Image, Machine, Member, Role, Severity
from wheelarch.rules import find
from wheelarch.rules.remedies import systems_of_tags

ARM64, X86_64, X86 = Machine.ARM64, Machine.X86_64, Machine.X86
SHA = "A" * 43
PYD, SO = "pkg/_core.pyd", "pkg/_core.abi3.so"


def same(path: str, *images: Image, role: Role = Role.EXTENSION) -> Member:
    """A member with the same bytes as the file of `holder`."""
    return member(path, *images, role=role, sha256=SHA, crc=7)


def holder(tag: str, path: str = PYD) -> Sibling:
    """A sibling with one native file."""
    return sibling(tag)._replace(files=(NativeFile(path, 4096, 7, SHA),))


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
        # the copy that is right has no finding; its sibling has
        among("cp311-cp311-win_amd64", same(PYD, pe(X86_64)), holder("cp311-cp311-win_arm64")),
        # thin copies of a library, one per slice
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
        # a variant of the module that nobody imports there
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
}


@each(HITS)
def test_hits(code: str, subject: Wheel) -> None:
    """A copied file is reported once."""
    check_hit(code, subject)
    assert len(problems(code, subject)) == 1


def test_a_copy_names_its_twins() -> None:
    """The finding says which wheels contain the same bytes, and what the file is."""
    subject = among(
        "cp311-cp311-win_arm64",
        same(PYD, pe(X86_64)),
        holder("cp311-cp311-win_amd64"),
        holder("cp310-cp310-win_amd64"),
    )
    (problem,) = problems("WA601", subject)
    assert problem.member == PYD
    first, second = "pkg-1.0-cp310-cp310-win_amd64.whl", "pkg-1.0-cp311-cp311-win_amd64.whl"
    assert problem.message == f"{PYD} is x86_64, and identical to the file in {first} and 1 more"
    assert problem.evidence == {
        "have": "x86_64",
        "need": "arm64",
        "same as": f"{first}, {second}",
        "sha256": SHA,
    }
    assert problem.severity is None


def test_one_twin_is_named_alone() -> None:
    """A single twin is not counted."""
    (problem,) = problems("WA601", HITS["WA601"][0])
    assert problem.message.endswith("identical to the file in pkg-1.0-cp311-cp311-win_amd64.whl")


def test_the_files_that_are_compared_are_read() -> None:
    """The rule asks for the headers of every role that it compares."""
    compared = payload(member(role, role=role) for role in Role)
    assert set(find("WA601").needs) == {file.path for file in compared}


@pytest.mark.parametrize(
    ("tag", "image", "system"),
    [
        ("cp313-cp313-win_arm64", pe(X86_64), "windows"),
        ("cp313-cp313-mingw_aarch64", pe(X86_64), "mingw"),
        ("cp313-cp313-macosx_11_0_arm64", macho(X86_64), "macos"),
        ("cp313-cp313-manylinux_2_17_aarch64", elf(X86_64), "linux"),
        ("cp313-cp313-ios_13_0_arm64_iphoneos", macho(X86_64), "ios"),
        ("cp313-cp313-android_24_arm64_v8a", elf(X86_64), "android"),
    ],
)
def test_a_copy_is_fixed_on_its_own_system(tag: str, image: Image, system: str) -> None:
    """The tags of the finding name one system, so the remedy is the one for that system."""
    (problem,) = problems("WA601", among(tag, same("pkg/_core.so", image), holder("cp312-cp312-win_amd64")))
    assert systems_of_tags(problem.tags) == (system,)


@pytest.mark.parametrize("role", [Role.SCRIPT, Role.EXECUTABLE])
@pytest.mark.parametrize(
    ("platform", "other", "image", "severity"),
    [
        ("win_arm64", "win_amd64", pe(X86_64), Severity.WARNING),
        ("macosx_11_0_arm64", "macosx_10_9_x86_64", macho(X86_64), Severity.WARNING),
        ("manylinux_2_17_aarch64", "manylinux_2_17_x86_64", elf(X86_64), Severity.ERROR),
    ],
)
def test_a_program_that_may_be_emulated_is_a_warning(
    role: Role, platform: str, other: str, image: Image, severity: Severity
) -> None:
    """Windows and macOS run some programs of other machines; Linux does not."""
    subject = among(f"py3-none-{platform}", same("pkg/tool", image, role=role), holder(f"py3-none-{other}"))
    assert severities("WA601", subject) == [severity]


@pytest.mark.parametrize(
    ("platform", "other", "image"),
    [
        ("win_arm64", "win_amd64", pe(X86_64)),
        ("macosx_11_0_arm64", "macosx_10_9_x86_64", macho(X86_64)),
        ("manylinux_2_17_aarch64", "manylinux_2_17_x86_64", elf(X86_64)),
    ],
)
@pytest.mark.parametrize("role", [Role.EXTENSION, Role.DEPENDENCY, Role.LIBRARY])
def test_a_copied_library_is_an_error(role: Role, platform: str, other: str, image: Image) -> None:
    """No system loads a library of another machine into a process."""
    subject = among(f"py3-none-{platform}", same("pkg/lib", image, role=role), holder(f"py3-none-{other}"))
    assert severities("WA601", subject) == [Severity.ERROR]
