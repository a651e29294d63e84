"""Tags that match the contents: what would be true, reported only if it leaves no broken promise."""

import importlib.util
import io
import os
import shlex
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import wheelarch
from support.cache import cache_folder
from support.images import TESTDATA, image
from support.values import elf, macho, member, pe, wheel
from support.wheels import build_wheel
from wheelarch.facts.python_linkage import python_linkage
from wheelarch.facts.wheel import Wheel
from wheelarch.judging.matching_tags import propose
from wheelarch.metadata.promise import read_promise
from wheelarch.model import Depth, Image, Kind, Machine, Member, Role, Severity, StableAbi, VersionNeed
from wheelarch.report import as_text

ARM64, X86_64, X86, ARM = Machine.ARM64, Machine.X86_64, Machine.X86, Machine.ARM
HOOKS = ("PyInit__core",)


def extension(
    path: str, *images: Image, floor: tuple[int, int] | None = None, outside: tuple[str, ...] = ()
) -> Member:
    found = member(path, *images)
    linkage = python_linkage(found)
    stable_abi = StableAbi(floor, outside) if floor else None
    return found._replace(python=linkage._replace(stable_abi=stable_abi))


def library(path: str, *images: Image) -> Member:
    return member(path, *images, role=Role.LIBRARY)


def needs(*versions: str, **more: object) -> tuple[VersionNeed, ...]:
    return tuple(VersionNeed("libc.so.6", version, bool(more.get("weak"))) for version in versions)


def cxx(version: str) -> VersionNeed:
    return VersionNeed("libstdc++.so.6", version, weak=False)


def tagged(tag: str, *members: Member) -> Wheel:
    return wheel(f"pkg-1.0-{tag}.whl", *members)


