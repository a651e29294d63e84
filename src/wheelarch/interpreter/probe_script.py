"""Print what the interpreter that runs this script says about itself, as one line of JSON after a marker.

This file is not imported. Interpreters of any kind and age run it: CPython, PyPy and GraalPy from 3.6 on. So it uses
only the standard library. It changes nothing. Each question is asked on its own, so that an interpreter that fails
one of them still answers the others.
"""

import json
import os
import platform
import site
import struct
import sys
import sysconfig
from typing import Callable  # noqa: UP035 - collections.abc has no generics in Python 3.6

MARKER = "wheelarch-interpreter-1 "
"""The beginning of the line, which sets it apart from anything else that the interpreter prints."""


def _ask(question: Callable[[], object]) -> object:
    try:
        return question()
    except Exception:  # noqa: BLE001 - no answer is an answer
        return None


def _sysctl(name: bytes) -> object:
    """Return a number from the kernel about this process; None if the kernel does not know the name."""
    import ctypes

    value = ctypes.c_int(0)
    size = ctypes.c_size_t(ctypes.sizeof(value))
    failed = ctypes.CDLL(None).sysctlbyname(
        name, ctypes.byref(value), ctypes.byref(size), None, ctypes.c_size_t(0)
    )
    return None if failed else value.value


def _wow64() -> object:
    """Return the two machines from IsWow64Process2: of the process (0 unless it runs under WOW64) and of the host."""
    if sys.platform != "win32":
        return None
    import ctypes

    kernel = ctypes.WinDLL("kernel32")
    kernel.GetCurrentProcess.restype = ctypes.c_void_p
    process, native = ctypes.c_ushort(0), ctypes.c_ushort(0)
    kernel.IsWow64Process2.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p]
    if not kernel.IsWow64Process2(kernel.GetCurrentProcess(), ctypes.byref(process), ctypes.byref(native)):
        return None
    return [process.value, native.value]


def _pyodide() -> object:
    """Return the family and version of Pyodide's platform tag."""
    for family, name in (
        ("pyemscripten", "PYEMSCRIPTEN_PLATFORM_VERSION"),
        ("pyodide", "PYODIDE_ABI_VERSION"),
    ):
        version = sysconfig.get_config_var(name)
        if version:
            return "_".join((family, version))
    return None


def _binary() -> object:
    """Return the file that the process runs, with links, shims and the launchers of virtual environments resolved.

    The answer of the kernel comes last, because it is the dynamic loader if that was called to start Python.
    """
    for path in (getattr(sys, "_base_executable", None), sys.executable, "/proc/self/exe"):
        if path and os.path.isfile(path):
            return os.path.realpath(path)
    return None


def _answer() -> object:
    import importlib.machinery

    darwin = sys.platform in ("darwin", "ios")
    variable = sysconfig.get_config_var
    return {
        "platform": sys.platform,
        "get_platform": _ask(sysconfig.get_platform),
        "machine": _ask(platform.machine),
        "uname_machine": _ask(lambda: os.uname().machine),
        "pointer_bits": struct.calcsize("P") * 8,
        "byteorder": sys.byteorder,
        "implementation": sys.implementation.name,
        "version": list(sys.version_info[:3]),
        "version_text": sys.version,
        "free_threaded": bool(_ask(lambda: variable("Py_GIL_DISABLED"))),
        "debug": hasattr(sys, "gettotalrefcount"),
        "ext_suffix": _ask(lambda: variable("EXT_SUFFIX")),
        "soabi": _ask(lambda: variable("SOABI")),
        "multiarch": _ask(lambda: variable("MULTIARCH")),
        "suffixes": _ask(lambda: list(importlib.machinery.EXTENSION_SUFFIXES)),
        "deployment_target": _ask(
            lambda: variable("MACOSX_DEPLOYMENT_TARGET") or variable("IPHONEOS_DEPLOYMENT_TARGET")
        ),
        "executable": sys.executable,
        "binary": _ask(_binary),
        "prefix": sys.prefix,
        "scripts": _ask(lambda: sysconfig.get_path("scripts")),
        "purelib": _ask(lambda: sysconfig.get_path("purelib")),
        "platlib": _ask(lambda: sysconfig.get_path("platlib")),
        "site_packages": _ask(site.getsitepackages),
        "libc_version": _ask(lambda: os.confstr("CS_GNU_LIBC_VERSION")),
        "macos_version": _ask(lambda: platform.mac_ver()[0]) if sys.platform == "darwin" else None,
        "android_api": _ask(getattr(sys, "getandroidapilevel", lambda: None)),
        "pyodide": _ask(_pyodide),
        "translated": _ask(lambda: _sysctl(b"sysctl.proc_translated")) if darwin else None,
        "apple_silicon": _ask(lambda: _sysctl(b"hw.optional.arm64")) if darwin else None,
        "wow64": _ask(_wow64),
    }


if __name__ == "__main__":
    print(MARKER + json.dumps(_answer()))  # noqa: T201 - the caller reads this line
