"""Tests of finding messages in texts of any kind, and their causes in wheels."""
# ruff: noqa: E501 - messages are as their tools print them, in one line

import codecs
import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wheelarch
from support.images import TESTDATA, image
from support.reports import finding, judged
from support.steps import assert_linear, search_steps, steps
from support.values import elf, macho, member, pe
from support.wheels import build_wheel
from wheelarch.model import Fact, Machine, PythonLinkage, Severity, WheelReport
from wheelarch.rules import RULES, remedies
from wheelarch.why import explain as explaining
from wheelarch.why.explain import Culprit, Explanation, culprits, decode, explain
from wheelarch.why.messages import MESSAGES, Message

SAID: list[tuple[str, str, dict[str, str]]] = [
    ("win32-other-machine", "ImportError: DLL load failed with error code 193 while importing _core", {}),
    ("win32-other-machine", "tool.exe exited with code -1073741701 (0xC000007B)", {}),
    ("windows-module-not-found", "ImportError: DLL load failed while importing _core: Impossibile trovare il modulo specificato.", {}),
    ("windows-module-not-found", "ImportError: DLL load failed while importing _core: 지정된 모듈을 찾을 수 없습니다.", {}),
    ("windows-module-not-found", "ImportError: DLL load failed with error code 126 while importing _core", {}),
    ("windows-module-not-found", "FileNotFoundError: Could not find module 'C:\\py\\foo.dll' (or one of its dependencies). Try using the full path with constructor syntax.", {}),
    ("windows-module-not-found", "Process exited with code 3221225781 (STATUS_DLL_NOT_FOUND)", {}),
    ("windows-procedure-not-found", "ImportError: DLL load failed while importing _core: Não foi possível encontrar o procedimento especificado.", {}),
    ("windows-procedure-not-found", "exit code: 0xc0000139", {}),
    ("windows-dll-init-failed", "ImportError: DLL load failed while importing _core: A dynamic link library (DLL) initialization routine failed.", {}),
    ("windows-dll-init-failed", "ImportError: DLL load failed while importing _core: 动态链接库(DLL)初始化例程失败。", {}),
    ("windows-dll-init-failed", "OSError: [WinError 1114] Eine DLL (Dynamic Link Library)-Initialisierungsroutine ist fehlgeschlagen", {}),
    ("windows-dll-init-failed", "ImportError: DLL load failed with error code 1114 while importing _core", {}),
    ("python2-unicode-width", "ImportError: /x/netifaces.so: undefined symbol: PyUnicodeUCS2_FromString", {"symbol": "PyUnicodeUCS2_FromString"}),
    ("python2-unicode-width", "ImportError: dlopen(/x/_core.so, 2): Symbol not found: _PyUnicodeUCS4_AsUTF8String", {"symbol": "_PyUnicodeUCS4_AsUTF8String"}),
    ("dyld-program-without-python", "dyld[58402]: symbol not found in flat namespace '_PyExc_BaseException'", {"symbol": "PyExc_BaseException"}),
    (
        "system-symbol-missing",
        "ImportError: dlopen(/x/_core.so, 2): Symbol not found: ____chkstk_darwin\n  Referenced from: /x/_core.so (which was built for Mac OS X 11.0)\n  Expected in: /usr/lib/libSystem.B.dylib",
        {"symbol": "___chkstk_darwin", "library": "/usr/lib/libSystem.B.dylib"},
    ),
    (
        "dyld-symbol-missing",
        "Symbol not found: _foo\n  Referenced from: <C0FFEE> /x/_core.so\n  Expected in:     <BADCAB> /x/.dylibs/libfoo.dylib",
        {"symbol": "foo"},
    ),
    (
        "symbol-version-missing",
        "ImportError: /x/_core.so: symbol scalbln, version GLIBC_2.2.5 not defined in file libc.so.6 with link time reference",
        {"symbol": "scalbln", "need": "GLIBC_2.2.5", "library": "libc.so.6"},
    ),
    ("static-tls", "ImportError: /usr/lib/aarch64-linux-gnu/libgomp.so.1: cannot allocate memory in static TLS block", {}),
    ("not-page-aligned", "ImportError: /x/_core.so: ELF load command address/offset not properly aligned", {}),
    ("android-library-missing", 'OSError: dlopen failed: library "libgomp.so.1" not found: needed by /x/_core.so in namespace (default)', {"library": "libgomp.so.1"}),
    ("android-other-class", 'ImportError: dlopen failed: "/data/x/zlib.so" is 64-bit instead of 32-bit', {"have": "64", "need": "32"}),
    ("android-other-machine", 'ImportError: dlopen failed: "/data/x/_core.so" has unexpected e_machine: 62 (EM_X86_64)', {"have": "62 (EM_X86_64)"}),
    (
        "android-other-machine",
        'ImportError: dlopen failed: "/data/x/_core.so" is for EM_X86_64 (62) instead of EM_AARCH64 (183)',
        {"have": "EM_X86_64", "need": "EM_AARCH64"},
    ),
    ("android-symbol-missing", 'ImportError: dlopen failed: cannot locate symbol "PyList_New" referenced by "/data/x/_core.so"...', {"symbol": "PyList_New"}),
    ("libpython-missing", "ImportError: libpython3.6m.so.1.0: cannot open shared object file: No such file or directory", {"need": "3.6m"}),
    ("illegal-instruction", "tool exited with code -1073741795 (0xC000001D, STATUS_ILLEGAL_INSTRUCTION)", {}),
    ("pip-check-unsupported", "pkg 0.2 is not supported on this platform", {"wheel": "pkg 0.2"}),
    (
        "inconsistent-metadata",
        "Discarding pkg.whl: Requested pkg==0.2+cu1 from pkg.whl has inconsistent version: expected '0.2+cu1', but metadata has '0.2'",
        {"need": "0.2+cu1", "have": "0.2"},
    ),
    ("inconsistent-metadata", "Requested pkg from pkg.whl has inconsistent name: expected 'pkg', but metadata has 'other'", {"need": "pkg", "have": "other"}),
    ("poetry-no-wheel", "    | Unable to find installation candidates for torch (2.7.1)", {}),
    ("poetry-no-wheel", "    |   - 24 wheel(s) were skipped as your project's environment does not support the identified abi tags", {}),
    ("invalid-wheel", "  Caused by: The wheel is invalid: Line 3 of the WHEEL file is invalid", {}),
    ("micropip-emscripten-version", "ValueError: Wheel was built with Emscripten v2.0.27 but Pyodide was built with Emscripten v3.1.14", {"have": "2.0.27", "need": "3.1.14"}),
    ("micropip-no-wheel", "ValueError: ... find a pure Python 3 wheel for 'mlir-python-bindings'.", {"wheel": "mlir-python-bindings"}),
    (
        "bdist-wheel-unsupported-tag",
        "AssertionError: would build wheel with unsupported tag ('cp39', 'cp39', 'macosx_11_0_x86_64')",
        {"have": "'cp39', 'cp39', 'macosx_11_0_x86_64'"},
    ),
    (
        "abi3audit-newer",
        "[16:27:09] X pkg-0.51.0-cp311-abi3-manylinux_2_28_x86_64.whl: libx.so uses the Python 3.12 ABI, but is tagged for the Python 3.11 ABI",
        {"have": "3.12", "need": "3.11"},
    ),
    ("abi3audit-names", "[15:30:34] X : cyyjson.abi3.so has non-ABI3 symbols", {}),
    ("delocate-library-missing", "ERROR:delocate.libsana:../lib/libdb2.dylib not found, requested by /x/bin/db2drdat", {"library": "../lib/libdb2.dylib"}),
    ("delocate-library-missing", "delocate.libsana.DelocationError: Could not find all dependencies.", {}),
    ("delvewheel-library-missing", "FileNotFoundError: Unable to find library: msvcp140.dll", {"library": "msvcp140.dll"}),
    ("linker-executable-stack", "/usr/bin/ld: warning: a.o: requires executable stack (because the .note.GNU-stack section is executable)", {}),
    ("linker-executable-stack", "/usr/bin/ld: warning: a.o: missing .note.GNU-stack section implies executable stack", {}),
    ("ld64-python-undefined", '  "_PyExc_ValueError", referenced from:', {"symbol": "PyExc_ValueError"}),
    ("pyo3-python-too-new", "error: the configured Python interpreter version (3.14) is newer than PyO3's maximum supported version (3.13)", {"have": "3.14", "need": "3.13"}),
    ("pyo3-python-too-new", "error: the configured PyPy interpreter version (3.11) is newer than PyO3's maximum supported version (3.10)", {"have": "3.11", "need": "3.10"}),
    ("maturin-no-hook", "Warning: ... find the symbol `PyInit_x` in the native library. Python will fail to import this module.", {"symbol": "PyInit_x"}),
    ("win32-other-machine", "ImportError: DLL load failed while importing _core: %1 is not a valid Win32 application.", {}),
    ("win32-other-machine", "OSError: [WinError 193] %1 is not a valid Win32 application", {}),
    ("win32-other-machine", "ImportError: DLL load failed: %1 n’est pas une application Win32 valide.", {}),
    ("win32-other-machine", "ImportError: DLL load failed while importing _ufuncs: %1 不是有效的 Win32 应用程序。", {}),
    ("win32-other-machine", "ImportError: DLL load failed while importing _core: %1 ist keine zulässige Win32-Anwendung.", {}),
    ("windows-program-other-machine", "OSError: [WinError 216] This version of %1 is not compatible with the version of Windows you're running.", {}),
    ("windows-module-not-found", "ImportError: DLL load failed while importing _core: The specified module could not be found.", {}),
    ("windows-module-not-found", "FileNotFoundError: [WinError 126] Could not find module 'C:\\py\\foo.dll'", {}),
    ("windows-module-not-found", "ImportError: DLL load failed while importing _core: Das angegebene Modul wurde nicht gefunden.", {}),
    ("windows-procedure-not-found", "ImportError: DLL load failed while importing _core: The specified procedure could not be found.", {}),
    ("python-dll-conflict", "ImportError: Module use of python39.dll conflicts with this version of Python.", {"have": "python39.dll"}),
    ("dotnet-bitness", "System.BadImageFormatException: Could not load file or assembly 'Foo, Version=1.0.0.0'", {}),
    (
        "fat-lacks-slice",
        "ImportError: dlopen(/venv/lib/python3.11/site-packages/pkg/_core.cpython-311-darwin.so, 0x0002): tried: '/venv/lib/python3.11/site-packages/pkg/_core.cpython-311-darwin.so' (fat file, but missing compatible architecture (have 'i386,x86_64', need 'arm64'))",
        {"have": "i386,x86_64", "need": "arm64"},
    ),
    ("fat-lacks-slice", "dlopen(/x/_core.so, 2): no suitable image found. Did find: /x/_core.so: no matching architecture in universal wrapper", {}),
    (
        "dyld-other-machine",
        "ImportError: dlopen(/x/_core.so, 0x0002): tried: '/x/_core.so' (mach-o file, but is an incompatible architecture (have 'x86_64', need 'arm64e' or 'arm64'))",
        {"have": "x86_64", "need": "arm64e' or 'arm64"},
    ),
    (
        "dyld-other-machine",
        "ImportError: dlopen(/x/_core.so, 0x0002): tried: '/x/_core.so' (mach-o file, but is an incompatible architecture (have (arm64), need (x86_64h)))",
        {"have": "arm64", "need": "x86_64h"},
    ),
    ("dyld-other-machine", "ImportError: dlopen(/x/_core.so, 2): no suitable image found.  Did find: /x/_core.so: mach-o, but wrong architecture", {}),
    ("dyld-other-platform", "tried: '/x/_core.so' (mach-o file (/x/_core.so), but incompatible platform (have 'iOS', need 'macOS'))", {"have": "iOS", "need": "macOS"}),
    ("newer-macos", "  Referenced from: <C0FFEE> /x/_core.so (built for macOS 13.0 which is newer than running OS)", {"need": "macOS 13.0"}),
    ("flat-symbol-missing", "ImportError: dlopen(/x/_core.so, 0x0002): symbol not found in flat namespace '_PyType_GetModuleByDef'", {"symbol": "PyType_GetModuleByDef"}),
    ("dyld-symbol-missing", "ImportError: dlopen(/x/_core.so, 2): Symbol not found: _PyType_GetModuleByDef", {"symbol": "PyType_GetModuleByDef"}),
    (
        "dyld-symbol-missing",
        "Symbol not found: _PyObject_Foo\n  Referenced from: /x/_core.so\n  Expected in: flat namespace\n in /x/_core.so",
        {"symbol": "PyObject_Foo"},
    ),
    ("mach-o-not-loadable", "tried: '/x/_core.so' (unloadable mach-o file type 1 '/x/_core.so')", {"have": "1"}),
    ("mach-o-not-loadable", "tried: '/x/_core.so' (cannot dlopen a main executable '/x/_core.so')", {}),
    ("slice-not-aligned", "tried: '/x/_core.so' (slice is not page aligned)", {}),
    ("library-not-readable", "ImportError: libfoo.so.1: cannot open shared object file: Permission denied", {}),
    ("library-not-readable", "OSError: /venv/lib/site-packages/pkg/libfoo.so: cannot open shared object file: Permission denied", {}),
    ("library-not-readable", "Error loading shared library libfoo.so.1: Permission denied (needed by /x/_core.so)", {}),
    (
        "glibc-library-not-opened",
        "OSError: /venv/lib/python3.12/site-packages/pkg/libfoo.so: cannot open shared object file: No such file or directory",
        {},
    ),
    (
        "python-library-not-loaded",
        "ImportError: dlopen(/x/_core.so, 0x0002): Library not loaded: /Library/Frameworks/Python.framework/Versions/3.11/Python",
        {"library": "/Library/Frameworks/Python.framework/Versions/3.11/Python"},
    ),
    ("library-not-loaded", "ImportError: dlopen(/x/_core.so, 0x0002): Library not loaded: @rpath/libfoo.1.dylib", {"library": "@rpath/libfoo.1.dylib"}),
    ("duplicate-load-command", "ImportError: dlopen(/x/_core.so, 0x0002): tried: '/x/_core.so' (duplicate LC_RPATH '@loader_path')", {"path": "@loader_path"}),
    (
        "bad-signature",
        "tried: '/x/_core.so' (code signature in <C0FFEE> '/x/_core.so' not valid for use in process: mapped file has no cdhash, completely unsigned? Code has to be at least ad-hoc signed.)",
        {},
    ),
    ("killed-9", "/bin/sh: line 1: 4242 Killed: 9               python -c 'import pkg'", {}),
    ("unknown-load-command", "tried: '/x/_core.so' (load command #17 unknown required load command 0x80000099)", {"have": "0x80000099"}),
    ("no-mach-o", "tried: '/x/_core.so' (not a mach-o file), '/usr/lib/_core.so' (no such file)", {}),
    ("musl-library-on-glibc", "ImportError: libc.musl-x86_64.so.1: cannot open shared object file: No such file or directory", {}),
    ("libpython-missing", "ImportError: libpython3.12.so.1.0: cannot open shared object file: No such file or directory", {"need": "3.12"}),
    (
        "glibc-other-machine",
        "ImportError: /venv/lib/python3.11/site-packages/pkg/_core.cpython-311-x86_64-linux-gnu.so: cannot open shared object file: No such file or directory",
        {},
    ),
    ("glibc-other-machine", "ImportError: /app/pkg/_core.abi3.so: cannot open shared object file: No such file or directory", {}),
    ("glibc-library-missing", "ImportError: libssl.so.1.1: cannot open shared object file: No such file or directory", {}),
    ("elf-other-class", "ImportError: /x/_core.so: wrong ELF class: ELFCLASS32", {"have": "32"}),
    ("no-elf", "ImportError: /x/_core.cpython-311-x86_64-linux-gnu.so: invalid ELF header", {}),
    ("elf-cut-off", "ImportError: /x/_core.cpython-311-x86_64-linux-gnu.so: file too short", {}),
    ("glibc-too-old", "ImportError: /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.34' not found (required by /x/_core.so)", {"need": "GLIBC_2.34"}),
    ("libstdcxx-too-old", "ImportError: /usr/lib/libstdc++.so.6: version `GLIBCXX_3.4.30' not found (required by /x/_core.so)", {"need": "GLIBCXX_3.4.30"}),
    ("libstdcxx-too-old", "ImportError: /lib/libz.so.1: version `ZLIB_1.2.9' not found (required by /x/_core.so)", {"need": "ZLIB_1.2.9"}),
    ("free-threaded-symbol-undefined", "ImportError: /x/_core.so: undefined symbol: _Py_DecRefShared", {"symbol": "_Py_DecRefShared"}),
    ("python-symbol-undefined", "ImportError: /x/_core.abi3.so: undefined symbol: PyObject_GetBuffer", {"symbol": "PyObject_GetBuffer"}),
    ("symbol-undefined", "ImportError: /x/_core.so: undefined symbol: _ZN3foo3barEv", {"symbol": "_ZN3foo3barEv"}),
    ("musl-loads-glibc", "Error loading shared library ld-linux-x86-64.so.2: No such file or directory (needed by /x/_core.so)", {}),
    ("musl-library-missing", "Error loading shared library libgcc_s.so.1: No such file or directory (needed by /x/_core.so)", {"library": "libgcc_s.so.1", "why": "No such file or directory"}),
    ("musl-symbol-missing", "ImportError: Error relocating /x/_core.so: __memcpy_chk: symbol not found", {"symbol": "__memcpy_chk"}),
    ("executable-stack", "ImportError: _core.so: cannot enable executable stack as shared object requires: Invalid argument", {}),
    ("not-page-aligned", "ImportError: _core.so: ELF load command address/offset not page-aligned", {}),
    ("packed-relocations", "ImportError: _core.so: DT_RELR without GLIBC_ABI_DT_RELR dependency", {}),
    ("isa-level", "ImportError: /x/_core.so: CPU ISA level is lower than required", {}),
    ("illegal-instruction", "Illegal instruction (core dumped)", {}),
    ("exec-other-machine", "OSError: [Errno 8] Exec format error: '/venv/bin/tool'", {}),
    ("init-hook-missing", "ImportError: dynamic module does not define module export function (PyInit__core)", {"symbol": "PyInit__core"}),
    ("free-threading-refused", "ImportError: module _core is incompatible with free-threaded CPython", {}),
    ("two-pythons", "Fatal Python error: PyThreadState_Get: no current thread", {}),
    ("module-not-found", "ModuleNotFoundError: No module named 'pkg._core'", {"module": "pkg._core"}),
    ("unsupported-wheel", "ERROR: pkg-1.0-cp311-cp311-macosx_14_2_arm64.whl is not a supported wheel on this platform.", {"wheel": "pkg-1.0-cp311-cp311-macosx_14_2_arm64.whl"}),
    ("uv-unsupported-wheel", "hint: You're on macOS (`macosx_14_0_arm64`), but `pkg` (v0.1.0) only has wheels for the following platform: `win_amd64`", {}),
    ("index-refuses-tag", "HTTPError: 400 Bad Request: Binary wheel 'pkg-1.0-cp311-cp311-linux_x86_64.whl' has an unsupported platform tag 'linux_x86_64'.", {"have": "linux_x86_64"}),
    ("invalid-wheel", "ERROR: pkg has an invalid wheel, .dist-info directory not found", {}),
    ("delocate-no-arch", "delocate.libsana.DelocationError: Failed to find any binary with the required architecture: 'x86_64'", {"need": "x86_64"}),
    ("delocate-missing-arch", "delocate.delocating.DelocationError: Some missing architectures in wheel", {}),
    ("delocate-newer-macos", "DelocationError: Library dependencies do not satisfy target MacOS version 11.0:", {"need": "11.0"}),
    (
        "auditwheel-too-recent",
        'auditwheel: error: cannot repair "pkg-1.0-cp311-cp311-linux_x86_64.whl" to "manylinux2014_x86_64" ABI because of the presence of too-recent versioned symbols.',
        {},
    ),
    ("auditwheel-library-missing", 'ValueError: Cannot repair wheel, because required library "libfoo.so.2" could not be located', {"library": "libfoo.so.2"}),
    ("auditwheel-no-platform", "This does not look like a platform wheel, no ELF executable or shared library file found in the wheel archive", {}),
    ("auditwheel-purelib", "RuntimeError: Invalid binary wheel, found the following shared library/libraries in purelib folder:", {}),
    ("msvc-library-machine", "python3.lib(python3.dll) : warning LNK4272: library machine type 'x64' conflicts with target machine type 'ARM64'", {"have": "x64", "need": "ARM64"}),
    ("msvc-object-machine", "util.obj : fatal error LNK1112: module machine type 'x64' conflicts with target machine type 'ARM64'", {"have": "x64", "need": "ARM64"}),
    ("python-library-missing", "LINK : fatal error LNK1181: cannot open input file 'python312.lib'", {"library": "python312"}),
    ("python-library-missing", "lld-link: error: could not open 'python39.lib': no such file or directory", {"library": "python39"}),
    ("python-library-missing", "ld: cannot find -lpython313t: No such file or directory", {"library": "python313t"}),
    ("python-symbols-unresolved", "lib.o : error LNK2019: unresolved external symbol __imp_PyExc_ValueError referenced in function f", {"symbol": "PyExc_ValueError"}),
    ("python-symbols-unresolved", "lib.o : error LNK2001: unresolved external symbol _Py_Dealloc", {"symbol": "_Py_Dealloc"}),
    ("lld-library-machine", "lld-link: error: py_x64.lib(python3.dll): machine type x64 conflicts with arm64", {"have": "x64", "need": "arm64"}),
    ("mingw-python-unresolved", "lib.rs:1: undefined reference to `__imp_PyExc_TypeError'", {"symbol": "__imp_PyExc_TypeError"}),
    ("ld-other-machine", "ld: skipping incompatible /usr/lib/libfoo.so when searching for -lfoo", {}),
    ("ld-other-machine", "ld.lld: error: obj.o is incompatible with elf_x86_64", {"need": "elf_x86_64"}),
    ("ld64-other-machine", "ld: warning: ignoring file '/usr/local/lib/libz.dylib': found architecture 'x86_64', required architecture 'arm64'", {"have": "x86_64", "need": "arm64"}),
    ("ld64-other-machine", "ld: warning: ignoring file libz.dylib, building for macOS-arm64 but attempting to link with file built for macOS-x86_64", {"have": "macOS-x86_64", "need": "macOS-arm64"}),
    ("ld64-newer-macos", "ld: warning: object file (libfoo.a(x.o)) was built for newer macOS version (14.0) than being linked (11.0)", {"have": "14.0", "need": "11.0"}),
    ("pyo3-no-interpreter", "  Caused by: Need a Python interpreter to compile for Windows without PyO3's `generate-import-lib` feature", {}),
    ("pyo3-no-version", "error: PYO3_CROSS_PYTHON_VERSION or an abi3-py3* feature must be specified when cross-compiling and PYO3_CROSS_LIB_DIR is not set.", {}),
    ("pyo3-pointer-width", "error: your Rust target architecture (64-bit) does not match your python interpreter (32-bit)", {"have": "64-bit", "need": "32-bit"}),
    (
        "maturin-skips-python",
        "👽 'C:\\Python\\python.exe' reports a platform 'win-amd64' (architecture 'x86_64'), while the Rust target is 'i686'. Skipping.",
        {"have": "win-amd64", "need": "i686"},
    ),
    ("maturin-skips-python", "'C:\\Python\\python.exe' reports a platform 'win32', Skipping.", {"have": "win32"}),
    ("maturin-two-pyo3", "error: ambiguous bindings crate: pyo3 0.26.0, pyo3 0.27.1", {}),
    ("deployment-target-invalid", "💥 maturin failed\n  Caused by: MACOSX_DEPLOYMENT_TARGET is invalid", {}),
    ("pyo3-config-relative", "error: PYO3_CONFIG_FILE must be an absolute path", {}),
    ("xwin-no-cabinets", "Error: no cab files were referenced by the MSI", {}),
]  # fmt: skip
"""(the message, a text that contains it, its details)"""