PYD, SO = "pkg/_core.pyd", "pkg/_core.abi3.so"
GLIBC = "libc.so.6"
PROPOSALS = {
    # machine
    "a copied job": (
        tagged("cp311-abi3-win_amd64", extension(PYD, pe(ARM64, "python3.dll"))),
        ["cp311-abi3-win_arm64"],
    ),
    "ARM64X": (
        tagged("cp311-abi3-win_amd64", extension(PYD, pe(ARM64, "python3.dll", variant="arm64x"))),
        ["cp311-abi3-win_arm64"],
    ),
    "ARM64EC serves nobody": (
        tagged("cp311-abi3-win_amd64", extension(PYD, pe(X86_64, "python3.dll", variant="arm64ec"))),
        [],
    ),
    "x86": (tagged("cp311-abi3-win_amd64", extension(PYD, pe(X86, "python3.dll"))), ["cp311-abi3-win32"]),
    "a host's Linux": (
        tagged(
            "cp311-abi3-manylinux_2_28_aarch64",
            extension(SO, elf(X86_64, GLIBC, version_needs=needs("GLIBC_2.17"))),
        ),
        ["cp311-abi3-manylinux_2_28_x86_64"],
    ),
    "bare Linux": (
        tagged("cp311-abi3-linux_aarch64", extension(SO, elf(X86_64, GLIBC))),
        ["cp311-abi3-linux_x86_64"],
    ),
    "no libc, no family": (
        tagged("py3-none-any", library("pkg/lib.so", elf(ARM))),
        ["py3-none-linux_armv7l"],
    ),
    "soft float": (
        tagged("cp311-abi3-linux_aarch64", extension(SO, elf(ARM, GLIBC, variant="soft-float"))),
        [],
    ),
    "a product": (
        tagged(
            "py3-none-manylinux_2_17_aarch64", member("pkg-1.0.data/scripts/x", elf(X86_64), role=Role.SCRIPT)
        ),
        ["py3-none-manylinux_2_17_x86_64"],
    ),
    # slices
    "one slice": (
        tagged(
            "cp312-cp312-macosx_11_0_universal2", extension("pkg/_core.cpython-312-darwin.so", macho(ARM64))
        ),
        ["cp312-cp312-macosx_11_0_arm64"],
    ),
    "a thin library": (
        tagged(
            "cp311-abi3-macosx_10_9_universal2",
            extension(SO, macho(ARM64), macho(X86_64, (10, 9, 0))),
            member("pkg/.dylibs/a.dylib", macho(X86_64, (10, 12, 0)), role=Role.DEPENDENCY),
        ),
        ["cp311-abi3-macosx_10_12_universal2", "cp311-abi3-macosx_10_12_x86_64"],
    ),
    "files that disagree": (
        tagged(
            "cp311-abi3-macosx_11_0_universal2",
            extension(SO, macho(ARM64)),
            extension("pkg/b.abi3.so", macho(X86_64)),
        ),
        [],
    ),
    "two systems": (tagged("cp311-abi3-win_amd64", extension(PYD, pe()), extension("pkg/b.so", elf())), []),
    # systems
    "minos": (
        tagged("cp311-abi3-macosx_11_0_arm64", extension(SO, macho(ARM64, (14, 2, 0)))),
        ["cp311-abi3-macosx_14_0_arm64"],
    ),
    "10.16 is 11": (
        tagged("cp311-abi3-macosx_10_9_x86_64", extension(SO, macho(X86_64, (10, 16, 0)))),
        ["cp311-abi3-macosx_11_0_x86_64"],
    ),
    "a tag is never lowered": (
        tagged("cp311-abi3-macosx_12_0_universal2", extension(SO, macho(X86_64, (10, 9, 0)))),
        ["cp311-abi3-macosx_12_0_x86_64"],
    ),
    "the minos of arm64 does not raise x86_64": (
        tagged(
            "cp311-abi3-macosx_10_9_universal2",
            extension(SO, macho(ARM64, (11, 0, 0)), macho(X86_64, (10, 13, 0))),
        ),
        ["cp311-abi3-macosx_10_13_universal2"],
    ),
    "macOS 16 never was": (
        tagged("cp311-abi3-macosx_11_0_arm64", extension(SO, macho(ARM64, (16, 0, 0)))),
        [],
    ),
    "a dead macOS tag": (
        tagged("cp311-abi3-macosx_10_9_arm64", extension(SO, macho(ARM64))),
        ["cp311-abi3-macosx_11_0_arm64"],
    ),
    "the iPhone": (
        tagged("cp313-cp313-macosx_11_0_arm64", extension("pkg/_core.so", macho(ARM64, (13, 0, 0), "ios"))),
        ["cp313-cp313-ios_13_0_arm64_iphoneos"],
    ),
    "its simulator": (
        tagged(
            "cp313-cp313-ios_13_0_arm64_iphoneos",
            extension("pkg/_core.so", macho(ARM64, (14, 0, 0), "ios-simulator")),
        ),
        ["cp313-cp313-ios_13_0_arm64_iphonesimulator"],
    ),
    "an iOS too new": (
        tagged(
            "cp313-cp313-ios_13_0_arm64_iphoneos", extension("pkg/_core.so", macho(ARM64, (15, 1, 0), "ios"))
        ),
        ["cp313-cp313-ios_15_1_arm64_iphoneos"],
    ),
    "glibc": (
        tagged(
            "cp311-abi3-manylinux2014_x86_64",
            extension(SO, elf(X86_64, GLIBC, version_needs=needs("GLIBC_2.4", "GLIBC_2.34", "GLIBC_2.17"))),
        ),
        ["cp311-abi3-manylinux_2_34_x86_64"],
    ),
    "a weak need": (
        tagged(
            "cp311-abi3-manylinux2014_x86_64",
            extension(SO, elf(X86_64, GLIBC, version_needs=needs("GLIBC_2.34", weak=True))),
        ),
        # A symbol that may be missing is a warning, so the second proposal leaves none.
        ["cp311-abi3-manylinux_2_17_x86_64", "cp311-abi3-manylinux_2_34_x86_64"],
    ),
    "libstdc++": (
        tagged(
            "cp311-abi3-manylinux2014_x86_64",
            extension(SO, elf(X86_64, GLIBC, version_needs=(*needs("GLIBC_2.29"), cxx("GLIBCXX_3.4.26")))),
        ),
        ["cp311-abi3-manylinux_2_31_x86_64"],
    ),
    "libstdc++ newer than all policies": (
        tagged(
            "cp311-abi3-manylinux2014_x86_64",
            extension(SO, elf(X86_64, GLIBC, version_needs=(cxx("GLIBCXX_3.4.99"),))),
        ),
        [],
    ),
    "libstdc++ in the wheel": (
        tagged(
            "cp311-abi3-manylinux2014_aarch64",
            extension(
                SO,
                elf(X86_64, "libstdc++.so.6", version_needs=(cxx("GLIBCXX_3.4.30"),), runpath=("$ORIGIN",)),
            ),
            member("pkg/libstdc++.so.6", elf(X86_64, GLIBC), role=Role.DEPENDENCY),
        ),
        ["cp311-abi3-manylinux_2_17_x86_64"],
    ),
    "a program that needs more": (
        tagged(
            "cp311-abi3-manylinux2014_x86_64",
            extension(SO, elf(X86_64, GLIBC, version_needs=needs("GLIBC_2.17"))),
            member("pkg/tool", elf(X86_64, GLIBC, version_needs=needs("GLIBC_2.34")), role=Role.EXECUTABLE),
        ),
        ["cp311-abi3-manylinux_2_34_x86_64"],
    ),
    "a library that newer systems have": (
        tagged("cp311-abi3-manylinux2014_aarch64", extension(SO, elf(X86_64, GLIBC, "libmvec.so.1"))),
        ["cp311-abi3-manylinux_2_24_x86_64"],
    ),
    "a static program": (
        tagged("py3-none-any", member("pkg/tool", elf(X86_64, kind=Kind.EXECUTABLE), role=Role.EXECUTABLE)),
        ["py3-none-manylinux_2_5_x86_64.musllinux_1_2_x86_64", "py3-none-linux_x86_64"],
    ),
    "DT_RELR": (
        tagged(
            "cp311-abi3-manylinux2014_x86_64",
            extension(SO, elf(X86_64, GLIBC, version_needs=needs("GLIBC_ABI_DT_RELR"))),
        ),
        ["cp311-abi3-manylinux_2_36_x86_64"],
    ),
    "a private need": (
        tagged(
            "cp311-abi3-manylinux2014_aarch64",
            extension(SO, elf(X86_64, GLIBC, version_needs=needs("GLIBC_PRIVATE"))),
        ),
        [],
    ),
    "glibc on other machines": (
        tagged(
            "cp311-abi3-musllinux_1_2_aarch64",
            extension(SO, elf(ARM64, GLIBC, version_needs=needs("GLIBC_2.4"))),
        ),
        ["cp311-abi3-manylinux_2_17_aarch64"],
    ),
    "musl": (
        tagged("cp311-abi3-manylinux2014_x86_64", extension(SO, elf(X86_64, "libc.musl-x86_64.so.1"))),
        ["cp311-abi3-musllinux_1_2_x86_64"],
    ),
    "Android": (
        tagged("cp313-cp313-linux_aarch64", extension("pkg/_core.so", elf(ARM64, android_api=24))),
        ["cp313-cp313-android_24_arm64_v8a"],
    ),
    # Python
    "one Python only": (
        tagged("cp39-abi3-win_amd64", extension(PYD, pe(X86_64, "python311.dll"))),
        ["cp311-cp311-win_amd64"],
    ),
    "another Python": (
        tagged("cp310-cp310-win_amd64", extension(PYD, pe(X86_64, "python311.dll"))),
        ["cp311-cp311-win_amd64"],
    ),
    "free-threaded": (
        tagged("cp313-cp313-win_amd64", extension(PYD, pe(X86_64, "python313t.dll"))),
        ["cp313-cp313t-win_amd64"],
    ),
    "not free-threaded": (
        tagged("cp313-cp313t-win_amd64", extension(PYD, pe(X86_64, "python313.dll"))),
        ["cp313-cp313-win_amd64"],
    ),
    "abi3 in a free-threaded wheel": (
        tagged("cp313-cp313t-win_amd64", extension(PYD, pe(X86_64, "python3.dll"))),
        ["cp313-cp313-win_amd64"],
    ),
    "named by the suffix": (
        tagged("py3-none-win_amd64", extension("pkg/_core.cp311-win_amd64.pyd", pe(X86_64))),
        ["cp311-cp311-win_amd64"],
    ),
    "two Pythons": (
        tagged(
            "cp311-abi3-win_amd64",
            extension("pkg/a.cp311-win_amd64.pyd", pe()),
            extension("pkg/b.cp312-win_amd64.pyd", pe()),
        ),
        ["cp311-abi3-win_amd64"],
    ),
    "abi3t": (
        tagged("cp311-abi3-win_amd64", extension(PYD, pe(X86_64, "python3t.dll"))),
        ["cp315-abi3.abi3t-win_amd64"],
    ),
    "abi3t is left alone": (
        tagged("cp315-abi3t-win_amd64", extension(PYD, pe(X86_64, "python3t.dll"))),
        ["cp315-abi3t-win_amd64"],
    ),
    "one DLL for both stable ABIs": (
        tagged("cp315-abi3.abi3t-win_amd64", extension(PYD, pe(X86_64, "python3.dll"), floor=(3, 5))),
        ["cp315-abi3-win_amd64"],
    ),
    "the other stable ABI": (
        tagged("cp315-abi3t-win_amd64", extension(PYD, pe(X86_64, "python3.dll"))),
        ["cp315-abi3-win_amd64"],
    ),
    "a suffix that free-threaded Pythons pass over": (
        tagged("cp315-abi3.abi3t-manylinux_2_17_x86_64", extension(SO, elf(X86_64, GLIBC))),
        ["cp315-abi3-manylinux_2_17_x86_64"],
    ),
    "abi3 of any Python 3": (
        tagged("py3-abi3-win_amd64", extension(PYD, pe(X86_64, "python3.dll"), floor=(3, 8))),
        ["cp38-abi3-win_amd64"],
    ),
    "abi3 of any CPython 3": (
        tagged("cp3-abi3-manylinux_2_17_x86_64", extension(SO, elf(X86_64, GLIBC), floor=(3, 8))),
        ["cp38-abi3-manylinux_2_17_x86_64"],
    ),
    "abi3 of any Python from one on": (
        tagged("py39-abi3-win_amd64", extension(PYD, pe(X86_64, "python3.dll"), floor=(3, 8))),
        ["cp39-abi3-win_amd64"],
    ),
    "abi3 of any Python, and of unknown age": (
        tagged("py3-abi3-win_amd64", extension(PYD, pe(X86_64, "python3.dll"))),
        [],
    ),
    "abi3 of another Python": (
        tagged("pp311-abi3-win_amd64", extension(PYD, pe(X86_64, "python3.dll"), floor=(3, 8))),
        [],
    ),
    "not a number of a Python": (
        tagged(f"cp3{'9' * 5000}-abi3-win_amd64", extension(PYD, pe(X86_64, "python3.dll"), floor=(3, 8))),
        [],
    ),
    "a name that 3.15 alone finds": (
        tagged(
            "cp311-abi3-manylinux_2_17_x86_64",
            extension("pkg/_core.abi3-x86_64-linux-gnu.so", elf(X86_64, GLIBC)),
        ),
        ["cp315-abi3-manylinux_2_17_x86_64"],
    ),
    "a younger symbol": (
        tagged("cp38-abi3-win_amd64", extension(PYD, pe(X86_64, "python3.dll"), floor=(3, 11))),
        ["cp311-abi3-win_amd64"],
    ),
    "an older symbol": (
        tagged("cp38-abi3-win_amd64", extension(PYD, pe(X86_64, "python3.dll"), floor=(3, 2))),
        ["cp38-abi3-win_amd64"],
    ),
    "abi3 without the tag": (
        tagged("py3-none-win_amd64", extension(PYD, pe(X86_64, "python3.dll"), floor=(3, 8))),
        ["cp38-abi3-win_amd64"],
    ),
    "abi3 of unknown age": (
        tagged("py3-none-win_amd64", extension(PYD, pe(X86_64, "python3.dll"))),
        ["py3-none-win_amd64"],
    ),
    "bound to the one Python of the tag": (
        tagged("py310-none-any", extension("pkg/_core.so", elf(), floor=(3, 8), outside=("_PyX",))),
        ["cp310-cp310-linux_x86_64"],
    ),
    "bound to nobody knows which Python": (
        tagged("py3-none-any", extension("pkg/_core.so", elf(), floor=(3, 8), outside=("_PyX",))),
        [],
    ),
    "PyPy": (
        tagged("pp311-pypy311_pp73-win32", extension("pkg/_core.pypy311-pp73-win_amd64.pyd", pe(X86_64))),
        ["pp311-pypy311_pp73-win_amd64"],
    ),
    # nothing to go by
    "nothing native": (tagged("cp311-cp311-win_amd64"), []),
    "a damaged file": (tagged("cp311-abi3-win_amd64", extension(PYD)), []),
    "a header is all of a program": (
        tagged(
            "py3-none-macosx_11_0_arm64",
            member("pkg/bin/x", macho(X86_64, depth=Depth.HEADER), role=Role.EXECUTABLE),
        ),
        ["py3-none-macosx_11_0_x86_64"],
    ),
    "a header alone": (tagged("cp311-abi3-win_amd64", extension(PYD, pe(ARM64, depth=Depth.HEADER))), []),
    "no wheel name": (wheel("no wheel name", extension(PYD, pe())), []),
    "WebAssembly": (tagged("cp311-abi3-mingw_x86_64", extension(PYD, pe(ARM64))), []),
}


