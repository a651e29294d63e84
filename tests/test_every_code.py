"""Every code is reported in the audit of a real file, but not in that of its good twin."""

import functools
import gzip
import io
import struct
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import wheelarch
from support.archives import Part, pack, part
from support.images import image
from support.interpreters import interpreter
from support.patches import (
    as_assembly,
    patched,
    renamed,
    universal,
    with_alignment,
    with_command,
    with_directory,
    with_field,
    with_machine,
    with_magic,
    with_version_need,
    without_command,
)
from support.wheels import build_wheel
from wheelarch.facts.wheel import Wanted
from wheelarch.interpreter.target import judge
from wheelarch.interpreter.wanted import expected
from wheelarch.rules import RULES, find


class File(NamedTuple):
    """A file to audit."""

    name: str
    build: Callable[[], bytes]
    wanted: Wanted | None = None


class Pair(NamedTuple):
    """Files for which a code is reported, and the right files. Several files are audited as one set."""

    bad: tuple[File, ...]
    good: tuple[File, ...]


def wheel(
    tag: str, members: Mapping[str, bytes], *, name: str = "", wanted: Wanted | None = None, **options: Any
) -> File:
    """A wheel with this tag; `name` renames the finished file. The options are those of `build_wheel`."""
    own = f"demo-1.0-{tag}.whl"
    return File(name or own, functools.partial(build_wheel, own, members, **options), wanted)


def repacked(original: File, change: Callable[[list[Part]], bytes]) -> File:
    """The wheel, written again by `change` from its members."""

    def build() -> bytes:
        with zipfile.ZipFile(io.BytesIO(original.build())) as archive:
            return change([part(one.filename, archive.read(one)) for one in archive.infolist()])

    return original._replace(build=build)


def sdist(files: Mapping[str, bytes]) -> File:
    def build() -> bytes:
        stream = io.BytesIO()
        with tarfile.open(fileobj=stream, mode="w") as archive:
            for name, data in files.items():
                info = tarfile.TarInfo(f"demo-1.0/{name}")
                info.size = len(data)
                archive.addfile(info, io.BytesIO(data))
        return gzip.compress(stream.getvalue(), mtime=0)

    return File("demo-1.0.tar.gz", build)


def pair(bad: File, good: File) -> Pair:
    return Pair((bad,), (good,))


def by_image(tag: str, path: str, bad: bytes, good: bytes) -> Pair:
    """Two wheels that differ in the bytes of one member."""
    return pair(wheel(tag, {path: bad}), wheel(tag, {path: good}))


def by_path(tag: str, bad: str, good: str, binary: bytes) -> Pair:
    """Two wheels that differ in the path of their one member."""
    return pair(wheel(tag, {bad: binary}), wheel(tag, {good: binary}))


def by_tag(bad: str, good: str, path: str, binary: bytes) -> Pair:
    """Two wheels that differ in their tags."""
    return pair(wheel(bad, {path: binary}), wheel(good, {path: binary}))


def by_more(tag: str, path: str, binary: bytes, bad: Mapping[str, bytes], good: Mapping[str, bytes]) -> Pair:
    """Two wheels that differ in the files beside their one extension module."""
    return pair(wheel(tag, {path: binary, **bad}), wheel(tag, {path: binary, **good}))


def by_change(change: Callable[[list[Part]], bytes]) -> Pair:
    """A wheel, and the same wheel as an archive that is wrong."""
    good = repacked(wheel(WIN, {PYD: PYTHON3}), lambda parts: pack(*parts))
    return pair(repacked(good, change), good)


def by_name(bad: str, good: str, members: Mapping[str, bytes]) -> Pair:
    """One wheel under two names."""
    return pair(wheel(good, members, name=f"demo-1.0-{bad}.whl"), wheel(good, members))


WIN, WIN_ARM = "cp311-abi3-win_amd64", "cp311-abi3-win_arm64"
WIN_311 = "cp311-cp311-win_amd64"
LINUX, LINUX_ABI3 = "cp312-cp312-manylinux_2_17_x86_64", "cp312-abi3-manylinux_2_17_x86_64"
LINUX_313, LINUX_313T = "cp313-cp313-manylinux_2_34_x86_64", "cp313-cp313t-manylinux_2_34_x86_64"
MAC, MAC_14 = "cp312-cp312-macosx_11_0_arm64", "cp312-cp312-macosx_14_0_arm64"
IOS = "cp313-cp313-ios_13_0_arm64_iphoneos"
UNIVERSAL2 = "cp312-cp312-macosx_11_0_universal2"
ABI3T = "cp315-abi3t-manylinux_2_17_x86_64"
ANDROID = "cp313-cp313-android_24_arm64_v8a"