CI_LOG = """\
\x1b[36;1m2024-12-05T10:11:12.1234567Z ##[group]Run PyO3/maturin-action@v1\x1b[0m
2024-12-05T10:11:13.1234567Z    Compiling pyo3-ffi v0.22.6
2024-12-05T10:11:14.1234567Z \x1b[1m\x1b[38;5;9merror\x1b[0m: linking with `link.exe` failed: exit code: 1120
2024-12-05T10:11:14.1234567Z   = note: python3.lib(python3.dll) : warning LNK4272: library machine type 'x64' conflicts with target \
machine type 'ARM64'
2024-12-05T10:11:14.1234567Z           a.o : error LNK2019: unresolved external symbol __imp_PyList_New referenced in function f
2024-12-05T10:11:14.1234567Z           b.o : error LNK2019: unresolved external symbol __imp_PyList_Append referenced in function g
2024-12-05T10:11:14.1234567Z           out.dll : fatal error LNK1120: 2 unresolved externals
2024-12-05T10:11:15.1234567Z ##[error]Process completed with exit code 1.
"""


def of_text(text: str) -> tuple[Explanation, ...]:
    return explain(decode([text.encode()]))


def named(explanations: tuple[Explanation, ...]) -> list[str]:
    return [one.message.name for one in explanations]