@pytest.mark.parametrize(("subject", "tags"), PROPOSALS.values(), ids=PROPOSALS)
def test_proposals(subject: Wheel, tags: list[str]) -> None:
    """What the files say becomes a tag, the widest first."""
    assert list(propose(subject)) == tags


@pytest.mark.parametrize("tag", sorted({tag for _, tags in PROPOSALS.values() for tag in tags}))
def test_proposals_are_alive(tag: str) -> None:
    """No tag is proposed that no installer accepts."""
    promise = read_promise(None, tag=tag)
    assert promise.targets
    assert not promise.dead


def breaks_promise(report: wheelarch.Report) -> list[str]:
    families = ("WA112", "WA2", "WA3", "WA5")
    return [
        one.code
        for one in report.findings
        if one.severity is Severity.ERROR and one.code.startswith(families)
    ]


CACHED = [*sorted((TESTDATA / "wheels").glob("*.whl")), *sorted(cache_folder("corpus").glob("*.whl"))]


@pytest.mark.parametrize("path", CACHED, ids=lambda path: path.name)
def test_tags_that_match_leave_no_error(path: Path) -> None:
    """Under the reported tags a wheel breaks no promise. A wheel that breaks no promise gets no other tags."""
    report = wheelarch.audit(path, second_opinion="off")
    (found,) = report
    if found.honest_tags is None:
        assert found.ok or found.rebuild or not breaks_promise(report)
        return
    assert set(found.honest_tags) != set(found.tags)
    assert found.rebuild == ()
    parts = [
        ".".join(sorted(set(part)))
        for part in zip(*(one.split("-") for one in found.honest_tags), strict=True)
    ]
    again = wheelarch.audit(path, tag="-".join(parts), second_opinion="off")
    assert breaks_promise(again) == []
    assert [one for one in again.findings if one.code == "WA520" and one.severity is not Severity.NOTE] == []
    assert again.wheels[0].tags == found.honest_tags
    assert again.wheels[0].honest_tags is None