PYD, ABI3_SO = "demo/ext.pyd", "demo/ext.abi3.so"
GNU, DARWIN = "demo/ext.cpython-312-x86_64-linux-gnu.so", "demo/ext.cpython-312-darwin.so"
ANDROID_SO = "demo/ext.cpython-313-aarch64-linux-android.so"
SCRIPT = "demo-1.0.data/scripts/tool"
WHEEL, METADATA = "demo-1.0.dist-info/WHEEL", "demo-1.0.dist-info/METADATA"

PYTHON3, PYTHON3_ARM = image("win_amd64-python3.pyd"), image("win_arm64-python3.pyd")
PYTHON311 = image("win_amd64-python311.pyd")
HELPER_USER = image("win_amd64-helper-user.pyd")
HELPER, HELPER_ARM, HELPER_32 = (image(f"{name}-helper.dll") for name in ("win_amd64", "win_arm64", "win32"))
GLIBC = image("linux-x86_64-glibc.so")
EXPORT_HOOK = image("linux-x86_64-export-hook.so")
RUNPATH, HELPER_SO = image("linux-x86_64-runpath.so"), image("linux-x86_64-helper.so")
DEMO_LIBS = {"demo.libs/libhelper.so": HELPER_SO}
BIONIC = image("android-arm64_v8a.so")
USING_V3 = image("linux-x86_64-v3.so").replace(struct.pack("<I", 0xC0008002), struct.pack("<I", 0xC0010002))
"""What the code needs is now what it uses."""
ARM64, X86_64 = image("macos-arm64-11.0.so"), image("macos-x86_64-11.0.so")
ARM64_14 = image("macos-arm64-14.0.so")
FAT = image("macos-universal2.so")
DYLIB, DYLIB_X86_64 = image("macos-arm64-helper.dylib"), image("macos-x86_64-helper.dylib")
DEVICE, IOS_SO = image("ios-arm64-device.so"), "demo/ext.cpython-313-iphoneos.so"
MAC_PROGRAM = image("macos-arm64-program")
TOOLS_FOR_MAC = {
    "demo/bin/tool-darwin-arm64": MAC_PROGRAM,
    "demo/bin/tool-darwin-x86_64": image("macos-x86_64-program"),
}
TOOLS_FOR_ALL = {
    **TOOLS_FOR_MAC,
    "demo/bin/tool-windows.exe": image("win32-program.exe"),
    "demo/bin/tool-linux-x86_64": image("linux-x86_64-program"),
}
RPATHS = image("macos-arm64-rpath.so")
TRIE_ROOT = ARM64.index(b"\0\1_\0")
"""Where the exports trie starts: its root ends no name and has one child, after the edge `_`."""

ROSETTA = judge(interpreter("cpython312-macos-x86_64-rosetta"), {}).wanted

# 300 Pythons by 41 platforms make more tags than the 10,000 of Limits.tag_combinations.
MANY = ".".join(f"cp3{minor}" for minor in range(10, 310)), ".".join(f"win_{one}" for one in range(40))
PYO3_EXTENSION = PYTHON3 + rb"\registry\src\index.crates.io-1949cf8c6b5b557f\pyo3-0.26.0\src\err\err_state.rs"
"""With a panic path of PyO3, as Rust leaves them in its libraries."""

RPATH = struct.pack("<I", 12) + b"@loader_path/../lib\0"