# -- the table


@pytest.mark.parametrize(
    ("name", "text", "details"), SAID, ids=[f"{n}-{case[0]}" for n, case in enumerate(SAID)]
)
def test_each_message(name: str, text: str, details: dict[str, str]) -> None:
    """A message in the words of its tool is recognized as that and nothing else, with its details."""
    (one,) = of_text(text)
    assert one.message.name == name
    assert one.details == details


def test_every_message_is_tried() -> None:
    """Every message in the table has a text above, and every name is used once."""
    names = [message.name for message in MESSAGES]
    assert set(names) == {name for name, _, _ in SAID}
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.name)
def test_form(message: Message) -> None:
    """Codes and remedies exist, anchors are in lower case, and no pattern can take long."""
    known = {rule.code for rule in RULES}
    for code in message.codes:
        assert code in known or re.fullmatch(r"WD(0[1-9]|[12]\d|3[0-8])", code)
    systems = (message.system,) if message.system else ()
    assert all(remedies.text((each,), "", systems) for each in message.remedies)
    assert message.remedies or message.advice
    assert message.system in ("", "windows", "macos", "linux", "android", "wasm")
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", message.name)
    assert all(anchor == anchor.lower() and len(anchor) >= 5 for anchor in message.anchors)
    assert not re.search(r"(?<!\\)[*+](?![^\[]*\])", message.pattern)
    assert message.meaning.endswith(".")
    assert message.source


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "ModuleNotFoundError: No module named 'numpy'",
        "Collecting wheel\nSuccessfully installed wheel-0.45.1",
        "error[E0308]: mismatched types",
        "LINK : fatal error LNK1181: cannot open input file 'm.lib'",
        "lib.o : error LNK2019: unresolved external symbol foo referenced in function main",
        "undefined reference to `sqrt'",
        "cat: file too short",
        "ModuleNotFoundError: No module named 'demo.ext'",
        "ImportError: cannot import name '_core' from 'pkg' (/x/pkg/__init__.py)",
        '  "_foo", referenced from:',
        "the tower is 64-bit",
        "Killed",
    ],
)
def test_other_texts_say_nothing(text: str) -> None:
    """A text that is not in the table is not explained."""
    assert of_text(text) == ()


