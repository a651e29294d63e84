"""WA50x and WA52x on plain values."""

from typing import Any

import pytest

from support.images import image
from support.values import elf, macho, member, wheel
from wheelarch import inspect
from wheelarch.facts.libc import libc_of
from wheelarch.facts.wheel import Wheel
from wheelarch.model import (
    CodeSignature,
    Fault,
    Format,
    Image,
    Kind,
    Machine,
    Member,
    Role,
    Severity,
    Symbol,
    VersionNeed,
)
from wheelarch.rules import RULES as ALL_RULES
from wheelarch.rules import Problem

ARM64, X86_64, X86 = Machine.ARM64, Machine.X86_64, Machine.X86
ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE

MAC_X86 = "pkg-1.0-cp311-cp311-macosx_10_9_x86_64.whl"
MAC_ARM = "pkg-1.0-cp311-cp311-macosx_11_0_arm64.whl"
MAC_BOTH = "pkg-1.0-cp311-cp311-macosx_10_9_universal2.whl"
IOS = "pkg-1.0-cp313-cp313-ios_13_0_arm64_iphoneos.whl"
IOS_SIM = "pkg-1.0-cp313-cp313-ios_13_0_arm64_iphonesimulator.whl"
MANY = "pkg-1.0-cp311-cp311-manylinux_2_17_x86_64.whl"
MUSL = "pkg-1.0-cp311-cp311-musllinux_1_2_x86_64.whl"
BOTH_LIBCS = "pkg-1.0-cp311-cp311-manylinux_2_17_x86_64.musllinux_1_2_x86_64.whl"
BARE_LINUX = "pkg-1.0-cp311-cp311-linux_x86_64.whl"
MANY_ARM = "pkg-1.0-cp311-cp311-manylinux_2_17_aarch64.manylinux2014_aarch64.whl"
ANDROID = "pkg-1.0-cp313-cp313-android_21_arm64_v8a.whl"
ANY = "pkg-1.0-py3-none-any.whl"

EXT = "pkg/_core.cpython-311-darwin.so"
ELF_EXT = "pkg/_core.cpython-311-x86_64-linux-gnu.so"
MUSL_EXT = "pkg/_core.cpython-311-x86_64-linux-musl.so"


def mac(filename: str, *images: Image, role: Role = Role.EXTENSION, path: str = EXT) -> Wheel:
    return wheel(filename, member(path, *images, role=role))


def linux(filename: str, *images: Image, role: Role = Role.EXTENSION, path: str = ELF_EXT) -> Wheel:
    return wheel(filename, member(path, *images, role=role))


def wanting(
    *versions: str, library: str = "libc.so.6", machine: Machine = X86_64, weak: bool = False, **more: Any
) -> Image:
    needs = tuple(VersionNeed(library, one, weak) for one in versions)
    return elf(machine, library, version_needs=needs, **more)


def asking_cxx(*versions: str, **more: Any) -> Image:
    return wanting(*versions, library="libstdc++.so.6", **more)


def needs(name: str, **more: object) -> dict[str, object]:
    return {"imported": (Symbol(name),), "needed": ("/usr/lib/libSystem.B.dylib",), **more}


def cramjam(**more: object) -> Wheel:
    """A wheel like cramjam 2.6.2: three platform tags, both slices at 11.0, a stack probe from libSystem."""
    facts = needs("___chkstk_darwin") | more
    return mac(
        "cramjam-2.6.2-cp39-cp39-macosx_10_9_x86_64.macosx_11_0_arm64.macosx_10_9_universal2.whl",
        macho(X86_64, (11, 0, 0), **facts),
        macho(ARM64, (11, 0, 0), **facts),
        path="cramjam/cramjam.cpython-39-darwin.so",
    )


unsigned = macho(ARM64, signature=None)
moved = CodeSignature(4096, 512, in_place=False)
glibc = elf(X86_64, "libm.so.6", "libc.so.6")
musl = elf(X86_64, "libc.musl-x86_64.so.1")

