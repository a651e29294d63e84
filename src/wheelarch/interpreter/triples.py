"""One table of platforms: the name that Python gives each, its Rust triple, its wheel tag, and its machine number.

Sources: sysconfig.get_platform of CPython 3.6 to 3.15; `rustc --print target-list` of 1.95; PEP 425, 513, 600, 656,
730, 738, 776, 783; PE format, Machine Types; mach-o/machine.h; ELF gABI, e_machine.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING, NamedTuple
from ..facts.machines import serves
from ..model import Format, Image

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["PLATFORMS", "UNIVERSAL2", "Platform", "of_image", "of_platform", "of_tag", "of_triple"]


class Platform(NamedTuple):
    """One kind of process, with its names in Python, Rust, wheels and binaries."""

    triple: str
    """The name in Rust: `x86_64-pc-windows-msvc`. Each is in the table once."""
    system: str
    """`windows`, `mingw`, `macos`, `ios`, `linux`, `android`, `wasm`, or the beginning of the platform string."""
    libc: str
    """`glibc`, `musl`, `bionic`, or empty if the system has only one."""
    arch: str
    """As `Image.arch` has it; empty for the two slices of universal2."""
    variant: str
    """`Image.variant`, if the machine alone is not enough: `soft-float`, `x32`."""
    bits: int
    """Of a pointer."""
    strings: tuple[str, ...]
    """sysconfig.get_platform() without versions: `win-amd64`, `macosx-arm64`, `ios-arm64-iphoneos`."""
    tag: str
    """The platform tag of wheels without versions: `win_amd64`, `macosx_arm64`, `linux_x86_64`."""
    format: Format | None
    """None for XCOFF, for which there is no parser."""
    code: int
    """The raw machine number in the binary: PE Machine, Mach-O cputype, ELF e_machine; 0 for wasm."""


_WINDOWS = (
    # get_platform, Rust's machine, environments of MinGW, wheel tag, arch, bits, Machine
    ("win32", "i686", "mingw_i686", "win32", "x86", 32, 0x014C),
    ("win-amd64", "x86_64", "mingw_x86_64", "win_amd64", "x86_64", 64, 0x8664),
    ("win-arm64", "aarch64", "mingw_aarch64", "win_arm64", "arm64", 64, 0xAA64),
)
_APPLE = (
    ("x86_64-apple-darwin", "macos", "x86_64", "macosx-x86_64", "macosx_x86_64", 0x01000007),
    ("aarch64-apple-darwin", "macos", "arm64", "macosx-arm64", "macosx_arm64", 0x0100000C),
    ("aarch64-apple-ios", "ios", "arm64", "ios-arm64-iphoneos", "ios_arm64_iphoneos", 0x0100000C),
    (
        "aarch64-apple-ios-sim",
        "ios",
        "arm64",
        "ios-arm64-iphonesimulator",
        "ios_arm64_iphonesimulator",
        0x0100000C,
    ),
    (
        "x86_64-apple-ios",
        "ios",
        "x86_64",
        "ios-x86_64-iphonesimulator",
        "ios_x86_64_iphonesimulator",
        0x01000007,
    ),
)
_LINUX = (
    # uname machines, Rust's machine, its environments for glibc and musl, tag's machine, arch, variant, bits, e_machine
    ("x86_64", "x86_64", "gnu", "musl", "x86_64", "x86_64", "", 64, 62),
    ("i686 i586 i486 i386 x86_64", "i686", "gnu", "musl", "i686", "x86", "", 32, 3),
    ("x86_64", "x86_64", "gnux32", "", "x86_64", "x32", "x32", 32, 62),
    ("aarch64", "aarch64", "gnu", "musl", "aarch64", "arm64", "", 64, 183),
    ("armv7l armv8l aarch64", "armv7", "gnueabihf", "musleabihf", "armv7l", "arm", "", 32, 40),
    ("armv7l armv8l aarch64", "armv7", "gnueabi", "musleabi", "armv7l", "arm", "soft-float", 32, 40),
    ("armv6l", "arm", "gnueabihf", "musleabihf", "armv6l", "arm", "", 32, 40),
    ("armv6l", "arm", "gnueabi", "musleabi", "armv6l", "arm", "soft-float", 32, 40),
    ("armv5tel armv5tejl", "armv5te", "gnueabi", "musleabi", "armv5tel", "arm", "soft-float", 32, 40),
    ("ppc64le", "powerpc64le", "gnu", "musl", "ppc64le", "ppc64le", "", 64, 21),
    ("ppc64", "powerpc64", "gnu", "musl", "ppc64", "ppc64", "", 64, 21),
    ("ppc ppc64", "powerpc", "gnu", "musl", "ppc", "ppc", "", 32, 20),
    ("s390x", "s390x", "gnu", "musl", "s390x", "s390x", "", 64, 22),
    ("riscv64", "riscv64gc", "gnu", "musl", "riscv64", "riscv64", "", 64, 243),
    ("riscv32", "riscv32gc", "gnu", "musl", "riscv32", "riscv32", "", 32, 243),
    ("loongarch64", "loongarch64", "gnu", "musl", "loongarch64", "loongarch64", "", 64, 258),
    ("mips64el", "mips64el", "gnuabi64", "muslabi64", "mips64", "mips", "", 64, 8),
    ("mips64", "mips64", "gnuabi64", "muslabi64", "mips64", "mips", "", 64, 8),
    ("mipsel mips64el", "mipsel", "gnu", "musl", "mips", "mips", "", 32, 8),
    ("mips mips64", "mips", "gnu", "musl", "mips", "mips", "", 32, 8),
    ("sparc64", "sparc64", "gnu", "", "sparc64", "sparc64", "", 64, 43),
)
_ANDROID = (
    ("aarch64-linux-android", "arm64", "arm64_v8a", 64, 183),
    ("armv7-linux-androideabi", "arm", "armeabi_v7a", 32, 40),
    ("i686-linux-android", "x86", "x86", 32, 3),
    ("x86_64-linux-android", "x86_64", "x86_64", 64, 62),
)
_BSD = (
    # uname machines, Rust's machine, systems, arch, bits, e_machine
    ("amd64 x86_64", "x86_64", "freebsd netbsd openbsd dragonfly", "x86_64", 64, 62),
    ("arm64 aarch64", "aarch64", "freebsd netbsd openbsd", "arm64", 64, 183),
    ("i386", "i686", "freebsd netbsd openbsd", "x86", 32, 3),
    ("powerpc64le", "powerpc64le", "freebsd", "ppc64le", 64, 21),
    ("powerpc64", "powerpc64", "freebsd openbsd", "ppc64", 64, 21),
    ("riscv64 riscv", "riscv64gc", "freebsd netbsd openbsd", "riscv64", 64, 243),
    ("sparc64", "sparc64", "netbsd openbsd", "sparc64", 64, 43),
)


def _rows() -> Iterator[Platform]:
    pe, macho, elf = Format.PE, Format.MACHO, Format.ELF
    for string, machine, mingw, tag, arch, bits, code in _WINDOWS:
        yield Platform(f"{machine}-pc-windows-msvc", "windows", "", arch, "", bits, (string,), tag, pe, code)
        llvm = tuple(f"{mingw}{runtime}_llvm" for runtime in ("", "_msvcrt", "_ucrt"))
        gnu = (
            mingw,
            *(f"{mingw}{rest}" for rest in ("_gnu", "_msvcrt", "_msvcrt_gnu", "_ucrt", "_ucrt_gnu")),
        )
        if arch != "arm64":  # there is no GCC, and so no -gnu, for Windows on Arm
            yield Platform(f"{machine}-pc-windows-gnu", "mingw", "", arch, "", bits, gnu, mingw, pe, code)
            gnu = ()
        yield Platform(
            f"{machine}-pc-windows-gnullvm", "mingw", "", arch, "", bits, llvm + gnu, mingw, pe, code
        )
    yield Platform(
        "thumbv7a-pc-windows-msvc", "windows", "", "arm", "", 32, ("win-arm32",), "win_arm32", pe, 0x01C4
    )
    yield Platform(
        "x86_64-pc-cygwin", "cygwin", "", "x86_64", "", 64, ("cygwin-x86_64",), "cygwin_x86_64", pe, 0x8664
    )
    for triple, system, arch, string, tag, code in _APPLE:
        yield Platform(triple, system, "", arch, "", 64, (string,), tag, macho, code)
    yield UNIVERSAL2
    for machines, rust, glibc, musl, tag, arch, variant, bits, code in _LINUX:
        strings = tuple(f"linux-{machine}" for machine in machines.split())
        for libc, environment in (("glibc", glibc), ("musl", musl)):
            if environment:
                triple = f"{rust}-unknown-linux-{environment}"
                yield Platform(triple, "linux", libc, arch, variant, bits, strings, f"linux_{tag}", elf, code)
    for triple, arch, abi, bits, code in _ANDROID:
        yield Platform(
            triple, "android", "bionic", arch, "", bits, (f"android-{abi}",), f"android_{abi}", elf, code
        )
    pyodide = ("emscripten-wasm32", "pyemscripten-wasm32", "pyodide-wasm32")
    yield Platform(
        "wasm32-unknown-emscripten",
        "wasm",
        "",
        "wasm32",
        "",
        32,
        pyodide,
        "pyemscripten_wasm32",
        Format.WASM,
        0,
    )
    yield Platform(
        "wasm32-wasip1", "wasm", "", "wasm32", "", 32, ("wasi-wasm32",), "wasi_wasm32", Format.WASM, 0
    )
    for machines, rust, systems, arch, bits, code in _BSD:
        for system in systems.split():
            strings = tuple(f"{system}-{machine}" for machine in machines.split())
            tag = strings[0].replace("-", "_")
            yield Platform(f"{rust}-unknown-{system}", system, "", arch, "", bits, strings, tag, elf, code)
    for triple, system, arch, bits, string, tag, code in (
        # illumos calls itself Solaris
        ("x86_64-pc-solaris", "solaris", "x86_64", 64, "solaris-i86pc.64bit", "solaris_64bit", 62),
        ("sparcv9-sun-solaris", "solaris", "sparc64", 64, "solaris-sun4v.64bit", "solaris_64bit", 43),
        ("x86_64-unknown-illumos", "illumos", "x86_64", 64, "illumos-x86_64", "illumos_x86_64", 62),
        ("x86_64-unknown-haiku", "haiku", "x86_64", 64, "haiku-x86_64", "haiku_x86_64", 62),
        ("i686-unknown-hurd-gnu", "gnu", "x86", 32, "gnu-at386", "gnu_at386", 3),
        ("x86_64-unknown-hurd-gnu", "gnu", "x86_64", 64, "gnu-x86_64", "gnu_x86_64", 62),
    ):
        yield Platform(triple, system, "", arch, "", bits, (string,), tag, elf, code)
    yield Platform("powerpc64-ibm-aix", "aix", "", "ppc64", "", 64, ("aix-64",), "aix_64", None, 0)


UNIVERSAL2 = Platform(
    "universal2-apple-darwin",
    "macos",
    "",
    "",
    "",
    64,
    ("macosx-universal2",),
    "macosx_universal2",
    Format.MACHO,
    0,
)
"""Both slices in one file. The triple is maturin's: rustc does not know it."""

