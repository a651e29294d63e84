"""Mach-O: bundles, dylibs and programs for macOS, iOS and Catalyst, thin and universal."""

from collections.abc import Callable, Iterator, Sequence

import machofile
from workshop import Workshop

from .base import Recipe, Truth, compile_object

_SYSTEM = "/usr/lib/libSystem.B.dylib"
_ZIG_ARCH = {"x86_64": "x86_64", "arm64": "aarch64"}
_BUNDLE = machofile.as_bundle

_Edit = Callable[[bytes], bytes]


def recipes() -> Iterator[Recipe]:
    """Yield every Mach-O recipe."""
    for arch, major, minor in (
        ("x86_64", 10, 9),
        ("x86_64", 10, 13),
        ("x86_64", 11, 0),
        ("x86_64", 14, 0),
        ("arm64", 11, 0),
        ("arm64", 14, 0),
    ):
        yield _extension(f"macos-{arch}-{major}.{minor}.so", arch, (major, minor))
    yield from _universal()
    yield from _edited()
    yield from _linked()
    yield from _plain()
    yield from _foreign_platforms()


def _universal() -> Iterator[Recipe]:
    parts = (_extension("", "x86_64", (10, 9)), _extension("", "arm64", (11, 0)))
    for name, wide, hidden in (
        ("macos-universal2.so", False, 0),
        ("macos-universal2-fat64.so", True, 0),
        ("macos-universal2-hidden-arm64.so", False, 1),
    ):

        def make(shop: Workshop, wide: bool = wide, hidden: int = hidden) -> bytes:
            thin = [part.make(shop) for part in parts]
            shop.steps.append(f"machofile.lipo({wide=}, {hidden=})")
            return machofile.lipo(*thin, wide=wide, hidden=hidden)

        yield Recipe(name, make, tuple(truth for part in parts for truth in part.truth))


def _edited() -> Iterator[Recipe]:
    """What zig's linker cannot make: other subtypes, and arm64 slices without a signature or with one of before."""
    yield _extension("macos-arm64e.so", "arm64", edits=(_BUNDLE, machofile.as_arm64e), variant="arm64e")
    yield _extension("macos-x86_64h.so", "x86_64", edits=(_BUNDLE, machofile.as_x86_64h), variant="x86_64h")
    yield _extension("macos-arm64-unsigned.so", "arm64", edits=(_BUNDLE, machofile.unsigned))
    yield _extension("macos-arm64-edited.so", "arm64", edits=(_BUNDLE, machofile.edited))


def _linked() -> Iterator[Recipe]:
    """Extension modules that name more than libSystem. A .tbd file stands for the library at link time."""
    for what, library, path in (
        ("framework", "framework.tbd", "/Library/Frameworks/Python.framework/Versions/3.12/Python"),
        ("libpython", "libpython.tbd", "/usr/local/lib/libpython3.12.dylib"),
    ):
        yield _extension(f"macos-arm64-{what}.so", "arm64", flags=(library,), needed=(path,))
    homebrew = "/opt/homebrew/opt/helper/lib/libhelper.1.dylib"
    yield _extension(
        "macos-arm64-homebrew.so", "arm64", flags=("-DUSES_HELPER", "homebrew.tbd"), needed=(homebrew,)
    )
    for arch in _ZIG_ARCH:
        yield _extension(
            f"macos-{arch}-helper-user.so",
            arch,
            flags=("-DUSES_HELPER", "bundled.tbd"),
            needed=("@loader_path/.dylibs/libhelper.dylib",),
        )
        # The same module, linked without the library: its name is looked up flat.
        yield _extension(f"macos-{arch}-flat.so", arch, flags=("-DUSES_HELPER",))
    yield _flat_in_one_slice()
    yield _extension("macos-arm64-rpath.so", "arm64", flags=("-Wl,-rpath,@loader_path/../lib",))
    yield _extension("macos-arm64-export-hook.so", "arm64", hook="PyModExport_ext")