HITS: dict[str, list[Wheel]] = {
    "WA501": [
        cramjam(),
        mac(MAC_X86, macho(X86_64, (11, 0, 0))),
        mac(MAC_X86, macho(X86_64, (10, 9, 0)), macho(ARM64, (11, 0, 0)), macho(X86_64, (10, 13, 0))),
        mac(MAC_ARM, macho(ARM64, (14, 0, 0))),
        mac(MAC_BOTH, macho(ARM64, (12, 0, 0)), macho(X86_64, (10, 9, 0))),
        mac("pkg-1.0-py2.py3-none-macosx_10_6_intel.whl", macho(X86_64, (10, 12, 0)), role=Role.LIBRARY),
        mac("pkg-1.0-py3-none-macosx_10_6_x86_64.whl", macho(X86_64, (10, 9, 0)), role=Role.LIBRARY),
        mac(IOS, macho(ARM64, (15, 0, 0), "ios")),
        mac(IOS_SIM, macho(ARM64, (14, 2, 0), "ios-simulator")),
        mac(MAC_X86, macho(X86_64, (10, 16, 0))),
    ],
    "WA502": [
        mac(MAC_ARM, macho(ARM64, (11, 1, 0))),
        mac(
            "pkg-1.0-cp311-cp311-macosx_13_0_universal2.whl",
            macho(X86_64, (13, 3, 0)),
            macho(ARM64, (13, 0, 0)),
        ),
    ],
    "WA503": [
        mac(MAC_ARM, macho(ARM64, (13, 0, 0), "ios")),
        mac(MAC_ARM, macho(ARM64, (14, 0, 0), "catalyst")),
        mac(IOS, macho(ARM64, (14, 0, 0), "ios-simulator")),
        mac(IOS_SIM, macho(ARM64, (13, 0, 0), "ios")),
        mac(IOS, macho(ARM64)),
    ],
    "WA504": [mac(MAC_ARM, macho(ARM64, None, "")), mac(MAC_X86, macho(X86_64, None, ""))],
    "WA505": [
        mac(MAC_ARM, unsigned),
        mac(MAC_BOTH, macho(X86_64, (10, 9, 0), signature=None), unsigned),
        mac(
            MAC_ARM,
            macho(ARM64, None, "", signature=None),
            role=Role.SCRIPT,
            path="pkg-1.0.data/scripts/tool",
        ),
    ],
    "WA506": [
        mac(MAC_ARM, macho(ARM64, signature=moved)),
        mac(MAC_X86, macho(X86_64, (10, 9, 0), signature=moved)),
    ],
    "WA520": [
        linux(MANY, wanting("GLIBC_2.34")),
        linux(MANY, wanting("GLIBC_2.17", "GLIBC_2.18")),
        linux(MANY, wanting("GLIBC_2.100")),
        linux(MANY, wanting("GLIBC_2.2.5", "GLIBC_ABI_DT_RELR")),
        linux("pkg-1.0-cp311-cp311-manylinux1_x86_64.whl", wanting("GLIBC_2.6")),
        linux(MANY_ARM, wanting("GLIBC_2.19", machine=ARM64)),
        linux("pkg-1.0-cp311-cp311-manylinux_2_16_x86_64.manylinux_2_28_x86_64.whl", wanting("GLIBC_2.17")),
        linux(MANY, wanting("GLIBC_2.34", weak=True)),
        linux(MANY, wanting("GLIBC_2.34"), role=Role.SCRIPT, path="pkg-1.0.data/scripts/tool"),
        wheel(MANY, member(ELF_EXT, wanting("GLIBC_2.34")), member("pkg/rootfs/lib/libc.so.6", elf(X86_64))),
        linux(MANY, asking_cxx("GLIBCXX_3.4.20")),
        linux(MANY, asking_cxx("CXXABI_1.3.8")),
        linux(MANY, asking_cxx("GCC_7.0.0")),
        linux(MANY_ARM, asking_cxx("GCC_4.8.0", machine=ARM64)),
        linux(MANY, asking_cxx("ZLIB_1.2.9")),
        linux("pkg-1.0-cp311-cp311-manylinux1_x86_64.whl", asking_cxx("ZLIB_1.2.2")),
        linux("pkg-1.0-cp311-cp311-manylinux_2_26_x86_64.whl", asking_cxx("GLIBCXX_3.4.24")),
        linux("pkg-1.0-cp311-cp311-manylinux_2_33_x86_64.whl", asking_cxx("GLIBCXX_3.4.29")),
        wheel(
            MANY,
            member(ELF_EXT, asking_cxx("GLIBCXX_3.4.20")),
            member("pkg/root/libstdc++.so.6", elf(X86_64)),
        ),
    ],
    "WA521": [
        linux(MUSL, glibc),
        linux(MANY, musl),
        linux(MANY, elf(X86_64, interpreter="/lib/ld-musl-x86_64.so.1"), role=Role.SCRIPT),
        linux(MUSL, elf(X86_64, version_needs=(VersionNeed("libfoo.so", "GLIBC_2.17", False),))),
        linux(ANDROID, elf(ARM64, "libc.so.6")),
        linux(MANY, elf(X86_64, "libc.so", android_api=21)),
        linux(BARE_LINUX, elf(X86_64, "libc.so", version_needs=(VersionNeed("libc.so", "LIBC", False),))),
        linux(BOTH_LIBCS, glibc),
    ],
    "WA522": [
        linux(MANY, wanting("GLIBC_PRIVATE")),
        linux(MANY, wanting("GLIBC_PRIVATE"), role=Role.LIBRARY, path="pkg.libs/libresolv.so.2"),
    ],
    "WA525": [
        linux(MANY, elf(X86_64, executable_stack=True)),
        linux(MUSL, elf(X86_64, executable_stack=True), role=Role.LIBRARY, path="pkg/libx.so"),
    ],
    "WA526": [linux(ANDROID, elf(ARM64, load_alignment=0x1000))],
    "WA527": [linux(ANDROID, elf(ARM64, android_api=24))],
}