# -- texts


def test_a_whole_log() -> None:
    """Colors and timestamps are removed, lines keep their numbers, and a repeated message is explained once."""
    first, second = of_text(CI_LOG)
    assert (first.message.name, first.line, first.times) == ("msvc-library-machine", 4, 1)
    assert first.text.startswith("= note: python3.lib(python3.dll) : warning LNK4272")
    assert (second.message.name, second.line, second.times) == ("python-symbols-unresolved", 5, 2)
    assert second.details == {"symbol": "PyList_New"}


@pytest.mark.parametrize(
    "data",
    [
        CI_LOG.encode(),
        CI_LOG.replace("\n", "\r\n").encode(),
        codecs.BOM_UTF8 + CI_LOG.encode(),
        CI_LOG.encode("utf-16"),
        CI_LOG.replace("\n", "\r\n").encode("utf-16-le"),
        CI_LOG.encode("utf-16-be"),
        codecs.BOM_UTF16_BE + CI_LOG.encode("utf-16-be"),
        CI_LOG.encode() + b"\xff\xfe\x80",
    ],
)
@pytest.mark.parametrize("size", [1_000_000, 1021, 3])
def test_encodings_and_pieces(data: bytes, size: int) -> None:
    """Line ends, byte order marks, UTF-16 and the size of the chunks make no difference."""
    head = max(size, 64)  # three bytes are not enough to detect an encoding
    chunks = [data[:head], *(data[at : at + size] for at in range(head, len(data), size))]
    explanations = explain(decode(chunks))
    assert [(one.message.name, one.line, one.times) for one in explanations] == [
        ("msvc-library-machine", 4, 1),
        ("python-symbols-unresolved", 5, 2),
    ]


