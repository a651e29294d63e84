"""The parts of a recipe, and the one way to compile."""

from collections.abc import Callable
from typing import NamedTuple

from workshop import Workshop


class Truth(NamedTuple):
    """What a reader must say of one image, in the words of `wheelarch.model`.

    It is written down from what the compilers were asked for, never read from the result: it is what the
    readers are held to.
    """

    format: str
    machine: str
    bits: int
    kind: str
    variant: str = ""
    needed: tuple[str, ...] = ()
    hooks: tuple[str, ...] = ()
    minos: tuple[int, int, int] | None = None


class Recipe(NamedTuple):
    """One file of testdata/images."""

    name: str
    make: Callable[[Workshop], bytes]
    truth: tuple[Truth, ...]
    """One an image: a universal file has several."""


def compile_object(shop: Workshop, triple: str, source: str, *flags: str) -> str:
    """Compile a C or assembler file without debug information, and return the object's name."""
    result = f"{source}-{triple}.o"
    code = ("-ffreestanding", "-fno-stack-protector", "-O1", "-g0")
    shop.zig("clang", f"--target={triple}", *code, *flags, "-c", source, "-o", result)
    return result
