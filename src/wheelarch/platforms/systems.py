"""What Android, macOS and iOS provide, and whether any system provides a library."""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from .linux import from_glibc_system, from_musl_system
from .windows import from_windows

if TYPE_CHECKING:
    from collections.abc import Mapping


__all__ = ["ANDROID", "from_apple", "from_system"]


def from_apple(name: str) -> bool:
    """Whether an install name is in a folder of the system. Most of these exist only in dyld's shared cache."""
    return name.startswith(("/usr/lib/", "/System/"))


ANDROID: Mapping[str, int] = {
    "libandroid.so": 9, "libc.so": 1, "libdl.so": 1, "libm.so": 1, "liblog.so": 1, "libz.so": 1, "libEGL.so": 9,
    "libGLESv1_CM.so": 4, "libGLESv2.so": 5, "libGLESv3.so": 18, "libjnigraphics.so": 8, "libmediandk.so": 21,
    "libOpenMAXAL.so": 14, "libOpenSLES.so": 9, "libcamera2ndk.so": 24, "libvulkan.so": 24, "libaaudio.so": 26,
    "libsync.so": 26, "libnativewindow.so": 26, "libneuralnetworks.so": 27, "libamidi.so": 29,
    "libbinder_ndk.so": 29, "libicu.so": 31, "libstdc++.so": 1,
    "libcrypto_python.so": 21, "libsqlite3_python.so": 21, "libssl_python.so": 21,
}  # fmt: skip
"""Libraries that an Android wheel may expect, and the first API level that has each.

Source: Android NDK, Android NDK Native APIs; auditwheel's Android policies for the libraries of CPython.
"""


def from_system(name: str) -> bool:
    """Whether some system provides the library, whatever the tag. Used for display.

    Args:
        name: A DLL name, an install name or a soname.
    """
    return (
        from_apple(name)
        or (name.lower().endswith((".dll", ".drv", ".cpl")) and from_windows(name))
        or from_glibc_system(name, (99, 0))
        or from_musl_system(name)
        or name in ANDROID
    )