PLATFORMS: tuple[Platform, ...] = tuple(_rows())
"""Every platform that has a Rust triple. If several have the same name, the usual one is first."""


def of_platform(
    string: str, *, bits: int = 0, libc: str = "", variant: str = "", byteorder: str = ""
) -> Platform | None:
    """Return the platform that sysconfig.get_platform() names, or None for one without a Rust triple.

    Args:
        string: `win-amd64`, `macosx-11.0-arm64`, `linux-x86_64`. On Linux it names only the machine of the kernel.
        bits: Of a pointer; 0 for the width that the string makes likely.
        libc: `glibc` or `musl`, if it is known.
        variant: `Image.variant` of the interpreter, if it is known.
        byteorder: sys.byteorder, if it is known: MIPS has two under one name.
    """
    key = _key(string)
    if key.startswith("linux-mips") and byteorder == "little" and not key.endswith("el"):
        key += "el"
    rows = [row for row in PLATFORMS if key in row.strings and row.bits in (bits or row.bits,)]
    rows = [row for row in rows if row.libc == libc] or rows
    rows = [row for row in rows if row.variant == variant] or rows
    return rows[0] if rows else None


def _key(string: str) -> str:
    """Return a platform string without its versions: the first word and the name of the machine."""
    words = string.strip().lower().split("-")
    if words[0] == "ios":
        return "-".join((words[0], *words[-2:]))
    return "-".join((words[0], words[-1])) if len(words) > 1 else words[0]