CLEAN: dict[str, list[Wheel]] = {
    "WA501": [
        mac(MAC_X86, macho(X86_64, (10, 9, 0))),
        mac(MAC_BOTH, macho(X86_64, (10, 9, 0)), macho(ARM64, (11, 0, 0))),
        # greenlet: a lower minos is normal
        mac(
            "pkg-1.0-cp311-cp311-macosx_11_0_universal2.whl",
            macho(X86_64, (10, 13, 0)),
            macho(ARM64, (11, 0, 0)),
        ),
        # markupsafe for the iOS simulator: arm64 starts at 14.0
        mac(IOS_SIM, macho(ARM64, (14, 0, 0), "ios-simulator")),
        # pyston_lite, black: 10.16 is 11.0, in the tag and in the file
        mac("pkg-1.0-cp310-cp310-macosx_10_16_x86_64.whl", macho(X86_64, (11, 0, 0))),
        mac("pkg-1.0-cp310-cp310-macosx_11_0_x86_64.whl", macho(X86_64, (10, 16, 0))),
        # unknown is not 0
        mac(MAC_X86, macho(X86_64, None, "")),
        # a surplus slice is nobody's
        mac(MAC_X86, macho(X86_64, (10, 9, 0)), macho(ARM64, (14, 0, 0))),
        # WA502's and WA503's business
        mac("pkg-1.0-cp311-cp311-macosx_13_0_arm64.whl", macho(ARM64, (13, 3, 0))),
        mac(MAC_ARM, macho(ARM64, (18, 0, 0), "ios")),
        mac(ANY, macho(ARM64, (15, 0, 0))),
        mac(MAC_X86, macho(X86_64, (12, 0, 0), kind=Kind.OBJECT), role=Role.SDK),
    ],
    "WA502": [
        mac("pkg-1.0-cp311-cp311-macosx_13_0_arm64.whl", macho(ARM64, (13, 0, 1))),
        mac(MAC_ARM, macho(ARM64, (12, 1, 0))),
        mac("pkg-1.0-cp311-cp311-macosx_10_9_x86_64.whl", macho(X86_64, (10, 12, 0))),
        mac(IOS, macho(ARM64, (13, 4, 0), "ios")),
    ],
    "WA503": [
        mac(MAC_ARM, macho(ARM64)),
        mac(IOS, macho(ARM64, (13, 0, 0), "ios")),
        mac(IOS_SIM, macho(ARM64, (14, 0, 0), "ios-simulator")),
        mac(MAC_ARM, macho(ARM64, None, "")),
        mac(MAC_ARM, macho(ARM64, (13, 0, 0), "ios"), role=Role.TEST_DATA),
        mac(ANY, macho(ARM64, (13, 0, 0), "ios")),
    ],
    "WA504": [
        mac(MAC_ARM, macho(ARM64)),
        mac(MAC_ARM, macho(ARM64, None, "", kind=Kind.OBJECT)),
        mac(ANY, macho(ARM64, None, "")),
    ],
    "WA505": [
        mac(MAC_ARM, macho(ARM64)),
        mac(MAC_X86, macho(X86_64, (10, 9, 0), signature=None)),
        # cffi for iOS: the app's signature comes later
        mac(IOS, macho(ARM64, (13, 0, 0), "ios", signature=None)),
        mac(MAC_ARM, macho(ARM64, signature=None, kind=Kind.OBJECT), role=Role.SDK),
        mac(MAC_ARM, macho(ARM64, signature=None, kind=Kind.DEBUG), role=Role.DEBUG),
        mac(MAC_X86, macho(X86_64, (10, 9, 0)), unsigned),
    ],
    "WA506": [mac(MAC_ARM, macho(ARM64)), mac(MAC_ARM, unsigned)],
    "WA520": [
        linux(MANY, wanting("GLIBC_2.2.5", "GLIBC_2.4", "GLIBC_2.17")),
        linux(
            MANY,
            wanting("GLIBC_PRIVATE", "GLIBC_ABI_GNU2_TLS", "GLIBC_", "GLIBC_2", "GLIBC_2.x", "GLIBC_2.³"),
        ),
        linux(
            MANY, asking_cxx("GLIBCXX_3.4.9", "GLIBCXX_3.4.19", "CXXABI_1.3.7", "CXXABI_TM_1", "GCC_4.8.0")
        ),
        linux(MANY, asking_cxx("GLIBCXX_3.4.30", weak=True)),
        linux(MUSL, asking_cxx("GLIBCXX_3.4.30")),
        linux(BARE_LINUX, asking_cxx("GLIBCXX_3.4.30")),
        linux("pkg-1.0-cp311-cp311-manylinux_2_26_aarch64.whl", asking_cxx("GLIBCXX_3.4.24", machine=ARM64)),
        linux("pkg-1.0-cp311-cp311-manylinux_2_42_x86_64.whl", asking_cxx("GLIBCXX_3.4.99")),
        wheel(
            MANY,
            member(ELF_EXT, asking_cxx("GLIBCXX_3.4.30", runpath=("$ORIGIN/../pkg.libs",))),
            member("pkg.libs/libstdc++.so.6", elf(X86_64), role=Role.DEPENDENCY),
        ),
        # CentOS 7's glibc has GLIBC_2.18 on aarch64, and the policy lists it
        linux(MANY_ARM, wanting("GLIBC_2.18", machine=ARM64)),
        linux(MANY, wanting("GLIBC_2.34", machine=ARM64)),
        linux(MUSL, wanting("GLIBC_2.34")),
        linux(BARE_LINUX, wanting("GLIBC_2.34")),
        linux(MANY, wanting("GLIBC_2.34"), role=Role.TEST_DATA),
        wheel(
            MANY,
            member(ELF_EXT, wanting("GLIBC_2.34", runpath=("$ORIGIN/../pkg.libs",))),
            member("pkg.libs/libc.so.6", elf(X86_64), role=Role.DEPENDENCY),
        ),
    ],
    "WA522": [
        linux(MANY, wanting("GLIBC_2.17")),
        linux(MANY, wanting("GLIBC_PRIVATE", machine=ARM64)),
    ],
    "WA525": [
        linux(MANY, elf(X86_64, executable_stack=False)),
        linux(MANY, elf(X86_64, executable_stack=None)),
        linux(MANY, elf(X86_64, executable_stack=True), role=Role.EXECUTABLE, path="pkg/tool"),
    ],
    "WA526": [
        linux(ANDROID, elf(ARM64, load_alignment=0x4000)),
        linux(ANDROID, elf(ARM64, load_alignment=0)),
        linux(ANDROID.replace("arm64_v8a", "armeabi_v7a"), elf(Machine.ARM, load_alignment=0x1000)),
        linux(MANY, elf(X86_64, load_alignment=0x1000)),
    ],
    "WA527": [
        linux(ANDROID, elf(ARM64, android_api=21)),
        linux(ANDROID, elf(ARM64, android_api=16)),
        linux(ANDROID, elf(ARM64)),
    ],
    "WA521": [
        linux(MANY, glibc),
        linux(MUSL, musl),
        # undecided: static, libc-less, and a plain libc.so
        linux(MUSL, elf(X86_64)),
        linux(MANY, elf(X86_64, "libc.so")),
        linux(MANY, elf(X86_64, kind=Kind.EXECUTABLE), role=Role.SCRIPT),
        # markupsafe cp310 musllinux: the gnu suffix says nothing
        linux(
            "pkg-1.0-cp310-cp310-musllinux_1_2_x86_64.whl",
            musl,
            path="pkg/_core.cpython-310-x86_64-linux-gnu.so",
        ),
        linux(BARE_LINUX, glibc),
        linux(BARE_LINUX, musl),
        linux(ANDROID, elf(ARM64, "libc.so", android_api=21)),
        wheel(BOTH_LIBCS, member(ELF_EXT, glibc), member(MUSL_EXT, musl)),
        wheel(MUSL, member(ELF_EXT, glibc), member(MUSL_EXT, musl)),  # which no musl Python imports
        linux(MUSL, glibc, role=Role.TEST_DATA),
        linux(MUSL, elf(ARM64, "libc.so.6")),
    ],
}