@pytest.mark.parametrize(
    ("tag", "path", "source", "honest"),
    [
        ("cp315-abi3.abi3t-win_amd64", "ext.pyd", "win_amd64-python3.pyd", "cp315-abi3-win_amd64"),
        ("cp315-abi3t-win_amd64", "ext.pyd", "win_amd64-python3.pyd", "cp315-abi3-win_amd64"),
        ("py3-abi3-win_amd64", "ext.pyd", "win_amd64-python3.pyd", "cp35-abi3-win_amd64"),
        ("cp3-abi3-win_amd64", "ext.pyd", "win_amd64-python3.pyd", "cp35-abi3-win_amd64"),
        (
            "cp315-abi3.abi3t-manylinux_2_17_x86_64",
            "ext.abi3.so",
            "linux-x86_64-glibc.so",
            "cp315-abi3-manylinux_2_17_x86_64",
        ),
        (
            "cp39-abi3-manylinux_2_17_x86_64",
            "ext.abi3.so",
            "linux-x86_64-export-hook.so",
            "cp315-abi3-manylinux_2_17_x86_64",
        ),
    ],
)
def test_stable_abis(tag: str, path: str, source: str, honest: str) -> None:
    """A real stable-ABI module under a tag that asks for more than it has gets the tag that is clean."""
    data = build_wheel(f"pkg-1.0-{tag}.whl", {f"pkg/{path}": image(source)})
    (found,) = wheelarch.audit(data, name=f"pkg-1.0-{tag}.whl", second_opinion="off")
    assert found.honest_tags == (honest,)
    data = build_wheel(f"pkg-1.0-{honest}.whl", {f"pkg/{path}": image(source)})
    assert wheelarch.audit(data, name=f"pkg-1.0-{honest}.whl", second_opinion="off").findings == ()


