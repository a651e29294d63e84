"""WA501, WA502 and WA533: the oldest macOS or iOS that a file was built for."""

import pytest

from support.rules import problems, severities
from support.systems import (
    ANY,
    ARM64,
    ERROR,
    IOS,
    IOS_SIM,
    MAC_ARM,
    MAC_BOTH,
    MAC_EXT,
    MAC_X86,
    MANYLINUX,
    NOTE,
    WARNING,
    X86_64,
    linux_wheel,
    mac_wheel,
)
from support.values import elf, macho, member, wheel
from wheelarch.facts.wheel import Wheel
from wheelarch.model import BuildVersion, Kind, Member, Role, Severity, Symbol

HIGH = "pkg-1.0-cp314-cp314-macosx_26_0_arm64.whl"
ANDROID_EXT = "pkg/_core.cpython-313-aarch64-linux-android.so"


def importing(name: str, **more: object) -> dict[str, object]:
    """Facts of an image that imports a function of libSystem."""
    return {"imported": (Symbol(name),), "needed": ("/usr/lib/libSystem.B.dylib",), **more}


def cramjam(**more: object) -> Wheel:
    """A wheel like cramjam 2.6.2: three platform tags, both slices at 11.0, a stack probe from libSystem."""
    facts = importing("___chkstk_darwin") | more
    return mac_wheel(
        "cramjam-2.6.2-cp39-cp39-macosx_10_9_x86_64.macosx_11_0_arm64.macosx_10_9_universal2.whl",
        macho(X86_64, (11, 0, 0), **facts),
        macho(ARM64, (11, 0, 0), **facts),
        path="cramjam/cramjam.cpython-39-darwin.so",
    )


HITS: dict[str, list[Wheel]] = {
    "WA501": [
        cramjam(),
        mac_wheel(MAC_X86, macho(X86_64, (11, 0, 0))),
        mac_wheel(MAC_X86, macho(X86_64, (10, 9, 0)), macho(ARM64, (11, 0, 0)), macho(X86_64, (10, 13, 0))),
        mac_wheel(MAC_ARM, macho(ARM64, (14, 0, 0))),
        mac_wheel(MAC_BOTH, macho(ARM64, (12, 0, 0)), macho(X86_64, (10, 9, 0))),
        mac_wheel(
            "pkg-1.0-py2.py3-none-macosx_10_6_intel.whl", macho(X86_64, (10, 12, 0)), role=Role.LIBRARY
        ),
        mac_wheel("pkg-1.0-py3-none-macosx_10_6_x86_64.whl", macho(X86_64, (10, 9, 0)), role=Role.LIBRARY),
        mac_wheel(IOS, macho(ARM64, (15, 0, 0), "ios")),
        mac_wheel(IOS_SIM, macho(ARM64, (14, 2, 0), "ios-simulator")),
        mac_wheel(MAC_X86, macho(X86_64, (10, 16, 0))),
    ],
    "WA502": [
        mac_wheel(MAC_ARM, macho(ARM64, (11, 1, 0))),
        mac_wheel(
            "pkg-1.0-cp311-cp311-macosx_13_0_universal2.whl",
            macho(X86_64, (13, 3, 0)),
            macho(ARM64, (13, 0, 0)),
        ),
        mac_wheel("pkg-1.0-cp314-cp314-macosx_26_0_arm64.whl", macho(ARM64, (26, 5, 2))),
    ],
    "WA533": [
        mac_wheel(HIGH, macho(ARM64, (11, 0, 0))),
        mac_wheel("pkg-1.0-cp311-cp311-macosx_12_0_x86_64.whl", macho(X86_64, (10, 9, 0))),
        mac_wheel("pkg-1.0-cp311-cp311-macosx_13_0_universal2.whl", macho(X86_64, (12, 7, 0)), macho(ARM64)),
        mac_wheel("pkg-1.0-cp313-cp313-ios_17_0_arm64_iphoneos.whl", macho(ARM64, (13, 0, 0), "ios")),
        linux_wheel(
            "pkg-1.0-cp313-cp313-android_30_arm64_v8a.whl", elf(ARM64, android_api=24), path=ANDROID_EXT
        ),
        # The other tag is for another Python.
        mac_wheel("pkg-1.0-cp311.py3-none-macosx_12_0_arm64.whl", macho(ARM64), role=Role.LIBRARY),
    ],
}

