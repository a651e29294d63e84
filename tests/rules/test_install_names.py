"""WA507 and WA508: the paths by which Mach-O files name libraries."""

import pytest

from support.images import image
from support.machines import dependency
from support.needed import HOMEBREW, MAC_BOTH, NEED_CODES, X86_64, elf_module, mac_module, macho_needing
from support.rules import problems, severities
from support.systems import ERROR, IOS, MAC_ARM, MAC_EXT, NOTE, WARNING
from support.values import entry, macho, member, wheel
from wheelarch import inspect
from wheelarch.facts.wheel import Wheel
from wheelarch.model import BuildVersion, Role, Severity

OLD_SDK = BuildVersion("macos", (11, 0, 0), (13, 3, 0))

HITS: dict[str, list[Wheel]] = {
    "WA507": [
        mac_module(macho_needing(HOMEBREW)),
        mac_module(macho_needing("/Users/runner/work/build/libx.dylib")),
        mac_module(macho_needing("libx.dylib")),
        mac_module(macho_needing(HOMEBREW), also=(dependency("pkg/.dylibs/libzstd.1.dylib", macho()),)),
        elf_module("/home/runner/build/libfoo.so"),
        wheel(
            MAC_ARM,
            member(MAC_EXT, macho_needing("@loader_path/libx.dylib")),
            dependency("pkg/libx.dylib", macho_needing(HOMEBREW)),
        ),
        mac_module(macho(X86_64), macho_needing(HOMEBREW), name=MAC_BOTH),
    ],
    "WA508": [
        mac_module(macho_needing("@rpath/libx.dylib")),
        mac_module(macho_needing("@loader_path/../../../pkg.dylibs/libx.dylib")),
        mac_module(macho_needing("@executable_path/../lib/libx.dylib")),
        mac_module(macho_needing("@rpath/libx.dylib", rpaths=("@loader_path/../lib",))),
        # Another extension module is a bundle, which has no install name.
        mac_module(
            macho_needing("@loader_path/_base.cpython-311-darwin.so"),
            also=(member("pkg/_base.cpython-311-darwin.so", macho()),),
        ),
    ],
}

CLEAN: dict[str, list[Wheel]] = {
    "WA507": [
        mac_module(
            macho_needing(
                "/System/Library/Frameworks/Accelerate.framework/Versions/A/Accelerate", "@rpath/libx.dylib"
            )
        ),
        mac_module(macho_needing("/Library/Frameworks/Python.framework/Versions/3.11/Python")),
        mac_module(macho(install_name="/Users/runner/work/build/libx.dylib")),
        mac_module(macho_needing(HOMEBREW), role=Role.TEST_DATA),
        mac_module(macho_needing(HOMEBREW, machine=X86_64), macho()),
        mac_module(macho_needing(HOMEBREW, kind="weak")),
        mac_module(macho_needing("/opt/homebrew/opt/libomp/lib/libomp.dylib")),
        elf_module("/usr/lib/libx.so"),
        wheel(
            "pkg-1.0-py3-none-any.whl", member("pkg/attach.dylib", macho_needing(HOMEBREW), role=Role.LIBRARY)
        ),
    ],
    "WA508": [
        mac_module(macho_needing("@loader_path/libx.dylib"), also=(dependency("pkg/libx.dylib", macho()),)),
        mac_module(
            macho_needing("@rpath/libx.dylib", rpaths=("@loader_path",)),
            also=(dependency("pkg/libx.dylib", macho()),),
        ),
        mac_module(macho_needing("@rpath/libx.dylib", kind="weak")),
        mac_module(macho_needing("@rpath/Python.framework/Python", platform="ios"), name=IOS),
        mac_module(macho_needing("@rpath/libx.dylib"), role=Role.TEST_DATA),
    ],
}