CASES = {
    rule.check.__name__: rule
    for rule in ALL_RULES
    if rule.code[:4] in ("WA50", "WA52") and rule.code not in ("WA507", "WA508", "WA509", "WA523", "WA524")
}
RULES = {rule.code: rule for rule in CASES.values()}


def problems(code: str, subject: Wheel) -> list[Problem]:
    return list(RULES[code].check(subject))


def severities(code: str, subject: Wheel) -> list[Severity]:
    return [problem.severity or RULES[code].severity for problem in problems(code, subject)]


@pytest.mark.parametrize(
    ("code", "subject"), [(code, each) for code, cases in HITS.items() for each in cases]
)
def test_hits(code: str, subject: Wheel) -> None:
    """Each wheel that breaks a promise is found by the rule of that promise."""
    assert problems(code, subject)


@pytest.mark.parametrize(
    ("code", "subject"), [(code, each) for code, cases in CLEAN.items() for each in cases]
)
def test_clean(code: str, subject: Wheel) -> None:
    """Each wheel that keeps the promise, and each that does not make it, is passed."""
    assert problems(code, subject) == []


def test_a_missing_function_makes_an_error() -> None:
    """MacOS 10.13 has no stack probe, so the x86_64 slice fails there; the arm64 slice at 11.0 is right."""
    (problem,) = problems("WA501", cramjam())
    assert problem.severity is ERROR
    assert problem.slice == "x86_64"
    assert problem.tags == ("cp39-cp39-macosx_10_9_universal2", "cp39-cp39-macosx_10_9_x86_64")
    assert problem.evidence == {"have": "11.0", "need": "10.9", "symbol": "___chkstk_darwin"}
    assert problem.consequence.startswith("Symbol not found: ____chkstk_darwin ")
    assert "; its version asks for macosx_11_0_" in problem.message