def _flat_in_one_slice() -> Recipe:
    """A universal module of which only the arm64 slice was linked with the library."""
    parts = (
        _extension("", "x86_64", flags=("-DUSES_HELPER",)),
        _extension(
            "",
            "arm64",
            flags=("-DUSES_HELPER", "bundled.tbd"),
            needed=("@loader_path/.dylibs/libhelper.dylib",),
        ),
    )

    def make(shop: Workshop) -> bytes:
        thin = [part.make(shop) for part in parts]
        shop.steps.append("machofile.lipo(wide=False, hidden=0)")
        return machofile.lipo(*thin, wide=False, hidden=0)

    return Recipe(
        "macos-universal2-flat-x86_64.so", make, tuple(truth for part in parts for truth in part.truth)
    )


def _plain() -> Iterator[Recipe]:
    """An extension module as a dylib, as Rust makes them; libraries, programs and objects."""
    for arch, zig_arch in _ZIG_ARCH.items():
        yield _extension(f"macos-{arch}-dylib.so", arch, edits=(), kind="shared-library")

        def helper(shop: Workshop, target: str = f"{zig_arch}-macos.11.0") -> bytes:
            return _link(shop, target, "-shared", "-Wl,-install_name,@rpath/libhelper.dylib", "helper.c")

        def program(shop: Workshop, target: str = f"{zig_arch}-macos.11.0") -> bytes:
            return _link(shop, target, "-DENTRY=main", "program.c")

        def compiled(shop: Workshop, triple: str = f"{arch}-apple-macos11") -> bytes:
            return shop.take(compile_object(shop, triple, "extension.c", "-DHOOK=PyInit_ext"))

        yield Recipe(f"macos-{arch}-helper.dylib", helper, _truth(arch, "shared-library"))
        yield Recipe(f"macos-{arch}-program", program, _truth(arch, "executable"))
        yield Recipe(f"macos-{arch}.o", compiled, _truth(arch, "object", (11, 0), (), "PyInit_ext"))


def _foreign_platforms() -> Iterator[Recipe]:
    framework = "@rpath/Python.framework/Python"
    for name, arch, minos, edits in (
        ("ios-arm64-simulator.so", "arm64", (14, 0), (_BUNDLE,)),
        ("ios-x86_64-simulator.so", "x86_64", (13, 0), (_BUNDLE,)),
        # zig 0.17 crashes when it links for devices; only the platform number tells them apart.
        ("ios-arm64-device.so", "arm64", (13, 0), (_BUNDLE, machofile.as_ios_device)),
    ):
        system = f"ios.{minos[0]}.{minos[1]}-simulator"
        flags = ("ios_framework.tbd",)
        yield _extension(name, arch, minos, system=system, flags=flags, needed=(framework,), edits=edits)
    yield _extension("catalyst-arm64.so", "arm64", (14, 0), system="maccatalyst.14.0")


def _extension(
    name: str,
    arch: str,
    minos: tuple[int, int] = (11, 0),
    *,
    system: str = "",
    hook: str = "PyInit_ext",
    flags: Sequence[str] = (),
    needed: tuple[str, ...] = (),
    edits: Sequence[_Edit] = (_BUNDLE,),
    kind: str = "bundle",
    variant: str = "",
) -> Recipe:
    """An extension module: linked as a dylib, then edited."""
    target = f"{_ZIG_ARCH[arch]}-{system or f'macos.{minos[0]}.{minos[1]}'}"

    def make(shop: Workshop) -> bytes:
        install_name = "-Wl,-install_name,@rpath/ext.so"
        thin = _link(shop, target, "-shared", install_name, f"-DHOOK={hook}", "extension.c", *flags)
        for edit in edits:
            shop.steps.append(f"machofile.{edit.__name__}")
            thin = edit(thin)
        return thin

    return Recipe(name, make, _truth(arch, kind, minos, (_SYSTEM, *needed), hook, variant=variant))


def _link(shop: Workshop, target: str, *arguments: str) -> bytes:
    options = ("-nostdlib", "-fno-sanitize=all", "-O1", "-g0", "-s", "-Wl,-undefined,dynamic_lookup")
    shop.zig("cc", "-target", target, *options, "-o", "result", *arguments)
    return shop.take("result")


def _truth(
    arch: str,
    kind: str,
    minos: tuple[int, int] = (11, 0),
    needed: tuple[str, ...] = (_SYSTEM,),
    *hooks: str,
    variant: str = "",
) -> tuple[Truth, ...]:
    return (Truth("mach-o", arch, 64, kind, variant, needed, hooks, (*minos, 0)),)