PAIRS: dict[str, Pair] = {
    # ---- the archive and its .dist-info
    "WA001": by_change(lambda parts: pack(*parts)[:-22]),
    "WA002": by_change(lambda parts: b"#!/bin/sh\n" + pack(*parts)),
    "WA003": by_change(lambda parts: pack(*parts, parts[0])),
    "WA004": by_change(lambda parts: pack(parts[0]._replace(flags=1), *parts[1:])),
    "WA005": by_change(lambda parts: pack(parts[0]._replace(method=14), *parts[1:])),
    "WA006": by_change(lambda parts: pack(*parts, part("../escape.py"))),
    "WA007": by_change(lambda parts: pack(*parts, part("demo/" + "a" * 5000))),
    "WA008": by_change(lambda parts: pack(parts[0]._replace(crc=parts[0].crc ^ 1), *parts[1:])),
    "WA009": by_change(lambda parts: pack(parts[0]._replace(comment=b"made by hand"), *parts[1:])),
    "WA010": pair(wheel(WIN, {PYD: PYTHON3}, name=f"demo-1.1-{WIN}.whl"), wheel(WIN, {PYD: PYTHON3})),
    "WA011": by_change(lambda parts: pack(*(one for one in parts if not one.name.endswith(b"/WHEEL")))),
    "WA012": pair(
        wheel(WIN, {PYD: PYTHON3, WHEEL: f"Wheel-Version: 2.0\nTag: {WIN}\n".encode()}),
        wheel(WIN, {PYD: PYTHON3, WHEEL: f"Wheel-Version: 1.0\nTag: {WIN}\n".encode()}),
    ),
    "WA013": pair(wheel(WIN, {PYD: PYTHON3}, tags=(WIN_ARM,)), wheel(WIN, {PYD: PYTHON3})),
    "WA014": pair(wheel(WIN, {PYD: PYTHON3}, purelib=True), wheel(WIN, {PYD: PYTHON3})),
    "WA015": pair(wheel(WIN, {PYD: PYTHON3}, record=False), wheel(WIN, {PYD: PYTHON3})),
    "WA016": by_change(lambda parts: pack(*parts, part("demo/link", b"ext.pyd", attributes=0o120777 << 16))),
    "WA017": pair(
        wheel(LINUX, {SCRIPT: image("linux-x86_64-program")}),
        wheel(LINUX, {SCRIPT: image("linux-x86_64-program")}, modes={SCRIPT: 0o755}),
    ),
    "WA018": pair(
        wheel(WIN, {PYD: PYTHON3, METADATA: b"Metadata-Version: 2.1\nName: demo\nVersion: 1.0+cu128\n"}),
        wheel(WIN, {PYD: PYTHON3, METADATA: b"Metadata-Version: 2.1\nName: Demo\nVersion: 1.0.0\n"}),
    ),
    "WA019": pair(
        wheel(WIN, {PYD: PYTHON3, "demo-1.0.dist-info/variant.json": b'{"variants": {"a": {}}}'}),
        wheel(WIN, {PYD: PYTHON3}),
    ),
    "WA020": pair(
        wheel(WIN, {PYD: PYTHON3, "demo-1.0.dist-info/sboms/a.cdx.json": b"{"}),
        wheel(WIN, {PYD: PYTHON3, "demo-1.0.dist-info/sboms/a.cdx.json": b'{"bomFormat": "CycloneDX"}'}),
    ),
    "WA021": pair(
        wheel(WIN, {PYD: PYTHON3, "demo-1.0.dist-info/RECORD.jws": b"{}"}),
        wheel(WIN, {PYD: PYTHON3}),
    ),
    # ---- the tags
    "WA101": by_name("win_amd64", WIN, {PYD: PYTHON3}),
    "WA102": by_tag("cp311-abi3-win_x86_64", WIN, PYD, PYTHON3),
    "WA103": by_tag("cp312-cp312-macosx_14_2_arm64", MAC_14, DARWIN, ARM64_14),
    "WA104": by_name(f"{MANY[0]}-abi3-{MANY[1]}.win_amd64", f"{MANY[0]}-abi3-win_amd64", {PYD: PYTHON3}),
    "WA105": by_tag("cp312-cp312-linux_x86_64", LINUX, GNU, GLIBC),
    "WA106": by_tag(
        "cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64",
        "cp312-cp312-manylinux2014_x86_64.manylinux_2_17_x86_64",
        GNU,
        GLIBC,
    ),
    "WA107": by_tag("cp312-cp312-macosx_11_0_intel", "cp312-cp312-macosx_11_0_x86_64", DARWIN, X86_64),
    "WA108": by_tag("py3-abi3-manylinux_2_17_x86_64", LINUX_ABI3, ABI3_SO, GLIBC),
    "WA109": by_tag("py3-none-win_amd64", WIN_311, "demo/ext.cp311-win_amd64.pyd", PYTHON311),
    "WA110": by_tag("py3-none-any", LINUX, GNU, GLIBC),
    "WA111": by_tag(LINUX, "py3-none-any", "demo/__init__.py", b""),
    "WA112": by_tag(f"{LINUX_ABI3}.win_amd64", LINUX_ABI3, ABI3_SO, GLIBC),
    "WA113": pair(wheel("py3-none-any", TOOLS_FOR_MAC), wheel("py3-none-any", TOOLS_FOR_ALL)),
    # ---- the machine
    "WA201": by_image(WIN, PYD, PYTHON3_ARM, PYTHON3),
    "WA202": by_image(UNIVERSAL2, DARWIN, ARM64, FAT),
    "WA203": by_more(WIN, PYD, HELPER_USER, {"demo/helper.dll": HELPER_ARM}, {"demo/helper.dll": HELPER}),
    "WA204": by_more(
        UNIVERSAL2,
        DARWIN,
        FAT,
        {"demo/libhelper.dylib": DYLIB_X86_64},
        {"demo/libhelper.dylib": universal(DYLIB_X86_64, DYLIB)},
    ),
    "WA205": by_more(
        LINUX,
        GNU,
        GLIBC,
        {"demo/tool": image("linux-aarch64-program-static-pie")},
        {"demo/tool": image("linux-x86_64-program")},
    ),
    "WA206": by_more(
        MAC, DARWIN, ARM64, {"demo/tool": image("macos-x86_64-program")}, {"demo/tool": MAC_PROGRAM}
    ),
    "WA207": by_more(
        WIN,
        PYD,
        PYTHON3,
        {"demo/attach_amd64.dll": HELPER, "demo/attach_x86.dll": HELPER_32},
        {"demo/attach_amd64.dll": HELPER},
    ),
    "WA208": by_image(MAC, DARWIN, GLIBC, ARM64),
    "WA209": by_image(WIN, PYD, image("win_arm64ec-python3.pyd"), PYTHON3),
    "WA210": by_image(WIN, PYD, image("win_arm64x-python3.pyd"), PYTHON3),
    "WA211": by_more(  # COMIMAGE_FLAGS_ILONLY is 1, COMIMAGE_FLAGS_32BITREQUIRED is 2
        WIN,
        PYD,
        PYTHON3,
        {"demo/managed.dll": as_assembly(HELPER_32, 3)},
        {"demo/managed.dll": as_assembly(HELPER_32, 1)},
    ),
    "WA212": by_more(
        WIN,
        PYD,
        PYTHON3,
        {"demo/attach_amd64.dll": HELPER, "demo/attach_x86.dll": HELPER_ARM},
        {"demo/attach_amd64.dll": HELPER, "demo/attach_x86.dll": HELPER_32},
    ),
    "WA213": by_more(WIN, PYD, PYTHON3, {"demo/python3.lib": image("win_amd64-python3.lib")}, {}),
    "WA214": by_more(  # filetype is at byte 12; MH_DSYM is 10
        MAC, DARWIN, ARM64, {f"{DARWIN}.dSYM/Contents/Resources/DWARF/ext": patched(ARM64, 12, b"\x0a")}, {}
    ),
    "WA215": by_image(MAC, DARWIN, FAT, ARM64),
    "WA216": by_image(MAC, DARWIN, image("macos-arm64e.so"), ARM64),
    "WA217": by_image(UNIVERSAL2, DARWIN, image("macos-universal2-hidden-arm64.so"), FAT),
    "WA218": by_image(LINUX, GNU, image("linux-x32-glibc.so"), GLIBC),
    "WA219": by_image(LINUX, GNU, image("linux-x86_64-v3.so"), GLIBC),
    # ---- Python's library
    "WA301": by_image(WIN, PYD, PYTHON311, PYTHON3),
    "WA302": by_image("cp312-cp312-win_amd64", PYD, PYTHON311, image("win_amd64-python312.pyd")),
    "WA303": by_image(
        "cp313-cp313t-win_amd64", PYD, image("win_amd64-python313.pyd"), image("win_amd64-python313t.pyd")
    ),
    "WA304": by_image("cp315-abi3.abi3t-win_amd64", PYD, PYTHON3, image("win_amd64-python3t.pyd")),
    "WA305": by_image(WIN_311, PYD, renamed(PYTHON311, b"python311.dll", b"python3_d.dll"), PYTHON311),
    "WA306": by_image(WIN_311, PYD, renamed(PYTHON311, b"python311.dll", b"libpypy-c.dll"), PYTHON311),
    "WA307": by_image(WIN_311, PYD, renamed(PYTHON311, b"python311.dll", b"kernel32.dll"), PYTHON311),
    "WA308": by_image(WIN, PYD, image("win_amd64-mixed.pyd"), PYTHON3),
    "WA309": by_image(WIN_311, PYD, image("win_amd64-delayed.pyd"), PYTHON311),
    "WA310": by_more(WIN_311, PYD, PYTHON311, {"demo/python312.dll": HELPER}, {"demo/helper.dll": HELPER}),
    "WA311": by_image(LINUX, GNU, image("linux-x86_64-libpython.so"), GLIBC),
    "WA312": by_image(MAC, DARWIN, image("macos-arm64-framework.so"), ARM64),
    "WA313": by_image(ANDROID, ANDROID_SO, renamed(BIONIC, b"libpython3.13.so", b"libdl.so"), BIONIC),
    "WA314": by_tag(WIN_311, WIN, PYD, PYTHON3),
    "WA315": by_image(WIN_311, PYD, image("win_amd64-ordinals.pyd"), PYTHON311),
    # ---- names, hooks and the stable ABI
    "WA316": by_tag("cp313-none-win_amd64", "cp313-cp313-win_amd64", PYD, image("win_amd64-python313.pyd")),
    "WA401": by_path(LINUX, "demo/ext.cpython-311-x86_64-linux-gnu.so", GNU, GLIBC),
    "WA402": by_image(WIN_311, "demo/ext.cp311-win_amd64.pyd", PYTHON3_ARM, PYTHON311),
    "WA403": by_path(WIN_311, "demo/ext.cp311-win_arm64.pyd", "demo/ext.cp311-win_amd64.pyd", PYTHON311),
    "WA404": Pair(
        (wheel(WIN, {"demo/other.pyd": PYTHON3, "demo/__init__.py": b"from . import other\n"}),),
        (wheel(WIN, {PYD: PYTHON3, "demo/__init__.py": b"from . import ext\n"}),),
    ),
    "WA405": by_path(LINUX, "demo/ext.so", GNU, GLIBC),
    "WA406": by_path(LINUX_ABI3, "demo/ext.abi3-x86_64-linux-gnu.so", ABI3_SO, GLIBC),
    "WA407": by_more(LINUX, GNU, GLIBC, {"demo/ext.cpython-311-x86_64-linux-gnu.so": GLIBC}, {}),
    "WA408": by_image(ABI3T, "demo/ext.abi3t.so", GLIBC, EXPORT_HOOK),
    "WA409": by_image(WIN, PYD, renamed(PYTHON3, b"PyModuleDef_Init", b"_PyUnicode_Ready"), PYTHON3),
    "WA410": by_tag(
        "cp39-abi3-win_amd64", WIN, PYD, renamed(PYTHON3, b"PyModuleDef_Init", b"PyBuffer_Release")
    ),
    "WA411": by_image(ABI3T, "demo/ext.abi3t.so", GLIBC, EXPORT_HOOK),
    "WA413": by_path(WIN_311, "demo/ext_d.cp311-win_amd64.pyd", "demo/ext.cp311-win_amd64.pyd", PYTHON311),
    "WA414": by_path(WIN, "demo/ext.dll", PYD, PYTHON3),
    "WA415": by_image(WIN, PYD, image("win_amd64-python2.pyd"), PYTHON3),
    "WA416": by_path(
        "cp313-cp313t-manylinux_2_17_x86_64", ABI3_SO, "demo/ext.cpython-313t-x86_64-linux-gnu.so", GLIBC
    ),
    # ---- the system and the loader
    "WA501": by_image(MAC, DARWIN, ARM64_14, ARM64),
    "WA502": by_image(MAC_14, DARWIN, with_field(ARM64_14, 0x32, 12, 0x0E0300), ARM64_14),  # LC_BUILD_VERSION
    "WA503": by_image(MAC_14, DARWIN, image("ios-arm64-simulator.so"), ARM64_14),
    "WA504": by_image(MAC, DARWIN, without_command(ARM64, 0x32), ARM64),
    "WA505": by_image(MAC, DARWIN, image("macos-arm64-unsigned.so"), ARM64),
    "WA506": by_image(IOS, IOS_SO, with_field(DEVICE, 0x1D, 12, 64), DEVICE),  # LC_CODE_SIGNATURE, datasize
    "WA507": by_image(MAC, DARWIN, image("macos-arm64-homebrew.so"), ARM64),
    "WA508": by_more(
        MAC,
        DARWIN,
        image("macos-arm64-helper-user.so"),
        {},
        {"demo/.dylibs/libhelper.dylib": DYLIB},
    ),
    "WA509": by_image(MAC, DARWIN, with_command(RPATHS, 0x8000001C, RPATH), RPATHS),  # LC_RPATH
    "WA510": by_image(MAC, DARWIN, with_command(ARM64, 0x800000FF, bytes(8)), ARM64),
    "WA511": by_tag(  # LC_DYLD_CHAINED_FIXUPS
        "cp37-cp37m-macosx_10_9_x86_64",
        "cp37-cp37m-macosx_11_0_x86_64",
        "demo/ext.cpython-37m-darwin.so",
        with_command(image("macos-x86_64-10.9.so"), 0x80000034, bytes(8)),
    ),
    "WA512": by_image(
        UNIVERSAL2, DARWIN, universal(X86_64, image("macos-arm64-homebrew.so")), universal(X86_64, ARM64)
    ),
    "WA520": by_image(LINUX, GNU, image("linux-x86_64-glibc2.34.so"), GLIBC),
    "WA521": by_image(LINUX, GNU, image("linux-x86_64-musl.so"), GLIBC),
    "WA522": by_image(
        LINUX, GNU, with_version_need(GLIBC, b"GLIBC_PRIVATE", b"PyModule_AddObjectRef"), GLIBC
    ),
    "WA523": by_more(WIN, PYD, HELPER_USER, {}, {"demo/helper.dll": HELPER}),
    "WA524": pair(
        wheel(LINUX, {GNU: renamed(RUNPATH, b"$ORIGIN/../demo.libs", b"/home/user/demo.libs"), **DEMO_LIBS}),
        wheel(LINUX, {GNU: RUNPATH, **DEMO_LIBS}),
    ),
    "WA525": by_image(LINUX, GNU, image("linux-x86_64-execstack.so"), GLIBC),
    "WA526": by_image(ANDROID, ANDROID_SO, with_alignment(BIONIC, 0x1000), BIONIC),
    "WA527": by_tag("cp313-cp313-android_21_arm64_v8a", ANDROID, ANDROID_SO, BIONIC),
    "WA530": by_image(UNIVERSAL2, DARWIN, image("macos-universal2-flat-x86_64.so"), universal(X86_64, ARM64)),
    "WA531": by_image(MAC, DARWIN, image("macos-arm64-flat.so"), ARM64),
    "WA532": by_image(MAC, DARWIN, image("macos-arm64-edited.so"), ARM64),
    "WA533": by_tag("cp312-cp312-macosx_15_0_arm64", MAC_14, DARWIN, ARM64_14),
    "WA534": by_image(LINUX, GNU, USING_V3, GLIBC),
    # ---- several wheels, the sdist, the tools, the interpreter
    "WA601": Pair(
        (wheel(WIN, {PYD: PYTHON3}), wheel(WIN_ARM, {PYD: PYTHON3})),
        (wheel(WIN, {PYD: PYTHON3}), wheel(WIN_ARM, {PYD: PYTHON3_ARM})),
    ),
    "WA602": Pair(
        (
            wheel(WIN_311, {PYD: PYTHON311}),
            wheel(MAC, {DARWIN: ARM64}),
            wheel("cp312-cp312-win_amd64", {PYD: image("win_amd64-python312.pyd")}),
        ),
        (
            wheel(MAC, {DARWIN: ARM64}),
            wheel("cp312-cp312-win_amd64", {PYD: image("win_amd64-python312.pyd")}),
        ),
    ),
    "WA603": Pair(
        (wheel(MAC, {DARWIN: ARM64}), wheel(UNIVERSAL2, {DARWIN: FAT})),
        (wheel(MAC, {DARWIN: ARM64}), wheel("cp312-cp312-macosx_11_0_x86_64", {DARWIN: X86_64})),
    ),
    "WA604": pair(
        sdist({"PKG-INFO": b"Name: demo\n", "src/ext.cpython-312-darwin.so": ARM64}),
        sdist({"PKG-INFO": b"Name: demo\n", "src/ext.c": b"int x;\n"}),
    ),
    "WA605": Pair(
        (
            wheel(LINUX_313, {"demo/ext.so": GLIBC}),
            wheel(LINUX_313T, {"demo/ext.so": GLIBC}),
        ),
        (
            wheel(LINUX_313, {"demo/ext.so": GLIBC}),
            wheel(LINUX_313T, {"demo/ext.so": image("linux-x86_64-glibc2.34.so")}),
        ),
    ),
    "WA701": pair(
        wheel("cp39-abi3-win_amd64", {PYD: PYO3_EXTENSION}, generator="maturin (1.9.4)"),
        wheel("cp39-abi3-win_amd64", {PYD: PYO3_EXTENSION}, generator="maturin (1.14.1)"),
    ),
    "WA801": pair(
        wheel(MAC, {DARWIN: ARM64}, wanted=expected("x86_64-apple-darwin")),
        wheel(MAC, {DARWIN: ARM64}, wanted=expected("aarch64-apple-darwin")),
    ),
    "WA802": pair(
        wheel(MAC, {DARWIN: ARM64}, wanted=expected("cp313-cp313-macosx_14_0_arm64")),
        wheel(MAC, {DARWIN: ARM64}, wanted=expected("cp312-cp312-macosx_14_0_arm64")),
    ),
    "WA803": pair(
        wheel("cp312-cp312-macosx_11_0_x86_64", {DARWIN: X86_64}, wanted=ROSETTA),
        wheel(UNIVERSAL2, {DARWIN: FAT}, wanted=ROSETTA),
    ),
    # ---- damage
    "WA901": by_image(WIN, PYD, PYTHON3[:0x200], PYTHON3),
    "WA902": by_image(WIN, PYD, with_directory(PYTHON3, 1, 0x7FFF0000, 40), PYTHON3),  # the import directory
    "WA903": by_image(UNIVERSAL2, DARWIN, patched(FAT, 4, struct.pack(">I", 20)), FAT),  # nfat_arch
    "WA904": by_image(UNIVERSAL2, DARWIN, universal(X86_64, ARM64, ARM64), universal(X86_64, ARM64)),
    "WA905": by_image(WIN, PYD, with_machine(PYTHON3, 0x14C), PYTHON3),  # x86, and the header of PE32+
    "WA906": by_image(MAC, DARWIN, patched(ARM64, TRIE_ROOT + 4, b"\0"), ARM64),  # its own child
    "WA907": by_more(
        LINUX,
        GNU,
        GLIBC,
        {"demo/libhelper.so": b"version https://git-lfs.github.com/spec/v1\n"},
        {"demo/libhelper.so": HELPER_SO},
    ),
    "WA908": by_image(WIN, PYD, with_magic(PYTHON3, 0x107), PYTHON3),  # a ROM image
}