@pytest.mark.parametrize(
    "more",
    [
        {"imported": (Symbol("___chkstk_darwin", weak=True),)},
        {"imported": (Symbol("chkstk_darwin"), Symbol("memcpy"))},
        {"needed": ("/usr/lib/libSystem.B.dylib", "@loader_path/.dylibs/libcompat.dylib")},
        {"imported": (Symbol("___chkstk_darwin", "@rpath/libcompat.dylib"),)},
    ],
    ids=["weak", "other names", "a bundled library may have it", "a bundled library has it"],
)
def test_no_proof_is_a_warning(more: dict[str, object]) -> None:
    """A function proves nothing where it may be missing, or may come from a library of the wheel."""
    assert severities("WA501", cramjam(**more)) == [WARNING]


def test_the_library_of_a_symbol_is_believed() -> None:
    """Two-level linkage names the library, so a bundled one beside it does not matter."""
    facts = {
        "imported": (Symbol("preadv", "/usr/lib/libSystem.B.dylib"),),
        "needed": ("@rpath/libcompat.dylib",),
    }
    assert severities("WA501", mac(MAC_X86, macho(X86_64, (11, 0, 0), **facts))) == [ERROR]


@pytest.mark.parametrize(
    ("filename", "minos", "symbol", "severity"),
    [
        ("pkg-1.0-cp311-cp311-macosx_10_9_x86_64.whl", (11, 0, 0), "preadv", ERROR),
        ("pkg-1.0-cp311-cp311-macosx_11_0_x86_64.whl", (12, 0, 0), "preadv", WARNING),
        (
            "pkg-1.0-cp311-cp311-macosx_11_0_arm64.whl",
            (13, 3, 0),
            "_ZNSt3__122__libcpp_verbose_abortEPKcz",
            ERROR,
        ),
        # CPython 3.14 runs from 10.15 on, and 10.15 has the function
        ("pkg-1.0-cp314-cp314-macosx_10_9_x86_64.whl", (11, 0, 0), "aligned_alloc", WARNING),
        ("pkg-1.0-cp314-cp314-macosx_10_9_x86_64.whl", (11, 0, 0), "strtonum", ERROR),
    ],
)
def test_proof_goes_by_the_oldest_host(
    filename: str, minos: tuple[int, int, int], symbol: str, severity: Severity
) -> None:
    """The proof is a system that the tag invites, that its Python runs on, and that lacks the function."""
    machine = ARM64 if "arm64" in filename else X86_64
    assert severities("WA501", mac(filename, macho(machine, minos, **needs(symbol)))) == [severity]