WRONG = "pkg-1.0-cp311-abi3-win_amd64.whl"
NEWER = "pkg-1.0-cp312-cp312-manylinux_2_17_x86_64.whl"
NEWER_GLIBC = image("linux-x86_64-glibc2.34.so")
NEWER_ZLIB = NEWER_GLIBC.replace(b"GLIBC_2.34", b"ZLIB_1.2.9").replace(b"libc.so.6", b"libz.so.1")


def wrong() -> bytes:
    return build_wheel(WRONG, {"pkg/ext.pyd": image("win_arm64-python3.pyd")})


@pytest.mark.skipif(
    importlib.util.find_spec("wheel") is None, reason="the command comes with the package wheel"
)
@pytest.mark.parametrize(
    ("name", "file", "data", "tag"),
    [
        (WRONG, "ext.pyd", image("win_arm64-python3.pyd"), "cp311-abi3-win_arm64"),
        (NEWER, "ext.cpython-312-x86_64-linux-gnu.so", NEWER_GLIBC, "cp312-cp312-manylinux_2_34_x86_64"),
        (NEWER, "ext.cpython-312-x86_64-linux-gnu.so", NEWER_ZLIB, "cp312-cp312-manylinux_2_27_x86_64"),
    ],
    ids=["machine", "glibc", "zlib"],
)
def test_the_command_makes_it_true(name: str, file: str, data: bytes, tag: str, tmp_path: Path) -> None:
    """The command in the report, run as printed, leaves one wheel without errors and warnings."""
    path = tmp_path / "with space" / name
    path.parent.mkdir()
    path.write_bytes(build_wheel(name, {f"pkg/{file}": data}))
    report = wheelarch.audit(path)
    assert not report.ok
    lines = [line.strip() for line in as_text.render(report).splitlines()]
    (command,) = (line for line in lines if line.startswith("python -m wheel tags"))
    program, *arguments = shlex.split(command)
    assert program == "python"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True, env=environment, timeout=60)
    (renamed,) = path.parent.iterdir()
    assert renamed.name == f"pkg-1.0-{tag}.whl"
    with zipfile.ZipFile(renamed) as archive:
        assert f"Tag: {tag}".encode() in archive.read("pkg-1.0.dist-info/WHEEL")
    assert [one for one in wheelarch.audit(renamed).findings if one.severity is not Severity.NOTE] == []


