"""Programs that ask a loader about libraries, one per loader: tests/loaders/ runs them."""

from collections.abc import Callable
from typing import NamedTuple

from workshop import Workshop

__all__ = ["ASKING", "Asking"]


class Asking(NamedTuple):
    """One file of testdata/loaders."""

    name: str
    make: Callable[[Workshop], bytes]


_LINUX = {
    "linux-x86_64-musl": ("x86_64-linux-musl", "-dynamic"),
    "linux-aarch64-glibc": ("aarch64-linux-gnu.2.17",),
    "linux-armv7l-glibc": ("arm-linux-gnueabihf.2.17",),
    "linux-ppc64le-glibc": ("powerpc64le-linux-gnu.2.36",),  # older ones lack the printf of zig's headers
    "linux-s390x-glibc": ("s390x-linux-gnu.2.17",),
    "linux-riscv64-glibc": ("riscv64-linux-gnu.2.27",),
}


def _asking(name: str, source: str, triple: str, *flags: str) -> Asking:
    def make(shop: Workshop) -> bytes:
        shop.zig("cc", "-target", triple, *flags, "-O1", "-g0", "-s", source, "-o", "result")
        return shop.take("result")

    return Asking(name, make)


ASKING = (
    *(_asking(f"ask-{name}", "ask_linux.c", *how) for name, how in _LINUX.items()),
    _asking("ask-windows-x86_64.exe", "ask_windows.c", "x86_64-windows-gnu"),
)