@pytest.mark.parametrize(
    ("code", "subject", "severity"),
    [
        ("WA507", mac_module(macho_needing(HOMEBREW)), ERROR),
        ("WA507", mac_module(macho_needing("/usr/local/opt/zstd/lib/libzstd.dylib")), ERROR),
        ("WA507", mac_module(macho_needing(HOMEBREW), role=Role.LIBRARY), ERROR),
        (
            "WA507",
            mac_module(macho(), also=(member("pkg/plug.dylib", macho_needing(HOMEBREW), role=Role.LIBRARY),)),
            WARNING,
        ),
        (
            "WA507",
            mac_module(macho_needing(HOMEBREW), also=(dependency("pkg/libzstd.1.dylib", macho()),)),
            WARNING,
        ),
        (
            "WA507",
            mac_module(
                macho_needing(HOMEBREW),
                also=(dependency("pkg/libzstd.1.dylib", macho(install_name=HOMEBREW)),),
            ),
            NOTE,
        ),
        ("WA507", mac_module(macho_needing("/opt/local/lib/libz.1.dylib")), ERROR),
        (
            "WA507",
            mac_module(macho_needing("/opt/local/lib/libz.1.dylib", build_versions=(OLD_SDK,))),
            WARNING,
        ),
        ("WA507", mac_module(macho_needing("libx.dylib")), WARNING),
        ("WA507", elf_module("/home/runner/build/libfoo.so"), ERROR),
        ("WA508", mac_module(macho_needing("@rpath/libx.dylib")), WARNING),
        (
            "WA508",
            mac_module(
                macho_needing("@loader_path/../../x.dylib"), also=(dependency("pkg/x.dylib", macho()),)
            ),
            WARNING,
        ),
        ("WA508", mac_module(macho_needing("@loader_path/../other/lib/x.dylib")), WARNING),
        (
            "WA508",
            mac_module(macho_needing("@loader_path/lib/x.dylib"), also=(dependency("pkg/x.dylib", macho()),)),
            WARNING,
        ),
        (
            "WA508",
            mac_module(
                macho_needing("@rpath/x.dylib"),
                also=(dependency("pkg/x.dylib", macho(install_name="@rpath/x.dylib")),),
            ),
            NOTE,
        ),
        (
            "WA508",
            mac_module(
                macho_needing("@rpath/x.dylib"),
                also=(dependency("pkg/x.dylib", macho(install_name="/DLC/pkg/x.dylib")),),
            ),
            WARNING,
        ),
        (
            "WA508",
            mac_module(macho_needing("@rpath/libx.dylib", rpaths=("@loader_path/../other/lib",))),
            WARNING,
        ),
        ("WA508", mac_module(macho_needing("@rpath/libx.dylib", rpaths=("@loader_path/lib",))), WARNING),
    ],
)
def test_severities(code: str, subject: Wheel, severity: Severity) -> None:
    """It is an error only if nothing on a user's machine can help."""
    assert severities(code, subject) == [severity]


def test_all_files_say_which_folders_are_the_wheels() -> None:
    """A run path into a package of the wheel does not lead to another distribution."""
    core = member(MAC_EXT, macho_needing("@rpath/libx.dylib", rpaths=("@loader_path/../other/lib",)))
    subject = wheel(MAC_ARM, core, entries=[entry(MAC_EXT), entry("other/__init__.py")])
    (problem,) = problems("WA508", subject)
    assert problem.severity is WARNING


@pytest.mark.parametrize(
    ("code", "subject", "message", "consequence"),
    [
        (
            "WA507",
            mac_module(macho_needing(HOMEBREW)),
            f"{MAC_EXT} needs libzstd.1.dylib at the absolute path {HOMEBREW}",
            f"Library not loaded: {HOMEBREW}",
        ),
        (
            "WA508",
            mac_module(macho_needing("@rpath/a.dylib"), also=(dependency("pkg/x/a.dylib", macho()),)),
            f"{MAC_EXT} needs @rpath/a.dylib, which does not lead to a file of the wheel; the wheel has pkg/x/a.dylib",
            "Library not loaded: @rpath/a.dylib",
        ),
    ],
)
def test_texts(code: str, subject: Wheel, message: str, consequence: str) -> None:
    """A problem says what is wrong in which file, and what users see."""
    (problem,) = problems(code, subject)
    assert (problem.message, problem.consequence) == (message, consequence)


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({MAC_EXT: "macos-arm64-homebrew.so"}, {"WA507"}),
        ({MAC_EXT: "macos-arm64-helper-user.so"}, {"WA508"}),
        (
            {
                MAC_EXT: "macos-arm64-helper-user.so",
                "pkg/.dylibs/libhelper.dylib": "macos-arm64-helper.dylib",
            },
            set(),
        ),
    ],
)
def test_real_files(files: dict[str, str], found: set[str]) -> None:
    """In files that linkers wrote, names are followed to the library, and reported if it is not there."""
    members = [member(path, *inspect(image(file))) for path, file in files.items()]
    assert {code for code in NEED_CODES if problems(code, wheel(MAC_ARM, *members))} == found