@pytest.mark.parametrize(
    ("python", "tag", "minos", "severity"),
    [
        ("cp311-cp311", "10_6", (10, 9, 0), NOTE),
        ("cp311-abi3", "10_9", (10, 13, 0), WARNING),
        ("cp312-cp312", "10_9", (10, 13, 0), NOTE),
        ("cp313-cp313t", "10_9", (10, 15, 0), WARNING),
        ("cp314-cp314", "10_9", (10, 15, 0), NOTE),
        ("py3-none", "10_6", (10, 9, 0), NOTE),
        ("py2.py3-none", "10_6", (10, 12, 0), WARNING),
        ("py312-none", "10_9", (10, 13, 0), NOTE),
        ("cp27-cp27m", "10_6", (10, 9, 0), WARNING),
        ("pp310-pypy310_pp73", "10_9", (10, 13, 0), WARNING),
        ("cp311.cp312-none", "10_9", (10, 13, 0), WARNING),
    ],
)
def test_systems_without_python_do_not_count(
    python: str, tag: str, minos: tuple[int, int, int], severity: Severity
) -> None:
    """Nobody notices a minos that no Python of the tag runs below; the oldest Python decides."""
    subject = mac(f"pkg-1.0-{python}-macosx_{tag}_x86_64.whl", macho(X86_64, minos), role=Role.LIBRARY)
    assert severities("WA501", subject) == [severity]


@pytest.mark.parametrize(
    ("role", "alone", "severity"),
    [
        (Role.EXTENSION, False, WARNING),
        (Role.DEPENDENCY, False, WARNING),
        (Role.LIBRARY, False, WARNING),
        (Role.SCRIPT, False, WARNING),
        (Role.EXECUTABLE, True, WARNING),
        (Role.EXECUTABLE, False, NOTE),
        (Role.FAMILY, False, NOTE),
        (Role.TEST_DATA, False, NOTE),
        (Role.SDK, False, NOTE),
        (Role.DEBUG, False, NOTE),
    ],
)
def test_minos_severity_by_role(role: Role, alone: bool, severity: Severity) -> None:
    """What no user of the wheel runs is a note; the wheel's one program is more than a helper."""
    others: list[Member] = (
        [] if alone else [member("pkg/_other.cpython-311-darwin.so", macho(X86_64, (10, 9, 0)))]
    )
    subject = wheel(MAC_X86, member("pkg/thing", macho(X86_64, (11, 0, 0)), role=role), *others)
    assert severities("WA501", subject) == [severity]


def test_programs_bind_lazily_so_nothing_is_proven() -> None:
    """A program fails only when it calls the function, so a warning is all that can be said."""
    image = macho(X86_64, (11, 0, 0), kind=Kind.EXECUTABLE, **needs("preadv"))
    assert severities("WA501", mac(MAC_X86, image, role=Role.SCRIPT)) == [WARNING]


def test_the_lowest_true_tag_covers_the_whole_wheel() -> None:
    """The message names the tag that all files keep to, minor 0 from macOS 11 on; test data do not count."""
    subject = wheel(
        MAC_BOTH,
        member(EXT, macho(X86_64, (10, 15, 0)), macho(ARM64, (11, 0, 0))),
        member("pkg/lib.dylib", macho(X86_64, (12, 3, 0)), macho(ARM64, (12, 3, 0)), role=Role.LIBRARY),
        member("pkg/tests/data/x.so", macho(X86_64, (15, 0, 0)), role=Role.TEST_DATA),
    )
    first, *_ = problems("WA501", subject)
    assert first.message.endswith("asks for macosx_12_0_universal2 at least")


def test_one_problem_a_slice_names_all_tags() -> None:
    """A slice that two tags promise is one problem with two triples; a slice of a thin file is not named."""
    subject = mac("pkg-1.0-cp310.cp311-none-macosx_10_9_x86_64.whl", macho(X86_64, (11, 0, 0)))
    (problem,) = problems("WA501", subject)
    assert problem.slice is None
    assert problem.tags == ("cp310-none-macosx_10_9_x86_64", "cp311-none-macosx_10_9_x86_64")


def test_wrong_platform_quotes_dyld() -> None:
    """The consequence has dyld's own names of platforms, and a helper program is a warning."""
    (problem,) = problems("WA503", mac(MAC_ARM, macho(ARM64, (13, 0, 0), "ios-simulator")))
    assert "incompatible platform (have 'iOS-simulator', need 'macOS')" in problem.consequence
    assert problem.severity is ERROR
    helper = member("pkg/tool", macho(ARM64, (13, 0, 0), "ios", kind=Kind.EXECUTABLE), role=Role.EXECUTABLE)
    assert severities("WA503", wheel(MAC_ARM, helper, member(EXT, macho(ARM64)))) == [WARNING]
    assert severities("WA503", wheel(MAC_ARM, helper)) == [ERROR]