CLEAN: dict[str, list[Wheel]] = {
    "WA501": [
        mac_wheel(MAC_X86, macho(X86_64, (10, 9, 0))),
        mac_wheel(MAC_BOTH, macho(X86_64, (10, 9, 0)), macho(ARM64, (11, 0, 0))),
        # greenlet: a lower minos is normal.
        mac_wheel(
            "pkg-1.0-cp311-cp311-macosx_11_0_universal2.whl",
            macho(X86_64, (10, 13, 0)),
            macho(ARM64, (11, 0, 0)),
        ),
        # markupsafe for the iOS simulator: arm64 starts at 14.0.
        mac_wheel(IOS_SIM, macho(ARM64, (14, 0, 0), "ios-simulator")),
        # pyston_lite, black: 10.16 is 11.0, in the tag and in the file.
        mac_wheel("pkg-1.0-cp310-cp310-macosx_10_16_x86_64.whl", macho(X86_64, (11, 0, 0))),
        mac_wheel("pkg-1.0-cp310-cp310-macosx_11_0_x86_64.whl", macho(X86_64, (10, 16, 0))),
        # An unknown minos is not 0.
        mac_wheel(MAC_X86, macho(X86_64, None, "")),
        # No tag needs the arm64 slice.
        mac_wheel(MAC_X86, macho(X86_64, (10, 9, 0)), macho(ARM64, (14, 0, 0))),
        # WA502 and WA503 report these.
        mac_wheel("pkg-1.0-cp311-cp311-macosx_13_0_arm64.whl", macho(ARM64, (13, 3, 0))),
        mac_wheel(MAC_ARM, macho(ARM64, (18, 0, 0), "ios")),
        mac_wheel(ANY, macho(ARM64, (15, 0, 0))),
        mac_wheel(MAC_X86, macho(X86_64, (12, 0, 0), kind=Kind.OBJECT), role=Role.SDK),
    ],
    "WA502": [
        mac_wheel("pkg-1.0-cp311-cp311-macosx_13_0_arm64.whl", macho(ARM64, (13, 0, 1))),
        mac_wheel(MAC_ARM, macho(ARM64, (12, 1, 0))),
        mac_wheel("pkg-1.0-cp311-cp311-macosx_10_9_x86_64.whl", macho(X86_64, (10, 12, 0))),
        mac_wheel(IOS, macho(ARM64, (13, 4, 0), "ios")),
    ],
    "WA533": [
        mac_wheel(HIGH, macho(ARM64, (26, 0, 0))),
        mac_wheel(HIGH, macho(ARM64, (26, 1, 0))),
        # anuga 3.3.8: tools that do not know macOS 26 call it 16.
        mac_wheel(HIGH, macho(ARM64, (16, 0, 0))),
        mac_wheel(HIGH, macho(ARM64, None, "")),
        wheel(HIGH),
        mac_wheel(MAC_ARM, macho(ARM64)),
        # Nobody who matters is left out.
        mac_wheel("pkg-1.0-cp311-cp311-macosx_11_0_x86_64.whl", macho(X86_64, (10, 9, 0))),
        # The tag cannot say 13.3.
        mac_wheel("pkg-1.0-cp311-cp311-macosx_13_0_arm64.whl", macho(ARM64, (13, 3, 0))),
        # One file needs it.
        wheel(
            HIGH,
            member(MAC_EXT, macho(ARM64)),
            member("pkg/tool", macho(ARM64, (26, 0, 0)), role=Role.EXECUTABLE),
        ),
        # The other tag is for the older systems.
        mac_wheel("pkg-1.0-cp311-cp311-macosx_11_0_arm64.macosx_26_0_arm64.whl", macho(ARM64)),
        linux_wheel(
            "pkg-1.0-cp313-cp313-android_24_arm64_v8a.whl", elf(ARM64, android_api=21), path=ANDROID_EXT
        ),
        linux_wheel("pkg-1.0-cp313-cp313-android_30_arm64_v8a.whl", elf(ARM64), path=ANDROID_EXT),
        linux_wheel(MANYLINUX, elf()),
    ],
}


