"""Platform tags: the system, the machines, the oldest system and the C library of each.

There is a table per family of tags and a function that reads it. `read_platform` chooses the function by the first word
of the tag.
"""

from __future__ import annotations

from .._lib.typed import NamedTuple

__all__ = ["OTHER_FAMILIES", "Platform", "read_platform"]

OTHER_FAMILIES = frozenset(
    {"aix", "cygwin", "freebsd", "haiku", "illumos", "msys", "netbsd", "openbsd", "solaris"}
)
"""First words of platform tags that some Python accepts, but of which wheelarch knows only the name."""


class Platform(NamedTuple):
    """What a platform tag means. `Target` describes the fields."""

    system: str
    arches: tuple[str, ...] = ()
    floor: tuple[int, int] | None = None
    libc: str = ""
    tokens: tuple[str, ...] = ()
    """What CPython writes between ABI and `.so` in a suffix, with `-gnu` for musl too; empty if unknown."""
    other_tokens: tuple[str, ...] = ()
    """What PyPy writes there."""
    dead: str = ""
    """Why no installer accepts the tag."""


_WINDOWS = {
    "win32": "x86",
    "win_amd64": "x86_64",
    "win_arm64": "arm64",
    "win_arm32": "arm",
    "win_ia64": "ia64",
}
"""Machines by what sysconfig.get_platform() returns on Windows."""
_MACOS = {
    "arm64": ("arm64",),
    "x86_64": ("x86_64",),
    "universal2": ("arm64", "x86_64"),
    "intel": ("x86", "x86_64"),
    "fat": ("x86", "ppc"),
    "fat3": ("x86", "ppc", "x86_64"),
    "fat32": ("x86", "ppc", "x86_64"),  # fat3 before packaging spelled it right
    "fat64": ("ppc64", "x86_64"),
    "universal": ("x86", "ppc", "ppc64", "x86_64"),
    "i386": ("x86",),
    "ppc": ("ppc",),
    "ppc64": ("ppc64",),
}
"""Machines by the tag's architecture (CPython Lib/_osx_support.py, get_platform_osx)."""
_LINUX = {
    "x86_64": ("x86_64", ("x86_64-linux-gnu",), ("x86_64-linux-gnu",)),
    "i686": ("x86", ("i386-linux-gnu",), ("x86-linux-gnu", "i686-linux-gnu")),
    "aarch64": ("arm64", ("aarch64-linux-gnu",), ("aarch64-linux-gnu",)),
    "armv6l": ("arm", ("arm-linux-gnueabihf",), ("arm-linux-gnu",)),
    "armv7l": ("arm", ("arm-linux-gnueabihf",), ("arm-linux-gnu",)),
    "armv8l": ("arm", ("arm-linux-gnueabihf",), ("arm-linux-gnu",)),
    "ppc64le": ("ppc64le", ("powerpc64le-linux-gnu",), ("ppc_64-linux-gnu", "powerpc64le-linux-gnu")),
    "ppc64": ("ppc64", ("powerpc64-linux-gnu",), ("ppc_64-linux-gnu",)),
    "s390x": ("s390x", ("s390x-linux-gnu",), ("s390x-linux-gnu",)),
    "riscv64": ("riscv64", ("riscv64-linux-gnu",), ("riscv64-linux-gnu",)),
    "loongarch64": ("loongarch64", ("loongarch64-linux-gnu",), ("loongarch64-linux-gnu",)),
}
"""By the tag's architecture: the machine, and the suffix tokens of CPython (Misc/platform_triplet.c) and of PyPy."""
_ANDROID = {
    "arm64_v8a": ("arm64", "aarch64-linux-android"),
    "x86_64": ("x86_64", "x86_64-linux-android"),
    "armeabi_v7a": ("arm", "arm-linux-androideabi"),
    "x86": ("x86", "i686-linux-android"),
}
"""By the tag's ABI: the machine and the suffix token (PEP 738; CPython Misc/platform_triplet.c)."""
_LEGACY_MANYLINUX = {"manylinux1": (2, 5), "manylinux2010": (2, 12), "manylinux2014": (2, 17)}
_TOKENS = {
    "x86_64": "x86_64",
    "amd64": "x86_64",
    "i386": "x86",
    "i486": "x86",
    "i586": "x86",
    "i686": "x86",
    "x86": "x86",
    "aarch64": "arm64",
    "arm64": "arm64",
    "ppc64le": "ppc64le",
    "ppc64": "ppc64",
    "powerpc64": "ppc64",
    "powerpc64le": "ppc64le",
    "riscv64": "riscv64",
    "sparc64": "sparc64",
    "sparcv9": "sparc64",
    "s390x": "s390x",
    "ia64": "ia64",
}
"""Machines by the architecture that `OTHER_FAMILIES` and MinGW write."""


