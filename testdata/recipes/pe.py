"""PE: extension modules against each Python DLL, helper DLLs and programs, as MSVC's linker makes them."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from workshop import Workshop

from .base import Recipe, Truth, compile_object


class _Arch(NamedTuple):
    triple: str
    dlltool: str
    """What `dlltool -m` calls it."""
    link: str
    """What `lld-link /machine` calls it."""
    machine: str
    bits: int
    variant: str = ""


_ARCHES = {
    "win32": _Arch("i686-pc-windows-msvc", "i386", "x86", "x86", 32),
    "win_amd64": _Arch("x86_64-pc-windows-msvc", "i386:x86-64", "x64", "x86_64", 64),
    "win_arm64": _Arch("aarch64-pc-windows-msvc", "arm64", "arm64", "arm64", 64),
    "win_arm64ec": _Arch("arm64ec-pc-windows-msvc", "arm64ec", "arm64ec", "x86_64", 64, "arm64ec"),
    "win_arm64x": _Arch("aarch64-pc-windows-msvc", "arm64", "arm64x", "arm64", 64, "arm64x"),
}
_PURE = ("win32", "win_amd64", "win_arm64")
_PYTHONS = ("python3", "python311", "python312", "python313", "python313t")


def recipes() -> Iterator[Recipe]:
    """Yield every PE recipe."""
    for platform in _PURE:
        for python in _PYTHONS:
            yield _extension(platform, python, {f"{python}.dll": "python.def"})
        yield _extension(platform, "python3t", {"python3t.dll": "python.def"}, hook="PyModExport_ext")
        yield _helper(platform)
        yield _program(platform)
    yield _extension("win_arm64", "python39", {"python39.dll": "python.def"})
    yield _extension("win_arm64ec", "python3", {"python3.dll": "python.def"})
    yield _arm64x()
    yield _extension("win_amd64", "helper-user", {"python3.dll": "python.def", "helper.dll": "helper.def"})
    yield _extension(
        "win_amd64", "mixed", {"python3.dll": "python_init.def", "python311.dll": "python_long.def"}
    )
    yield _extension("win_amd64", "ordinals", {"python311.dll": "python_ordinals.def"})
    yield _extension("win_amd64", "delayed", {"python311.dll": "python.def"}, delayed=True)
    yield _extension("win_amd64", "python2", {"python27.dll": "python.def"}, hook="initext")


def import_library(shop: Workshop, platform: str, dll: str, definition: str) -> str:
    """Make the import library of `dll` and return its name."""
    arch = _ARCHES[platform]
    result = f"{dll}-{arch.link}.lib"
    shop.zig("dlltool", "-m", arch.dlltool, "-d", definition, "-D", dll, "-l", result)
    return result


def _link(shop: Workshop, arch: _Arch, *arguments: str) -> bytes:
    """Return a linked file; its time stamp is a hash (/Brepro), and it needs no C runtime."""
    options = ["/nologo", "/nodefaultlib", "/Brepro", f"/machine:{arch.link}", "/out:result"]
    if arch.machine == "x86":
        options.append("/safeseh:no")
    shop.zig("lld-link", *options, *arguments)
    return shop.take("result")


def _truth(arch: _Arch, kind: str, needed: Mapping[str, str] = {}, *hooks: str) -> tuple[Truth, ...]:
    return (Truth("pe", arch.machine, arch.bits, kind, arch.variant, tuple(needed), hooks),)


def _extension(
    platform: str, what: str, imports: Mapping[str, str], hook: str = "PyInit_ext", delayed: bool = False
) -> Recipe:
    """An extension module that imports from DLLs (keys) what their definition files (values) name."""
    arch = _ARCHES[platform]

    def make(shop: Workshop) -> bytes:
        flags = [f"-DHOOK={hook}", *(["-DUSES_HELPER"] if "helper.dll" in imports else [])]
        parts = [compile_object(shop, arch.triple, "extension.c", *flags)]
        parts += [import_library(shop, platform, dll, definition) for dll, definition in imports.items()]
        if platform != "win32":
            parts.append(compile_object(shop, arch.triple, "hybrid.s" if arch.variant else "load_config.s"))
        if delayed:
            parts.append(compile_object(shop, arch.triple, "delay_load.c"))
            parts += [f"/delayload:{dll}" for dll in imports]
        return _link(shop, arch, "/dll", "/noentry", *parts)

    return Recipe(f"{platform}-{what}.pyd", make, _truth(arch, "shared-library", imports, hook))


def _arm64x() -> Recipe:
    """An extension module that an ARM64 process and an emulated x64 process can both load."""
    arch = _ARCHES["win_arm64x"]
    imports = {"python3.dll": "python.def"}

    def make(shop: Workshop) -> bytes:
        hybrid = _ARCHES["win_arm64ec"].triple
        return _link(
            shop,
            arch,
            "/dll",
            "/noentry",
            compile_object(shop, hybrid, "extension.c", "-DHOOK=PyInit_ext"),
            compile_object(shop, hybrid, "hybrid.s"),
            compile_object(shop, arch.triple, "extension.c", "-DHOOK=PyInit_ext"),
            compile_object(shop, arch.triple, "load_config.s"),
            import_library(shop, "win_arm64ec", "python3.dll", "python.def"),
            import_library(shop, "win_arm64", "python3.dll", "python.def"),
        )

    return Recipe("win_arm64x-python3.pyd", make, _truth(arch, "shared-library", imports, "PyInit_ext"))


def _helper(platform: str) -> Recipe:
    """A DLL that exports no hook and imports nothing."""
    arch = _ARCHES[platform]

    def make(shop: Workshop) -> bytes:
        return _link(shop, arch, "/dll", "/noentry", compile_object(shop, arch.triple, "helper.c"))

    return Recipe(f"{platform}-helper.dll", make, _truth(arch, "shared-library"))


def _program(platform: str) -> Recipe:
    """A console program."""
    arch = _ARCHES[platform]

    def make(shop: Workshop) -> bytes:
        part = compile_object(shop, arch.triple, "program.c", "-DENTRY=start")
        return _link(shop, arch, "/subsystem:console", "/entry:start", part)

    return Recipe(f"{platform}-program.exe", make, _truth(arch, "executable"))