def test_a_missing_function_makes_an_error() -> None:
    """MacOS 10.13 has no stack probe, so the x86_64 slice fails there. The arm64 slice at 11.0 is right."""
    (problem,) = problems("WA501", cramjam())
    assert problem.severity is ERROR
    assert problem.slice == "x86_64"
    assert problem.tags == ("cp39-cp39-macosx_10_9_universal2", "cp39-cp39-macosx_10_9_x86_64")
    assert problem.evidence == {"have": "11.0", "need": "10.9", "symbol": "___chkstk_darwin"}
    assert problem.consequence.startswith("Symbol not found: ____chkstk_darwin ")
    assert "; the lowest tag that fits is macosx_11_0_" in problem.message


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
    """A function proves nothing if it may be missing, or if a library of the wheel may define it."""
    assert severities("WA501", cramjam(**more)) == [WARNING]


def test_the_library_of_a_symbol_is_believed() -> None:
    """With two-level linkage the symbol names its library, so a bundled library beside it does not matter."""
    facts = {
        "imported": (Symbol("preadv", "/usr/lib/libSystem.B.dylib"),),
        "needed": ("@rpath/libcompat.dylib",),
    }
    assert severities("WA501", mac_wheel(MAC_X86, macho(X86_64, (11, 0, 0), **facts))) == [ERROR]


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
        # CPython 3.14 runs from 10.15 on, and 10.15 has the function.
        ("pkg-1.0-cp314-cp314-macosx_10_9_x86_64.whl", (11, 0, 0), "aligned_alloc", WARNING),
        ("pkg-1.0-cp314-cp314-macosx_10_9_x86_64.whl", (11, 0, 0), "strtonum", ERROR),
    ],
)
def test_proof_goes_by_the_oldest_host(
    filename: str, minos: tuple[int, int, int], symbol: str, severity: Severity
) -> None:
    """The proof is a system that the tag allows, on which its Python runs, and that lacks the function."""
    machine = ARM64 if "arm64" in filename else X86_64
    assert severities("WA501", mac_wheel(filename, macho(machine, minos, **importing(symbol)))) == [severity]


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
    """No user notices a minos that is not above what the oldest Python of the tag needs."""
    subject = mac_wheel(f"pkg-1.0-{python}-macosx_{tag}_x86_64.whl", macho(X86_64, minos), role=Role.LIBRARY)
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
    """Code that users of the wheel do not run is a note; the wheel's only program is more than a helper."""
    others: list[Member] = (
        [] if alone else [member("pkg/_other.cpython-311-darwin.so", macho(X86_64, (10, 9, 0)))]
    )
    subject = wheel(MAC_X86, member("pkg/thing", macho(X86_64, (11, 0, 0)), role=role), *others)
    assert severities("WA501", subject) == [severity]


@pytest.mark.parametrize(
    ("first", "second", "severities_"),
    [((11, 0, 0), (11, 0, 0), [WARNING, WARNING]), ((11, 0, 0), (10, 9, 0), [NOTE])],
)
def test_the_only_programs_of_a_wheel_are_no_helpers(
    first: tuple[int, int, int], second: tuple[int, int, int], severities_: list[Severity]
) -> None:
    """If no program of a wheel without libraries was built for the tag, each is more than a helper."""
    found = [
        member(f"pkg/{name}", macho(X86_64, minos), role=Role.EXECUTABLE)
        for name, minos in (("a", first), ("b", second))
    ]
    assert severities("WA501", wheel(MAC_X86, *found)) == severities_


