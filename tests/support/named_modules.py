"""Wheels and extension modules for the rules about file names, and wheels that all these rules must pass."""

from support.machines import library
from support.rules import problems
from support.values import elf, macho, member, pe, wheel
from wheelarch.facts.wheel import Wheel
from wheelarch.model import Machine, Member

ARM64, X86_64, X86 = Machine.ARM64, Machine.X86_64, Machine.X86

WIN = "pkg-1.0-cp311-cp311-win_amd64.whl"
WIN_ARM = "pkg-1.0-cp311-cp311-win_arm64.whl"
WIN_ABI3 = "pkg-1.0-cp310-abi3-win_amd64.whl"
WIN_T = "pkg-1.0-cp313-cp313t-win_amd64.whl"
MAC = "pkg-1.0-cp311-cp311-macosx_11_0_arm64.whl"
MAC_ABI3 = "pkg-1.0-cp310-abi3-macosx_10_9_universal2.whl"
LINUX = "pkg-1.0-cp311-cp311-manylinux_2_17_x86_64.whl"
LINUX_ABI3 = "pkg-1.0-cp310-abi3-manylinux_2_17_x86_64.whl"
LINUX_ABI3_315 = "pkg-1.0-cp315-abi3-manylinux_2_34_x86_64.whl"
LINUX_BOTH = "pkg-1.0-cp315-abi3.abi3t-manylinux_2_34_x86_64.whl"
LINUX_T = "pkg-1.0-cp313-cp313t-manylinux_2_17_x86_64.whl"
LINUX_315T = "pkg-1.0-cp315-cp315t-manylinux_2_34_x86_64.whl"
MUSL_310 = "pkg-1.0-cp310-cp310-musllinux_1_2_x86_64.whl"
MUSL_311 = "pkg-1.0-cp311-cp311-musllinux_1_2_x86_64.whl"
I686 = "pkg-1.0-cp311-cp311-manylinux_2_17_i686.whl"
PYPY = "pkg-1.0-pp311-pypy311_pp73-manylinux_2_17_x86_64.whl"
PYPY_WIN = "uefi_firmware-1.11-pp37-pypy37_pp73-win_amd64.whl"
GRAAL = "pkg-1.0-graalpy312-graalpy250_312_native-manylinux_2_17_x86_64.whl"
IOS = "pkg-1.0-cp313-cp313-ios_13_0_arm64_iphonesimulator.whl"
ANDROID = "pkg-1.0-cp313-cp313-android_21_arm64_v8a.whl"
PY27 = "MarkupSafe-1.1.1-cp27-cp27m-macosx_10_6_intel.whl"
NONE_38 = "winrt-1.0-cp38-none-win_amd64.whl"
NONE_313 = "pkg-1.0-cp313-none-manylinux_2_17_x86_64.whl"
GENERIC = "pkg-1.0-py3-none-manylinux_2_17_x86_64.whl"
ANY = "pkg-1.0-py2.py3-none-any.whl"
MERGED = "pkg-1.0-cp310.cp311-cp310.cp311-manylinux_2_17_x86_64.whl"

GNU = "x86_64-linux-gnu"
HOOK = ("PyInit__core",)


def pyd(name: str, *dlls: str, machine: Machine = X86_64, hooks: tuple[str, ...] = HOOK) -> Member:
    """An extension module for Windows in the folder `pkg`."""
    return member(f"pkg/{name}", pe(machine, *dlls, hooks=hooks))


def so(name: str, machine: Machine = X86_64, hooks: tuple[str, ...] = HOOK, **more: object) -> Member:
    """An extension module for Linux in the folder `pkg`."""
    return member(f"pkg/{name}", elf(machine, hooks=hooks, **more))


def darwin_so(name: str, *machines: Machine, hooks: tuple[str, ...] = HOOK) -> Member:
    """An extension module for Apple systems in the folder `pkg`, arm64 by default."""
    return member(f"pkg/{name}", *(macho(machine, hooks=hooks) for machine in machines or (ARM64,)))


GOOD_PYD = pyd("_core.cp311-win_amd64.pyd", "python311.dll")
GOOD_DARWIN_SO = darwin_so("_core.cpython-311-darwin.so")
GOOD_SO = so(f"_core.cpython-311-{GNU}.so")

_MYPYC = (
    member(
        "black/__init__.cpython-310-darwin.so",
        macho(X86_64, hooks=("PyInit_black", "PyInit___init__")),
    ),
    member("black/brackets.cpython-310-darwin.so", macho(X86_64, hooks=("PyInit_brackets",))),
    member(
        "610faff656c4cfcbb4a3__mypyc.cpython-310-darwin.so",
        macho(X86_64, hooks=("PyInit_610faff656c4cfcbb4a3__mypyc",)),
    ),
)