def test_what_says_more_wins() -> None:
    """A missing library of musl on glibc matches two messages, and gets the more specific one."""
    text = "ImportError: libc.musl-x86_64.so.1: cannot open shared object file: No such file or directory"
    assert named(of_text(text)) == ["musl-library-on-glibc"]


def test_names_of_files_and_modules() -> None:
    """Files are named by their last component, also in the next lines of dyld; a module by its missing hook."""
    (one,) = of_text(
        "ImportError: dlopen(/venv/pkg/_core.so, 0x0002): Library not loaded: @rpath/libfoo.1.dylib\n"
        "  Referenced from: <C0FFEE> C:\\venv\\pkg\\_other.pyd\n"
        "  Reason: tried: '/usr/lib/libbar.so.2.1' (no such file)\n"
        "  unrelated.so\n"
    )
    assert one.files == ("_core.so", "libfoo.1.dylib", "_other.pyd", "libbar.so.2.1")
    (one,) = of_text("ImportError: dynamic module does not define module export function (PyInit__core)")
    assert one.modules == ("_core",)
    (one,) = of_text(
        "ImportError: DLL load failed while importing pkg._core: %1 is not a valid Win32 application."
    )
    assert one.modules == ("pkg._core",)


def test_a_message_in_the_middle_of_a_long_line() -> None:
    """A log in JSON is one line. The message is found in it, and the shown text is short."""
    for before in (10, 10_000, 200_000):
        text = "x" * before + " ImportError: /x/_core.so: wrong ELF class: ELFCLASS32 " + "y" * 300_000
        (one,) = of_text(text)
        assert "ELFCLASS32" in one.text
        assert len(one.text) <= 2_500
        assert one.line == 1