def test_an_unsigned_slice_is_named() -> None:
    """The slice of the fat file is named, and a program dies by a signal instead of an error."""
    (problem,) = problems("WA505", HITS["WA505"][1])
    assert (problem.slice, problem.tags) == ("arm64", ("cp311-cp311-macosx_10_9_universal2",))
    (program,) = problems(
        "WA505", mac(MAC_ARM, macho(ARM64, signature=None, kind=Kind.EXECUTABLE), role=Role.SCRIPT)
    )
    assert program.consequence == "Killed: 9"


@pytest.mark.parametrize("code", ["WA504", "WA505"])
def test_damage_is_no_absence(code: str) -> None:
    """A command that was not found in a damaged slice may lie behind the damage."""
    image = macho(ARM64, None, "", signature=None, faults=(Fault("truncated", 40, "load commands"),))
    assert problems(code, mac(MAC_ARM, image)) == []


@pytest.mark.parametrize(
    ("subject", "severity"),
    [
        (linux(MUSL, glibc), ERROR),
        (linux(MUSL, glibc, role=Role.DEPENDENCY, path="pkg.libs/libfoo.so"), ERROR),
        (linux(MUSL, glibc, role=Role.LIBRARY, path="pkg.libs/libfoo.so"), ERROR),
        (linux(MUSL, glibc, role=Role.LIBRARY, path="pkg/libfoo.so"), ERROR),
        (wheel(MUSL, member(MUSL_EXT, musl), member("pkg/libfoo.so", glibc, role=Role.LIBRARY)), ERROR),
        (
            wheel(MUSL, member(MUSL_EXT, musl), member("pkg/data/libfoo.so", glibc, role=Role.LIBRARY)),
            WARNING,
        ),
        (wheel(MUSL, member(MUSL_EXT, musl), member("pkg/tool", glibc, role=Role.EXECUTABLE)), WARNING),
        (linux(MUSL, glibc, role=Role.EXECUTABLE, path="pkg/tool"), ERROR),
        (
            wheel(
                MUSL,
                member("pkg/gnu/libh.so", glibc, role=Role.LIBRARY),
                member("pkg/musl/libh.so", musl, role=Role.LIBRARY),
            ),
            NOTE,
        ),
    ],
)
def test_libc_severity(subject: Wheel, severity: Severity) -> None:
    """What the wheel stands on is an error; a helper, and a stray build beside the right one, a warning."""
    assert severities("WA521", subject) == [severity]


def test_libc_tags_and_consequence() -> None:
    """Only the triples of the other family fail, and each loader is quoted."""
    (problem,) = problems("WA521", linux(BOTH_LIBCS, glibc))
    assert problem.tags == ("cp311-cp311-musllinux_1_2_x86_64",)
    assert problem.evidence == {"have": "glibc", "need": "musl"}
    assert problem.consequence.startswith("Error relocating pkg/_core")
    (other,) = problems("WA521", linux(MANY, musl))
    assert (
        other.consequence
        == "libc.musl-x86_64.so.1: cannot open shared object file: No such file or directory"
    )


@pytest.mark.parametrize(
    ("image", "family"),
    [
        (elf(X86_64, interpreter="/lib64/ld-linux-x86-64.so.2"), "glibc"),
        (elf(Machine.S390X, interpreter="/lib/ld64.so.1"), "glibc"),
        (elf(ARM64, interpreter="/system/bin/linker64"), "bionic"),
        (elf(X86_64, "libc.so.6", interpreter="/lib/ld-musl-x86_64.so.1"), "musl"),
        (elf(X86_64, "libfoo.so", "ld-musl-x86_64.so.1"), "musl"),
        (elf(ARM64, "libc.so", "ld-linux-aarch64.so.1"), "glibc"),
        (elf(ARM64, "libc.so", version_needs=(VersionNeed("libc.so", "LIBC", False),)), "bionic"),
        (elf(ARM64, "libc.so", version_needs=(VersionNeed("libc.so", "LIBCXX_1", False),)), ""),
        (elf(ARM64, android_api=24), "bionic"),
        (elf(X86_64, "libc.so"), ""),
        (elf(X86_64, "libstdc++.so.6"), ""),
        (elf(X86_64), ""),
        (macho(ARM64), ""),
        (elf(X86_64)._replace(format=Format.ARCHIVE, elf=None), ""),
    ],
)
def test_libc_of(image: Image, family: str) -> None:
    """The C library is told by interpreter, needed libraries, version nodes and note, in this order."""
    assert libc_of(image) == family