def read_platform(tag: str) -> Platform:
    """Return what a platform tag means. `system` is `other` for families that are known only by name."""
    family, _, rest = tag.partition("_")
    if tag == "any":
        return Platform("any")
    if tag in _WINDOWS:
        return Platform("windows", (_WINDOWS[tag],))
    if family == "mingw":
        arch = next((machine for name, machine in _TOKENS.items() if rest.startswith(name)), "")
        return Platform("mingw", (arch,) if arch else ())
    if family == "macosx":
        return _read_macos(rest)
    if family in ("linux", "manylinux", "musllinux", *_LEGACY_MANYLINUX) and rest:
        return _read_linux(family, rest)
    if family == "ios":
        return _read_ios(rest)
    if family == "android":
        return _read_android(rest)
    if family in ("emscripten", "pyemscripten", "pyodide", "wasi") and tag.endswith("_wasm32"):
        return Platform(
            "wasm", ("wasm32",), tokens=("wasm32-wasi" if family == "wasi" else "wasm32-emscripten",)
        )
    arch = next((machine for name, machine in _TOKENS.items() if tag.endswith(f"_{name}")), "")
    return Platform("other", (arch,) if arch and family in OTHER_FAMILIES else ())


def _versioned(rest: str) -> tuple[tuple[int, int], str] | None:
    """Return the version and the rest of `10_9_x86_64`, or None."""
    major, _, rest = rest.partition("_")
    minor, _, rest = rest.partition("_")
    known = rest and all(part.isascii() and part.isdecimal() and len(part) < 5 for part in (major, minor))
    return ((int(major), int(minor)), rest) if known else None


def _read_macos(rest: str) -> Platform:
    """Read what follows `macosx_`.

    Accepted versions are those that packaging.tags.mac_platforms generates for existing computers: ppc up to 10.6,
    ppc64 10.4 and 10.5, arm64 from 11 on. A computer with macOS 11 or later also accepts every `10_4` to `10_16` tag of
    its formats.
    """
    found = _versioned(rest)
    if not found:
        return Platform("macos", dead="macOS tags are spelled macosx_MAJOR_MINOR_ARCHITECTURE")
    version, arch = found
    arches = _MACOS.get(arch)
    if not arches:
        return Platform("macos", dead=f"{arch or 'nothing'} is not an architecture of macOS tags")
    dead = ""
    if version[0] >= 11 and version[1]:
        dead = "macOS 11 and later have minor version 0 in tags"
    elif version < (10, 0) or (10, 16) < version < (11, 0):
        dead = f"there was no macOS {version[0]}.{version[1]}"
    elif version < (10, 4) and "ppc" not in arches:
        dead = f"macOS tags for {arch} begin at 10_4"
    elif arch == "arm64" and version < (11, 0):
        dead = "macOS on arm64 begins at 11_0"
    elif arch in ("ppc", "ppc64") and version > ((10, 6) if arch == "ppc" else (10, 5)):
        dead = f"macOS on {arch} ended before {version[0]}.{version[1]}"
    # With SDKs before macOS 11, macOS 11.0 calls itself 10.16.
    floor = (11, 0) if version == (10, 16) else version

    return Platform("macos", arches, floor, tokens=("darwin",), dead=dead)


def _read_linux(family: str, rest: str) -> Platform:
    """Read a Linux tag (PEP 513, 571, 599, 600, 656)."""
    floor: tuple[int, int] | None = None
    arch = rest
    if family in _LEGACY_MANYLINUX:
        floor = _LEGACY_MANYLINUX[family]
    elif family != "linux":
        found = _versioned(rest)
        if not found:
            return Platform("linux", dead=f"{family} tags are spelled {family}_MAJOR_MINOR_ARCHITECTURE")
        floor, arch = found
    libc = {"linux": "", "musllinux": "musl"}.get(family, "glibc")
    machine, tokens, other_tokens = _LINUX.get(arch, ("", (), ()))
    dead = ""
    if libc == "glibc" and floor and machine:
        lowest = (2, 5) if machine in ("x86", "x86_64") else (2, 17)
        if arch == "armv6l":
            dead = "manylinux is not defined for armv6l"
        elif floor < lowest:
            dead = f"manylinux for {arch} begins at glibc {lowest[0]}.{lowest[1]}"
    return Platform("linux", (machine,) if machine else (), floor, libc, tokens, other_tokens, dead)


_IOS_FORM = "iOS tags are spelled ios_MAJOR_MINOR_ARCHITECTURE_SDK, such as ios_13_0_arm64_iphoneos"


def _read_ios(rest: str) -> Platform:
    """Read what follows `ios_` (PEP 730)."""
    found = _versioned(rest)
    if not found:
        return Platform("ios", dead=_IOS_FORM)
    version, multiarch = found
    arch, _, sdk = multiarch.rpartition("_")
    if (arch, sdk) not in (
        ("arm64", "iphoneos"),
        ("arm64", "iphonesimulator"),
        ("x86_64", "iphonesimulator"),
    ):
        return Platform("ios", dead=_IOS_FORM)
    dead = "iOS tags begin at 12_0" if version < (12, 0) else ""
    return Platform("ios", (arch,), version, tokens=(sdk,), dead=dead)


def _read_android(rest: str) -> Platform:
    """Read what follows `android_` (PEP 738)."""
    level, _, abi = rest.partition("_")
    if not (level.isascii() and level.isdigit() and len(level) < 5 and abi in _ANDROID):
        return Platform("android", dead="Android tags are spelled android_APILEVEL_ABI")
    machine, token = _ANDROID[abi]
    dead = "Android tags begin at API level 16" if int(level) < 16 else ""
    return Platform("android", (machine,), (int(level), 0), "bionic", (token,), dead=dead)