def findings(files: tuple[File, ...], folder: Path, code: str) -> list[wheelarch.Finding]:
    """Return what an audit reports: of one file its bytes, of several the set that a folder holds."""
    select = ("WA", code)
    if len(files) == 1:
        (one,) = files
        report = wheelarch.audit(
            one.build(), name=one.name, wanted=one.wanted, select=select, second_opinion="off"
        )
    else:
        for one in files:
            (folder / one.name).write_bytes(one.build())
        report = wheelarch.audit([folder / one.name for one in files], select=select, second_opinion="off")
    return list(report.findings)


def test_every_pair_has_its_rule() -> None:
    """The pairs are in the order of codes, and each has its rule. A new rule may add one; its own test is enough."""
    assert list(PAIRS) == sorted(PAIRS)
    assert set(PAIRS) <= {rule.code for rule in RULES}


@pytest.mark.parametrize("code", PAIRS)
def test_bad(code: str, tmp_path: Path) -> None:
    """The code is reported with the severity of its rule for the file that was made for it."""
    severities = [one.severity for one in findings(PAIRS[code].bad, tmp_path, code) if one.code == code]
    assert find(code).severity in severities


@pytest.mark.parametrize("code", PAIRS)
def test_good(code: str, tmp_path: Path) -> None:
    """The file in which that one thing is right gets only notes, and none with this code."""
    found = findings(PAIRS[code].good, tmp_path, code)
    assert code not in {one.code for one in found}
    assert {one.severity for one in found} <= {wheelarch.Severity.NOTE}