def test_the_report_says_what_to_rename() -> None:
    """One line names the tags, the next has the whole command."""
    text = as_text.render(wheelarch.audit(wrong(), name=WRONG))
    assert (
        "\n\n  tags that match the contents: cp311-abi3-win_arm64\n"
        "      python -m wheel tags --python-tag cp311 --abi-tag abi3 --platform-tag win_arm64 --remove "
        f"{WRONG}\n\n"
    ) in text


def test_the_report_says_what_to_do_by_hand() -> None:
    """The command refuses a wheel whose WHEEL file has other tags than its name, so it is not printed."""
    files = {"pkg/ext.cpython-312-x86_64-linux-gnu.so": NEWER_GLIBC}
    report = wheelarch.audit(build_wheel(NEWER, files, tags=["cp312-cp312-linux_x86_64"]), name=NEWER)
    text = as_text.render(report)
    assert "tags that match the contents: cp312-cp312-manylinux_2_34_x86_64\n" in text
    assert "python -m wheel tags" not in text
    assert "`python -m wheel pack`" in " ".join(text.split())


def test_the_report_says_what_to_rebuild() -> None:
    """If files contradict each other, the report names no tag, but the files that are wrong."""
    files = {"pkg/a/ext.pyd": image("win_amd64-python3.pyd"), "pkg/b/ext.pyd": image("win_arm64-python3.pyd")}
    report = wheelarch.audit(build_wheel(WRONG, files), name=WRONG)
    assert (report.wheels[0].honest_tags, report.wheels[0].rebuild) == (None, ("pkg/b/ext.pyd",))
    assert "\n\n  renaming will not fix this; rebuild pkg/b/ext.pyd\n\n" in as_text.render(report)