def of_triple(triple: str) -> Platform | None:
    """Return the platform of a Rust triple, or None if it is not in the table."""
    return next((row for row in PLATFORMS if row.triple == triple), None)


def of_tag(tag: str) -> tuple[Platform, ...]:
    """Return the platforms that a wheel's platform tag names: two for a plain `linux_*`, which names no C library.

    Args:
        tag: One platform tag: `win_amd64`, `macosx_11_0_arm64`, `manylinux_2_28_x86_64`.
    """
    family, *rest = tag.lower().split("_")
    libc = "musl" if family == "musllinux" else "glibc" if family.startswith("manylinux") else ""
    family = (
        "linux" if libc else {"emscripten": "pyemscripten", "pyodide": "pyemscripten"}.get(family, family)
    )
    while len(rest) > 1 and rest[0].isdigit():
        del rest[0]
    keys = {"_".join((family, *rest)), f"{family}_{rest[-1] if rest else ''}"}
    return tuple(
        row
        for row in PLATFORMS
        if row.libc in (libc or row.libc,)
        and (not row.variant or family != "linux")
        and (row.tag in keys or (row.system == "mingw" and not keys.isdisjoint(row.strings)))
    )


def of_image(image: Image, libc: str = "") -> tuple[Platform, ...]:
    """Return the platforms whose processes load this image, according to its header.

    Args:
        image: A slice, or a thin file.
        libc: Of the image or of its program interpreter, if it is known.
    """
    return tuple(
        row
        for row in PLATFORMS
        if row.format is image.format
        and row.arch
        and serves(image, row.arch)
        and row.bits in (image.bits or row.bits,)
        and row.variant == (image.variant if image.format is Format.ELF else "")
        and row.libc in (libc or row.libc,)
        and (image.macho is None or image.macho.platform in ("", _apple_platform(row)))
    )


def _apple_platform(row: Platform) -> str:
    """Return the name of the system in LC_BUILD_VERSION (`BuildVersion.platform`)."""
    if row.system == "ios":
        return "ios-simulator" if row.tag.endswith("simulator") else "ios"
    return "macos"