# -- hostile texts

ANCHORS = " ".join(anchor for message in MESSAGES for anchor in message.anchors)


@given(
    st.lists(
        st.one_of(
            st.binary(max_size=200),
            st.sampled_from([text.encode() for _, text, _ in SAID]),
            st.sampled_from(
                [b"\r", b"\n", b"\x1b[", b"\x1b]0;", b"\0", codecs.BOM_UTF16_LE, ANCHORS.encode()]
            ),
        ),
        max_size=20,
    )
)
@settings(max_examples=300, deadline=None)
def test_any_bytes(chunks: list[bytes]) -> None:
    """No bytes, in any pieces, raise. Each message comes once, in the order of lines, within its limits."""
    explanations = explain(decode(chunks))
    assert len(set(named(explanations))) == len(explanations)
    assert [one.line for one in explanations] == sorted(one.line for one in explanations)
    for one in explanations:
        assert 1 <= one.times <= 10_000
        assert len(one.files) <= 20
        assert len(one.modules) <= 20


@pytest.mark.parametrize("unit", ["\x1b[0;", "\x1b]0;", "x.so/", "a\n", "\u0130", ANCHORS, f"{ANCHORS}\n"])
def test_work_is_proportional_to_the_text(unit: str) -> None:
    """Hostile text takes work in proportion to its length, in one line and in many."""
    for text in (unit, f"{unit} ", f"{unit}: a", f"{unit}\n", f"{unit} '"):
        data = (text * (1 + 40_000 // len(text))).encode()
        assert_linear(lambda times, data=data: explain(decode([data * times])), int, 1)


def test_lines_of_one_message_are_matched_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the limit, a line with a known message costs no more than a line without one."""
    monkeypatch.setattr(explaining, "_MOST_LINES", 50)
    line = "ImportError: /x/m.so: wrong ELF class: ELFCLASS32\n"
    few, many = (steps(explain, [line * count]) for count in (50, 500))
    assert many <= few + 100


@pytest.mark.parametrize("message", [one for one in MESSAGES if one.pattern], ids=lambda one: one.name)
def test_patterns_do_not_explode(message: Message) -> None:
    """On a line that repeats an anchor, the work of a pattern is at most about the square of the line's length."""
    pattern = re.compile(message.pattern, re.IGNORECASE)
    for anchor in message.anchors:
        for text in (anchor, f"{anchor}: a", f"{anchor} '", f"{anchor} "):
            line = (text * (1 + 300 // len(text)))[:300]
            assert search_steps(pattern, line) < 15_000


def test_memory_does_not_grow_with_the_text() -> None:
    """Counts and names are limited, however often a message is repeated and whatever it names."""

    def log() -> Iterator[bytes]:
        for block in range(64):
            yield b"".join(
                b"ImportError: /x/m%d.so: wrong ELF class: ELFCLASS32\n" % (block * 1000 + n)
                for n in range(1000)
            )

    (one,) = explain(decode(log()))
    assert (one.times, one.line, len(one.files)) == (10_000, 1, 20)


# -- wheels

NAME = "demo-1.0-cp311-abi3-win_amd64.whl"


def say(text: str) -> Explanation:
    (one,) = of_text(text)
    return one


def test_the_member_that_the_message_names() -> None:
    """If two modules have the fault, the one that the message names is the cause."""
    wrong = image("win_arm64-python3.pyd")
    data = build_wheel(NAME, {"demo/_a.pyd": wrong, "demo/_b.pyd": wrong})
    (report,) = wheelarch.audit(data, name=NAME)
    text = "ImportError: DLL load failed while importing {}: %1 is not a valid Win32 application."
    assert [cause.member for cause in culprits(say(text.format("_b")), report)] == ["demo/_b.pyd"]
    assert {cause.member for cause in culprits(say(text.format("_c")), report)} == {
        "demo/_a.pyd",
        "demo/_b.pyd",
    }
    assert {cause.code for cause in culprits(say(text.format("_b")), report)} == {"WA201"}


def test_a_named_member_without_fault() -> None:
    """A member that the message names is shown with its facts, even if no rule finds a fault in it."""
    (report,) = wheelarch.audit(build_wheel(NAME, {"demo/_a.pyd": image("win_amd64-python3.pyd")}), name=NAME)
    text = "ImportError: DLL load failed while importing _a: %1 is not a valid Win32 application."
    assert culprits(say(text), report) == (Culprit("demo/_a.pyd", "", "pe for x86_64, bound to python3.dll"),)


@pytest.mark.parametrize(
    ("wheel", "text", "code"),
    [
        ("wrong_machine-1.0-cp311-abi3-win_amd64.whl", "DLL load failed while importing ext: %1 is not a valid Win32 application.", "WA201"),
        ("foreign_library-1.0-cp311-abi3-win_amd64.whl", "[WinError 193] %1 is not a valid Win32 application", "WA203"),
        ("one_python_only-1.0-cp311-abi3-win_amd64.whl", "DLL load failed while importing ext: The specified module could not be found.", "WA301"),
        ("one_slice-1.0-cp312-cp312-macosx_11_0_universal2.whl", "(fat file, but missing compatible architecture (have 'x86_64', need 'arm64'))", "WA202"),
        ("too_new_macos-1.0-cp312-cp312-macosx_11_0_arm64.whl", "(built for macOS 14.0 which is newer than running OS)", "WA501"),
        (
            "two_machines-1.0-cp312-cp312-manylinux_2_17_x86_64.whl",
            "two_machines/sub/ext.cpython-312-x86_64-linux-gnu.so: cannot open shared object file: No such file or directory",
            "WA201",
        ),
        ("wrong_libc-1.0-cp312-cp312-manylinux_2_17_x86_64.whl", "libc.musl-x86_64.so.1: cannot open shared object file", "WA521"),
    ],
)  # fmt: skip
def test_real_wheels(wheel: str, text: str, code: str) -> None:
    """The message of a loader leads to the finding of the audit."""
    (report,) = wheelarch.audit(TESTDATA / "wheels" / wheel)
    assert code in [cause.code for cause in culprits(say(f"ImportError: {text}"), report)]


@pytest.mark.parametrize(
    "wheel", ["wrong_libc-1.0-cp312-cp312-manylinux_2_17_x86_64.whl", "good-1.0-cp311-abi3-win_amd64.whl"]
)
def test_a_wheel_for_another_system_is_no_cause(wheel: str) -> None:
    """A wheel for Linux, or a right wheel, does not explain a message of the Windows loader."""
    (report,) = wheelarch.audit(TESTDATA / "wheels" / wheel)
    assert culprits(say("OSError: [WinError 193] %1 is not a valid Win32 application"), report) == ()


@pytest.mark.parametrize(
    ("path", "text", "hit"),
    [
        ("demo/_core.cpython-312-darwin.so", "No module named 'demo._core'", True),
        ("demo/sub/_core.cpython-312-darwin.so", "No module named 'demo._core'", False),
        ("demo/__init__.cpython-312-darwin.so", "does not define module export function (PyInit_demo)", True),
        ("demo/_core_d.pyd", "does not define module export function (PyInit__core)", False),
        ("DEMO/FOO.DLL", "[WinError 193] %1 is not a valid Win32 application: 'c:\\x\\foo.dll'", True),
    ],
)
def test_who_is_named(path: str, text: str, hit: bool) -> None:
    """A module is found by the part of its dotted name in the message; a file in upper or lower case."""
    machine = member(path, macho() if path.endswith(".so") else pe())
    report = judged("x.whl", members=(machine,), tags=("cp312-cp312-any",))
    assert bool(culprits(say(f"ImportError: {text}"), report)) is hit


def test_a_file_for_another_machine_explains_any_loader() -> None:
    """Windows errors 126 and 127 about a module for another machine lead to that fault."""
    (report,) = wheelarch.audit(build_wheel(NAME, {"demo/_a.pyd": image("win_arm64-python3.pyd")}), name=NAME)
    text = "ImportError: DLL load failed while importing _a: The specified {} could not be found."
    for missing in ("module", "procedure"):
        assert [cause.code for cause in culprits(say(text.format(missing)), report)] == ["WA201"]


def test_no_file_is_said_to_be_there_that_may_be_missing() -> None:
    """Code can open any path (ctypes), so only an import proves that the file exists."""
    path = "/venv/lib/python3.12/site-packages/pkg/_core.abi3.so"
    end = "cannot open shared object file: No such file or directory"
    assert "the file is there" in say(f"ImportError: {path}: {end}").message.meaning
    assert "the file is there" not in say(f"OSError: {path}: {end}").message.meaning.lower()


def test_causes_are_bounded_and_the_worst_come_first() -> None:
    """Of a thousand faults in a wheel, twenty are shown, errors first."""
    findings = [
        finding(code="WA201", member=f"demo/{n}.pyd", severity=Severity.WARNING, tags=())
        for n in range(1_000)
    ]
    report: WheelReport = judged("x.whl", *findings, finding(code="WA203", member="demo/lib.dll", tags=()))
    found = culprits(say("OSError: [WinError 193] %1 is not a valid Win32 application"), report)
    assert (len(found), found[0].member) == (20, "demo/lib.dll")


def test_facts_of_odd_members() -> None:
    """Fat, foreign and unreadable members are described too."""
    odd = [
        (member("demo/_core.so", macho(Machine.X86_64), macho()), "mach-o for x86_64 and arm64"),
        (member("demo/_core.so", elf(), python=PythonLinkage(None, (), "unknown")), "elf for x86_64"),
        (member("demo/_core.so"), "not a binary that wheelarch knows"),
    ]
    for one, words in odd:
        report = judged("x.whl", members=(one,), tags=())
        assert culprits(say("ImportError: No module named 'demo._core'"), report) == (
            Culprit(one.path, "", words),
        )


# -- modules and libraries that are not named in the message's table


@pytest.mark.parametrize(
    "text",
    [
        "ModuleNotFoundError: No module named 'demo.ext'",
        "ImportError: cannot import name 'ext' from 'demo' (/x/demo/__init__.py)",
        "ImportError: cannot import name 'ext' from partially initialized module 'demo' (most likely due to a circular import)",
    ],
)
def test_a_module_that_a_wheel_has_is_explained(text: str) -> None:
    """Without a wheel, a lost module may be anything. If the wheel has its file, the name of that file is why."""
    name = "demo-1.0-cp313-cp313t-manylinux_2_17_x86_64.whl"
    binary = image("linux-x86_64-glibc.so")
    data = build_wheel(name, {"demo/ext.cpython-313-x86_64-linux-gnu.so": binary})
    report = wheelarch.audit(data, name=name, second_opinion="off").wheels[0]
    assert explain([text]) == ()
    (one,) = explain(
        [f"ModuleNotFoundError: No module named 'numpy'\n{text}\n"],
        explaining.modules_of([report]).__contains__,
    )
    assert (one.message.name, one.line, one.details) == ("module-not-found", 2, {"module": "demo.ext"})
    (cause,) = culprits(one, report)
    assert (cause.member, cause.code) == ("demo/ext.cpython-313-x86_64-linux-gnu.so", "WA401")


def test_a_library_of_a_library_may_be_what_is_missing() -> None:
    """Error 126 covers what the module's DLLs need, and what no system has is the likelier cause."""
    members = (
        member("demo/ext.pyd", pe(Machine.X86_64, "second.dll", "MSVCP140.dll", hooks=("PyInit_ext",))),
        member("demo/second.dll", pe(Machine.X86_64, "thirdparty.dll")),
        member("demo/other.dll", pe(Machine.X86_64, "lost.dll")),
    )
    findings = [
        finding(
            code="WA523", severity=Severity.WARNING, member=path, tags=(), claims=((Fact.LIBRARIES, name),)
        )
        for path, name in [
            ("demo/other.dll", "lost.dll"),
            ("demo/ext.pyd", "MSVCP140.dll"),
            ("demo/second.dll", "thirdparty.dll"),
        ]
    ]
    report = judged("demo-1.0-cp312-cp312-win_amd64.whl", *findings)._replace(members=members)
    (one,) = explain(
        ["ImportError: DLL load failed while importing ext: The specified module could not be found."]
    )
    assert [cause.member for cause in culprits(one, report)] == ["demo/second.dll", "demo/ext.pyd"]
