"""ELF: extension modules for nine architectures and three C libraries, helper libraries, programs."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from workshop import Workshop

from .base import Recipe, Truth, compile_object


class _Arch(NamedTuple):
    triple: str
    machine: str
    bits: int = 64
    musl: str = ""
    """The architecture in the name of musl's libc, where there are musllinux wheels."""
    variant: str = ""


_ARCHES = {
    "x86_64": _Arch("x86_64-linux-gnu", "x86_64", musl="x86_64"),
    "i686": _Arch("i686-linux-gnu", "x86", 32, musl="x86"),
    "aarch64": _Arch("aarch64-linux-gnu", "arm64", musl="aarch64"),
    "armv7l": _Arch("armv7-linux-gnueabihf", "arm", 32, musl="armv7"),
    "ppc64le": _Arch("powerpc64le-linux-gnu", "ppc64le", musl="ppc64le"),
    "s390x": _Arch("s390x-linux-gnu", "s390x", musl="s390x"),
    "riscv64": _Arch("riscv64-linux-gnu", "riscv64", musl="riscv64"),
    "loongarch64": _Arch("loongarch64-linux-gnu", "loongarch64", musl="loongarch64"),
    "x32": _Arch("x86_64-linux-gnux32", "x86_64", 32, variant="x32"),
    "armv7l-soft": _Arch("armv7-linux-gnueabi", "arm", 32, variant="soft-float"),
}
_ANDROID = {
    "arm64_v8a": _Arch("aarch64-linux-android24", "arm64"),
    "x86_64": _Arch("x86_64-linux-android24", "x86_64"),
}


class _Library(NamedTuple):
    """A library that is there at link time only; the linker records its soname."""

    soname: str
    source: str
    version_script: str = ""


_GLIBC = _Library("libc.so.6", "libc.c", "glibc.map")
_BIONIC = _Library("libc.so", "libc.c", "bionic.map")
_HELPER = _Library("libhelper.so", "helper.c")


def recipes() -> Iterator[Recipe]:
    """Yield every ELF recipe."""
    for name, arch in _ARCHES.items():
        yield _extension(f"linux-{name}-glibc.so", arch, _GLIBC, link=("--hash-style=gnu",))
        if arch.musl:
            yield _extension(f"linux-{name}-musl.so", arch, _Library(f"libc.musl-{arch.musl}.so.1", "libc.c"))
    for name, arch in _ANDROID.items():
        yield _extension(
            f"android-{name}.so",
            arch,
            _Library("libpython3.13.so", "libpython.c"),
            _BIONIC,
            note="android_note.s",
            link=("-z", "max-page-size=16384"),
        )
    yield from _unusual()
    yield from _without_hook()


def _unusual() -> Iterator[Recipe]:
    """Extension modules for x86_64 and glibc, each odd in one way."""
    arch = _ARCHES["x86_64"]
    libpython = _Library("libpython3.12.so.1.0", "libpython.c")
    yield _extension("linux-x86_64-libpython.so", arch, libpython, _GLIBC)
    yield _extension("linux-x86_64-glibc2.34.so", arch, _GLIBC, libc_call="dlsym")
    yield _extension("linux-x86_64-export-hook.so", arch, _GLIBC, hook="PyModExport_ext")
    yield _extension("linux-x86_64-python2.so", arch, _GLIBC, hook="initext")
    yield _extension("linux-x86_64-sysv-hash.so", arch, _GLIBC, link=("--hash-style=sysv",))
    yield _extension("linux-x86_64-no-sections.so", arch, _GLIBC, link=("-z", "nosectionheader"))
    yield _extension("linux-x86_64-execstack.so", arch, _GLIBC, link=("-z", "execstack"))
    yield _extension("linux-x86_64-v3.so", arch, _GLIBC, note="x86_64_v3_note.s")
    for name, tags in (("runpath", "--enable-new-dtags"), ("rpath", "--disable-new-dtags")):
        search = (tags, "-rpath", "$ORIGIN/../demo.libs")
        yield _extension(f"linux-x86_64-{name}.so", arch, _HELPER, _GLIBC, link=search)


def _without_hook() -> Iterator[Recipe]:
    """Helper libraries, programs of the three kinds that Linux starts, and what was not linked."""
    for name in ("x86_64", "aarch64", "i686"):

        def helper(shop: Workshop, arch: _Arch = _ARCHES[name]) -> bytes:
            return shop.take(_stand_in(shop, arch, _HELPER))

        yield Recipe(f"linux-{name}-helper.so", helper, _truth(_ARCHES[name], "shared-library"))

    yield _program("linux-x86_64-program", "x86_64", "-pie", "--dynamic-linker=/lib64/ld-linux-x86-64.so.2")
    yield _program("linux-aarch64-program-static-pie", "aarch64", "-pie", "--no-dynamic-linker")
    yield _program("linux-i686-program-static", "i686", "-static")


def _extension(
    name: str,
    arch: _Arch,
    *libraries: _Library,
    hook: str = "PyInit_ext",
    libc_call: str = "puts",
    note: str = "",
    link: Sequence[str] = (),
) -> Recipe:
    """An extension module that needs `libraries`; the last is the C library."""

    def make(shop: Workshop) -> bytes:
        flags = ["-fPIC", f"-DHOOK={hook}", f"-DLIBC_CALL={libc_call}"]
        if _HELPER in libraries:
            flags.append("-DUSES_HELPER")
        parts = [compile_object(shop, arch.triple, "extension.c", *flags)]
        if note:
            parts.append(compile_object(shop, arch.triple, note))
        parts += [_stand_in(shop, arch, library) for library in libraries]
        return shop.take(_link(shop, "result", "-shared", *link, *parts))

    needed = tuple(library.soname for library in libraries)
    return Recipe(name, make, _truth(arch, "shared-library", needed, hook))


def _program(name: str, arch_name: str, *link: str) -> Recipe:
    arch = _ARCHES[arch_name]

    def make(shop: Workshop) -> bytes:
        part = compile_object(shop, arch.triple, "program.c", "-DENTRY=_start", "-fPIE")
        return shop.take(_link(shop, "result", *link, part))

    return Recipe(name, make, _truth(arch, "executable"))


def _stand_in(shop: Workshop, arch: _Arch, library: _Library) -> str:
    """Make a shared library with the right soname and version nodes, and return its name."""
    script = [f"--version-script={library.version_script}"] if library.version_script else []
    part = compile_object(shop, arch.triple, library.source, "-fPIC")
    return _link(shop, library.soname, "-shared", f"--soname={library.soname}", *script, part)


def _link(shop: Workshop, result: str, *arguments: str) -> str:
    shop.zig("ld.lld", "-s", "-o", result, *arguments)
    return result


def _truth(arch: _Arch, kind: str, needed: tuple[str, ...] = (), *hooks: str) -> tuple[Truth, ...]:
    return (Truth("elf", arch.machine, arch.bits, kind, arch.variant, needed, hooks),)