@pytest.mark.parametrize(
    ("code", "built", "role", "severity"),
    [
        ("WA520", wanting("GLIBC_2.34"), Role.EXTENSION, ERROR),
        ("WA520", wanting("GLIBC_2.34"), Role.DEPENDENCY, ERROR),
        ("WA520", wanting("GLIBC_2.34"), Role.LIBRARY, WARNING),
        ("WA520", wanting("GLIBC_2.34", weak=True), Role.EXTENSION, WARNING),
        ("WA522", wanting("GLIBC_PRIVATE"), Role.DEPENDENCY, ERROR),
        ("WA522", wanting("GLIBC_PRIVATE"), Role.LIBRARY, WARNING),
        ("WA522", wanting("GLIBC_PRIVATE", weak=True), Role.EXTENSION, WARNING),
        ("WA525", elf(X86_64, executable_stack=True), Role.EXTENSION, WARNING),
    ],
)
def test_linux_severity(code: str, built: Image, role: Role, severity: Severity) -> None:
    """What an import loads is an error where the need is firm; anything else a warning."""
    beside = member(ELF_EXT, elf(X86_64, "libc.so.6"))
    assert severities(code, wheel(MANY, beside, member("pkg/x.so", built, role=role))) == [severity]


def test_glibc_versions_are_numbers() -> None:
    """The highest version is named, 2.100 being above 2.34, and only the triples that promise less."""
    subject = linux(
        "pkg-1.0-cp311-cp311-manylinux_2_17_x86_64.manylinux_2_34_x86_64.whl",
        wanting("GLIBC_2.4", "GLIBC_2.34", "GLIBC_2.100"),
    )
    (problem,) = problems("WA520", subject)
    assert problem.evidence == {"have": "GLIBC_2.100", "need": "2.17", "library": "libc.so.6"}
    assert len(problem.tags) == 2
    assert problem.consequence == f"libc.so.6: version `GLIBC_2.100' not found (required by {ELF_EXT[4:]})"
    (older,) = problems("WA520", subject._replace(members=(member(ELF_EXT, wanting("GLIBC_2.34")),)))
    assert older.tags == ("cp311-cp311-manylinux_2_17_x86_64",)
    assert older.message == f"{ELF_EXT} needs glibc 2.34 (GLIBC_2.34), but the tag promises 2.17"


def test_versions_of_libstdcxx_are_a_note() -> None:
    """The highest version of each family is compared as numbers, with the policies of the triples that lack it."""
    subject = linux(
        "pkg-1.0-cp311-cp311-manylinux_2_17_x86_64.manylinux_2_39_x86_64.whl",
        asking_cxx("GLIBCXX_3.4.9", "GLIBCXX_3.4.33", "GLIBCXX_3.4.20"),
    )
    (problem,) = problems("WA520", subject)
    assert problem.severity is NOTE
    assert problem.evidence == {
        "have": "GLIBCXX_3.4.33",
        "need": "GLIBCXX_3.4.19",
        "library": "libstdc++.so.6",
    }
    assert problem.tags == ("cp311-cp311-manylinux_2_17_x86_64",)


def test_a_firm_need_outweighs_a_higher_weak_one() -> None:
    """The error names the version that keeps the file from loading."""
    both = (VersionNeed("libc.so.6", "GLIBC_2.38", True), VersionNeed("libc.so.6", "GLIBC_2.28", False))
    (problem,) = problems("WA520", linux(MANY, elf(X86_64, version_needs=both)))
    assert (problem.evidence["have"], problem.severity) == ("GLIBC_2.28", ERROR)


@pytest.mark.parametrize(
    ("code", "name", "file"),
    [
        ("WA520", MANY, "linux-x86_64-glibc2.34.so"),
        ("WA525", MANY, "linux-x86_64-execstack.so"),
        ("WA527", ANDROID, "android-arm64_v8a.so"),
    ],
)
def test_real_files(code: str, name: str, file: str) -> None:
    """What compilers and linkers wrote is found, and nothing else of these rules is said about it."""
    subject = wheel(name, member(ELF_EXT, *inspect(image(file))))
    found = [one for one in ("WA520", "WA522", "WA525", "WA526", "WA527") if problems(one, subject)]
    assert found == [code]