def test_a_right_wheel_is_left_alone() -> None:
    """A wheel whose tags are true gets no other tag, whatever else is wrong with it."""
    files = {"pkg/ext.pyd": image("win_amd64-python3.pyd")}
    report = wheelarch.audit(io.BytesIO(build_wheel(WRONG, files, tags=["py3-none-any"])), name=WRONG)
    assert [one.code for one in report.findings] == ["WA013"]
    assert (report.wheels[0].honest_tags, report.wheels[0].rebuild) == (None, ())


def test_a_single_rule_is_not_enough_to_know() -> None:
    """If only headers were read, the Python of a module is not known, so the report names no tag."""
    report = wheelarch.audit(wrong(), name=WRONG, select=["WA201"])
    assert [one.code for one in report.findings] == ["WA201"]
    assert report.wheels[0].honest_tags is None


def test_a_variant_keeps_its_label() -> None:
    """`wheel tags` would drop the variant label of PEP 825, so the report gives the tags without the command."""
    name = WRONG.replace(".whl", "-x86_64_v3.whl")
    text = as_text.render(wheelarch.audit(wrong(), name=name))
    assert "tags that match the contents: cp311-abi3-win_arm64" in text
    assert "keep the variant label x86_64_v3; `wheel tags` drops it" in text
    assert "python -m wheel tags --python-tag cp311" not in text
