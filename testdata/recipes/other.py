"""What a wheel may hold beside linked images: objects, archives, bitcode, wasm."""

from collections.abc import Iterator

from workshop import Workshop

from .base import Recipe, Truth, compile_object
from .pe import import_library

_HOOK = "-DHOOK=PyInit_ext"


def recipes() -> Iterator[Recipe]:
    """Yield every other recipe."""
    yield Recipe("linux-x86_64.o", _elf_object, (Truth("elf", "x86_64", 64, "object"),))
    yield Recipe("linux-x86_64.a", _archive, (Truth("ar", "x86_64", 64, "archive"),))
    yield Recipe("linux-x86_64.bc", _bitcode, (Truth("bitcode", "other", 0, "object"),))
    yield Recipe("win_amd64.obj", _coff_object, (Truth("coff", "x86_64", 0, "object"),))
    yield Recipe("win_amd64-python3.lib", _import_library, (Truth("ar", "x86_64", 0, "import-library"),))
    yield Recipe(
        "emscripten-wasm32.so", _wasm, (Truth("wasm", "wasm32", 32, "module", hooks=("PyInit_ext",)),)
    )
    yield Recipe("emscripten-wasm32.o", _wasm_object, (Truth("wasm", "wasm32", 32, "module"),))


def _elf_object(shop: Workshop) -> bytes:
    return shop.take(compile_object(shop, "x86_64-linux-gnu", "extension.c", _HOOK, "-fPIC"))


def _archive(shop: Workshop) -> bytes:
    parts = [
        compile_object(shop, "x86_64-linux-gnu", source, _HOOK) for source in ("helper.c", "extension.c")
    ]
    shop.zig("ar", "rcsD", "result.a", *parts)
    return shop.take("result.a")


def _bitcode(shop: Workshop) -> bytes:
    return shop.take(compile_object(shop, "x86_64-linux-gnu", "helper.c", "-emit-llvm"))


def _coff_object(shop: Workshop) -> bytes:
    no_time_stamp = "-mno-incremental-linker-compatible"
    return shop.take(compile_object(shop, "x86_64-pc-windows-msvc", "extension.c", _HOOK, no_time_stamp))


def _import_library(shop: Workshop) -> bytes:
    return shop.take(import_library(shop, "win_amd64", "python3.dll", "python.def"))


def _wasm_object(shop: Workshop) -> bytes:
    return shop.take(compile_object(shop, "wasm32-unknown-emscripten", "extension.c", _HOOK, "-fPIC"))


def _wasm(shop: Workshop) -> bytes:
    part = compile_object(shop, "wasm32-unknown-emscripten", "extension.c", _HOOK, "-fPIC")
    options = ("--experimental-pic", "-shared", "--no-entry", "--unresolved-symbols=import-dynamic", "-s")
    shop.zig("wasm-ld", *options, "-o", "result", part)
    return shop.take("result")