_CRYPTOGRAPHY = pyd(
    "_rust.pyd",
    "python3t.dll",
    hooks=("PyInit__openssl", "PyModExport__rust", "PyModExport_ocsp", "PyModExport_x509"),
)

GOOD: list[Wheel] = [
    wheel(WIN, GOOD_PYD),
    wheel(MAC, GOOD_DARWIN_SO),
    wheel(LINUX, GOOD_SO),
    wheel(WIN_T, pyd("_core.cp313t-win_amd64.pyd", "python313t.dll")),
    wheel(LINUX_T, so(f"_core.cpython-313t-{GNU}.so")),
    wheel(LINUX_ABI3, so("_core.abi3.so")),
    wheel(LINUX_ABI3_315, so(f"_core.abi3-{GNU}.so")),
    wheel(LINUX_ABI3_315, so("_core.abi3t.so")),
    wheel(LINUX_BOTH, so("_core.abi3t.so", hooks=("PyModExport__core",))),
    wheel(LINUX_BOTH, so(f"_core.abi3t-{GNU}.so", hooks=(*HOOK, "PyModExport__core"))),
    wheel(LINUX_BOTH, so("_core.abi3.so"), so("_core.abi3t.so", hooks=("PyModExport__core",))),
    wheel(WIN_ABI3, pyd("_core.pyd", "python3.dll")),
    wheel("cryptography-50.0.2-cp315-abi3.abi3t-win_amd64.whl", _CRYPTOGRAPHY),
    wheel("black-22.10.0-1fixedarch-cp310-cp310-macosx_11_0_x86_64.whl", *_MYPYC),
    wheel(MUSL_310, so(f"_core.cpython-310-{GNU}.so")),
    wheel(MUSL_310, so("_core.cpython-310-x86_64-linux-musl.so")),
    wheel(MUSL_311, so("_core.cpython-311-x86_64-linux-musl.so")),
    wheel(I686, so("_core.cpython-311-i386-linux-gnu.so", X86)),
    wheel(
        "markupsafe-3.0.4-cp314-cp314t-musllinux_1_2_armv7l.whl",
        so("_core.cpython-314t-arm-linux-musleabihf.so", Machine.ARM),
    ),
    wheel(
        "cffi-2.1.1-cp315-cp315t-manylinux2014_s390x.manylinux_2_17_s390x.whl",
        so("_core.cpython-315t-s390x-linux-gnu.so", Machine.S390X),
    ),
    wheel(PYPY, so(f"_core.pypy311-pp73-{GNU}.so", hooks=("_cffi_pypyinit__core",))),
    wheel(PYPY_WIN, pyd("_core.pypy37-pp73-win_amd64.pyd")),
    wheel(GRAAL, so("_core.graalpy250-312-native-x86_64-linux.so")),
    wheel(IOS, darwin_so("_core.cpython-313-iphonesimulator.so")),
    wheel(ANDROID, so("_core.cpython-313-aarch64-linux-android.so", ARM64)),
    wheel(PY27, darwin_so("_core.so", X86_64, X86, hooks=("init_core",))),
    wheel(NONE_313, so(f"_core.cpython-313-{GNU}.so"), so(f"_core.cpython-313t-{GNU}.so")),
    wheel(MERGED, GOOD_SO, so(f"_core.cpython-310-{GNU}.so")),
    wheel(MERGED, GOOD_SO),
    wheel(LINUX, member(f"pkg/äöü.cpython-311-{GNU}.so", elf(X86_64, hooks=("PyInitU_4ca0bs",)))),
    wheel(LINUX, library("pkg.libs/libfoo-1a2b.so.5", elf(X86_64))),
    wheel(WIN, GOOD_PYD, library("pkg/foo.dll", pe(X86_64))),
    wheel(GENERIC, library("pkg/libfoo.so", elf(X86_64, hooks=("initialize",)))),
    # No import statement reaches these.
    wheel(LINUX, so(f"4.0/lib/_core.cpython-310-{GNU}.so")),
    wheel(LINUX, so(f"my-plugin.cpython-310-{GNU}.so", hooks=("PyInit_x",))),
]
"""No rule about names reports these; some are from docs/facts/tags-and-installers.md, "Wheels that must pass"."""


_CODES = (
    "WA401", "WA402", "WA403", "WA404", "WA405", "WA406", "WA407", "WA408", "WA413", "WA414", "WA415", "WA416",
)  # fmt: skip


def name_codes(subject: Wheel) -> list[str]:
    """Return the codes of the rules about names that have a problem with a wheel."""
    return [code for code in _CODES if problems(code, subject)]