def test_programs_bind_lazily_so_nothing_is_proven() -> None:
    """A program fails only when it calls the function, so it is a warning."""
    image = macho(X86_64, (11, 0, 0), kind=Kind.EXECUTABLE, **importing("preadv"))
    assert severities("WA501", mac_wheel(MAC_X86, image, role=Role.SCRIPT)) == [WARNING]


def test_the_lowest_true_tag_covers_the_whole_wheel() -> None:
    """The message names the tag that fits all files, with minor version 0 from macOS 11 on. Test data is left out."""
    subject = wheel(
        MAC_BOTH,
        member(MAC_EXT, macho(X86_64, (10, 15, 0)), macho(ARM64, (11, 0, 0))),
        member("pkg/lib.dylib", macho(X86_64, (12, 3, 0)), macho(ARM64, (12, 3, 0)), role=Role.LIBRARY),
        member("pkg/tests/data/x.so", macho(X86_64, (15, 0, 0)), role=Role.TEST_DATA),
    )
    first, *_ = problems("WA501", subject)
    assert first.message.endswith("; the lowest tag that fits is macosx_12_0_universal2")


def test_one_problem_per_slice_names_all_tags() -> None:
    """A slice that two tags promise is one problem with two triples; the slice of a thin file is not named."""
    subject = mac_wheel("pkg-1.0-cp310.cp311-none-macosx_10_9_x86_64.whl", macho(X86_64, (11, 0, 0)))
    (problem,) = problems("WA501", subject)
    assert problem.slice is None
    assert problem.tags == ("cp310-none-macosx_10_9_x86_64", "cp311-none-macosx_10_9_x86_64")


@pytest.mark.parametrize(
    ("minos", "sdks", "severity"),
    [
        ((26, 5, 2), [(26, 5, 0)], WARNING),
        ((26, 5, 0), [(26, 5, 0)], WARNING),
        ((26, 5, 0), [(26, 5, 0), (26, 5, 0)], WARNING),
        ((26, 5, 0), [(26, 6, 0)], NOTE),
        # scipy 1.18.1: two modules were built with an SDK of the version that was chosen for all.
        ((26, 5, 0), [(26, 5, 0), (27, 0, 0)], NOTE),
    ],
)
def test_a_forgotten_deployment_target(
    minos: tuple[int, int, int], sdks: list[tuple[int, int, int]], severity: Severity
) -> None:
    """A version with a patch level, or that of the SDK of all slices that have it, was chosen by nobody."""
    images = [macho(ARM64, minos, build_versions=(BuildVersion("macos", minos, sdk),)) for sdk in sdks]
    subject = wheel(HIGH, *(member(f"pkg/_{at}.cpython-314-darwin.so", one) for at, one in enumerate(images)))
    assert set(severities("WA502", subject)) == {severity}
    assert ("nobody chose" in problems("WA502", subject)[0].message) is (severity is WARNING)


def test_macos_26_is_also_called_16() -> None:
    """A file for 16.0 is above a tag for 15, fits one for 26, and one that is called 16 itself."""
    image = macho(ARM64, (16, 0, 0))
    (problem,) = problems("WA501", mac_wheel("pkg-1.0-cp314-cp314-macosx_15_0_arm64.whl", image))
    assert problem.evidence["have"] == "26.0"
    for tag in ("16_0", "26_0"):
        assert problems("WA501", mac_wheel(f"pkg-1.0-cp314-cp314-macosx_{tag}_arm64.whl", image)) == []


def test_texts_of_a_high_tag() -> None:
    """The note says what the tag asks for and what the files need, in the words of the system."""
    mac, android = HITS["WA533"][0], HITS["WA533"][4]
    (problem,) = problems("WA533", mac)
    assert "asks for macOS 26.0, but all binaries for it support 11.0" in problem.message
    (problem,) = problems("WA533", android)
    assert "asks for Android API level 30, but all binaries for it support 24" in problem.message
