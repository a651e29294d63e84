"""What loaders, linkers and build tools say if a binary does not fit, and what each of these messages means.

This is only a table. `wheelarch.why.explain` looks for the messages in a text.
"""

from __future__ import annotations

from .._lib.typed import NamedTuple

__all__ = ["MESSAGES", "Message"]


class Message(NamedTuple):
    """One thing that a tool says."""

    name: str
    """In kebab case. It never changes, because scripts compare it."""
    system: str
    """`windows`, `macos`, `linux`, `android` or `wasm` if the message is only about binaries for that system; else
    empty. `linux` includes Android, whose linkers say the same."""
    anchors: tuple[str, ...]
    """Texts in lower case. A line without any of them is not this message."""
    pattern: str
    """A regular expression that the line must match too, with case ignored; empty if the anchor is enough. It begins
    with a literal and every repetition is bounded, so that no line takes long. Named groups are details."""
    meaning: str
    codes: tuple[str, ...]
    """The rules that find the fault, likely ones first: WA in the finished wheel, WD in the project before a build.
    None if no file shows it."""
    remedies: tuple[str, ...]
    """Ids of `wheelarch.rules.remedies`."""
    advice: str
    """What to do besides the remedies; may be empty."""
    source: str
    """The program that prints the message, and the place in its source."""


_DLL_TABLE = "CPython Python/dynload_win.c; Microsoft, System Error Codes"
_DYLD = "dyld, common/MachOFile.cpp and dyld/Loader.cpp"
_GLIBC = "glibc, elf/dl-load.c"
_MUSL = "musl, ldso/dynlink.c"
_LINK = "Microsoft, Linker Tools Errors and Warnings"

MESSAGES: tuple[Message, ...] = (
    # --- the loader of Windows
    Message(
        "win32-other-machine",
        "windows",
        (
            "win32", "winerror 193", "error code 193 while importing", "status_invalid_image_format", "0xc000007b",
            "-1073741701", "3221225595",
        ),
        r"%1\b[^\n]{0,80}win32|is not a valid win32 application|winerror 193|error code 193|invalid_image_format"
        r"|0xc000007b|-1073741701|3221225595",
        "Windows error 193, or 0xC000007B when a program starts: the file, or a DLL that it needs, is not for the "
        "machine "
        "of the process that loads it: 32-bit in 64-bit, ARM64 or ARM64EC in x64, or the reverse. A truncated file "
        "gives "
        "the same message.",
        ("WA201", "WA203", "WA209", "WA210", "WA801", "WA901", "WD02", "WD29"),
        ("build-for-machine",),
        "",
        f"{_DLL_TABLE}: ERROR_BAD_EXE_FORMAT (193)",
    ),
    Message(
        "windows-program-other-machine",
        "windows",
        ("winerror 216", "is not compatible with the version of windows you're running"),
        "",
        "Windows error 216: the program is for a machine that this Windows cannot run.",
        ("WA205",),
        ("ship-program",),
        "",
        "Microsoft, System Error Codes: ERROR_EXE_MACHINE_TYPE_MISMATCH (216)",
    ),
    Message(
        "windows-module-not-found",
        "windows",
        (
            "the specified module could not be found", "winerror 126", "angegebene modul wurde nicht gefunden",
            "le module spécifié est introuvable", "no se puede encontrar el módulo especificado", "找不到指定的模块",
            "指定されたモジュールが見つかりません", "не найден указанный модуль", "找不到指定的模組",
            "não foi possível encontrar o módulo especificado", "impossibile trovare il modulo specificato",
            "지정된 모듈을 찾을 수 없습니다", "nie można odnaleźć określonego modułu",
            "kan opgegeven module niet vinden",
            "belirtilen modül bulunamadı", "det går inte att hitta den angivna modulen", "uvedený modul nebyl nalezen",
            "error code 126 while importing", "(or one of its dependencies)", "status_dll_not_found", "0xc0000135",
            "-1073741515", "3221225781",
        ),
        "",
        "Windows error 126, or 0xC0000135 when a program starts: the file was found, but a DLL that it needs is "
        "missing. For an extension module, this is "
        "often a Python DLL that this Python does not have (python312.dll in a wheel for the stable ABI), a debug "
        "DLL, or a library that was not put into the wheel. A file for another machine can also cause this message.",
        (
            "WA301", "WA302", "WA303", "WA304", "WA305", "WA306", "WA316", "WA523", "WA536", "WA537", "WA201", "WA203",
            "WD07",
        ),
        ("limited-api", "bundle-library"),
        "",
        f"{_DLL_TABLE}: ERROR_MOD_NOT_FOUND (126)",
    ),
    Message(
        "windows-procedure-not-found",
        "windows",
        (
            "the specified procedure could not be found", "winerror 127", "angegebene prozedur wurde nicht gefunden",
            "la procédure spécifiée est introuvable", "no se encontró el proceso especificado", "找不到指定的程序",
            "指定されたプロシージャが見つかりません", "не найдена указанная процедура",
            "não foi possível encontrar o procedimento especificado", "impossibile trovare la procedura specificata",
            "지정된 프로시저를 찾을 수 없습니다", "nie można odnaleźć określonej procedury",
            "error code 127 while importing", "status_entrypoint_not_found", "0xc0000139", "-1073741511", "3221225785",
        ),
        "",
        "Windows error 127, or 0xC0000139 when a program starts: all DLLs were found, but one of them lacks a "
        "function. If that DLL is python3.dll, the "
        "function is not in the stable ABI, or only in that of a later Python.",
        ("WA410", "WA409", "WA301", "WA315"),
        ("limited-api-floor",),
        "",
        f"{_DLL_TABLE}: ERROR_PROC_NOT_FOUND (127)",
    ),
    Message(
        "python-dll-conflict",
        "windows",
        ("conflicts with this version of python",),
        r"module use of (?P<have>python\w{1,12}\.dll)",
        "The extension module is linked to the DLL of another Python version, and Windows found that DLL too.",
        ("WA302", "WA301", "WD07"),
        ("right-interpreter",),
        "",
        "CPython Python/dynload_win.c",
    ),
    Message(
        "windows-dll-init-failed",
        "windows",
        (
            "initialization routine failed", "initialisierungsroutine ist fehlgeschlagen",
            "d’une bibliothèque de liens dynamiques", "d'une bibliothèque de liens dynamiques",
            "rutina de inicialización de biblioteca", "初始化例程失败", "初始化例程失敗", "初期化ルーチンの実行に失敗",
            "программе инициализации библиотеки", "rotina de inicialização da biblioteca",
            "초기화 루틴을 실행할 수 없습니다",
            "routine di inizializzazione della libreria", "procedura inicjacji biblioteki", "winerror 1114",
            "error code 1114 while importing", "status_dll_init_failed", "0xc0000142", "-1073741502", "3221225794",
        ),
        "",
        "Windows error 1114, or 0xC0000142 when a program starts: all DLLs were found, but the start-up code of one of "
        "them failed. The usual cause is an older msvcp140.dll than the build used: Python, another package or PATH "
        "brought it first. Other causes are a processor without instructions that the code uses, and a device or "
        "driver "
        "that the DLL expects.",
        ("WA523", "WA219"),
        (),
        "Install the newest Visual C++ Redistributable, and try to import the package before all others. In the build, "
        "copy the runtime into the wheel with `delvewheel repair X.whl`, or compile with "
        "`/D_DISABLE_CONSTEXPR_MUTEX_CONSTRUCTOR` so that older runtimes will do.",
        f"{_DLL_TABLE}: ERROR_DLL_INIT_FAILED (1114); Microsoft STL, changelog of VS 2022 17.10",
    ),
    Message(
        "python2-unicode-width",
        "",
        ("pyunicodeucs2_", "pyunicodeucs4_"),
        r"(?P<symbol>_?PyUnicodeUCS[24]_\w{1,100})",
        "The module was built for a Python 2 with another width of Unicode characters. A name with UCS2 belongs to "
        "the ABI "
        "cp27m (Windows, macOS, some Linux builds), one with UCS4 to cp27mu (most Linux distributions).",
        ("WA802",),
        ("right-interpreter",),
        "",
        "CPython 2.7, Include/unicodeobject.h; PEP 513, \"UCS-2 vs UCS-4 builds\"",
    ),
    Message(
        "dotnet-bitness",
        "",
        ("badimageformatexception",),
        "",
        "A .NET assembly for x86 was loaded into a 64-bit process, or the reverse.",
        ("WA211",),
        ("any-cpu",),
        "",
        "Microsoft, BadImageFormatException",
    ),
    # --- dyld
    Message(
        "fat-lacks-slice",
        "macos",
        ("missing compatible architecture", "no matching architecture in universal wrapper"),
        r"missing compatible architecture(?: \(have '(?P<have>[^)\n]{1,80})', need '(?P<need>[^)\n]{1,80})'\))?"
        r"|no matching architecture in universal wrapper",
        "The universal file contains no slice for the architecture of this Python.",
        ("WA202", "WA204", "WA216", "WA801"),
        ("build-for-machine",),
        "",
        f'{_DYLD}; docs/facts/loaders.md, "What dyld says"',
    ),
    Message(
        "dyld-other-machine",
        "macos",
        ("incompatible architecture", "mach-o, but wrong architecture"),
        r"incompatible architecture(?: \(have '(?P<have>[^)\n]{1,80})', need '(?P<need>[^)\n]{1,80})'\)"
        r"| \(have \((?P<have2>[^)\n]{1,80})\), need \((?P<need2>[^)\n]{1,80})\))?"
        r"|mach-o, but wrong architecture",
        "The file is for one kind of Mac (arm64 or x86_64), and this Python for the other. If the wheel's tag agrees "
        "with the file, the build used the architecture of the Rust compiler instead of that of the interpreter. This "
        "happens with an x86_64 Python on an arm64 Mac, and in an emulated process.",
        ("WA201", "WA203", "WA801", "WD17", "WD18", "WD19"),
        ("build-for-machine",),
        "",
        f'{_DYLD}; docs/facts/loaders.md, "What dyld says"',
    ),
    Message(
        "dyld-other-platform",
        "macos",
        ("incompatible platform",),
        r"incompatible platform(?: \(have '(?P<have>[^')\n]{1,40})', need '(?P<need>[^')\n]{1,40})'\))?",
        "The file was built for another system of Apple: iOS, its simulator or Catalyst instead of macOS.",
        ("WA503",),
        ("apple-platform",),
        "",
        _DYLD,
    ),
    Message(
        "newer-macos",
        "macos",
        ("which is newer than running os",),
        r"built for (?P<need>macos [\d.]{1,12}) which is newer",
        "A symbol is missing because the file was built for a later macOS than this one.",
        ("WA501", "WA502"),
        ("deployment-target",),
        "",
        "dyld, dyld/Loader.cpp",
    ),
    Message(
        "dyld-program-without-python",
        "macos",
        ("symbol not found in flat namespace",),
        r"dyld\[\d{1,10}\]: (?:missing )?symbol not found in flat namespace '?_?(?P<symbol>_?Py\w{1,200})",
        "A program, not an extension module, looks for Python's functions, and no Python is in its process. It was "
        "linked "
        "like a module: with PyO3's feature `extension-module`, `cargo test` and `cargo run` make such programs.",
        (),
        (),
        "Make the feature optional, and run `cargo test --no-default-features`. Build the wheel with `--features "
        "pyo3/extension-module`.",
        "dyld, dyld/Loader.cpp; PyO3's FAQ, on `cargo test` and the feature extension-module",
    ),
    Message(
        "flat-symbol-missing",
        "macos",
        ("symbol not found in flat namespace",),
        r"flat namespace '?_?(?P<symbol>[^'\s]{1,300})",
        "No library in the process has the symbol. If it is one of Python's (Py...), this Python is too old for it or "
        "does not have it. Any other symbol belongs to a library that was not linked, or that the linker left out "
        "because it is for another architecture.",
        ("WA530", "WA531", "WA410", "WA409", "WA303", "WA203"),
        ("limited-api",),
        "",
        "dyld, dyld/Loader.cpp",
    ),
    Message(
        "system-symbol-missing",
        "macos",
        ("symbol not found: ",),
        r"symbol not found: _?(?P<symbol>[^\s(]{1,300})\n(?:[^\n]{0,600}\n){0,3}\s{0,8}expected in:\s{0,8}"
        r"(?:<[^>\n]{1,60}>\s{0,4})?(?P<library>/(?:usr/lib|system)/[^\s]{1,200})",
        "A library of this macOS does not have the symbol, because the file was built for a later macOS. Its "
        "deployment "
        "target was too high, or it contains objects that were.",
        ("WA501", "WA502", "WD26"),
        ("deployment-target",),
        "",
        "dyld, dyld/Loader.cpp, and its predecessors",
    ),
    Message(
        "dyld-symbol-missing",
        "macos",
        ("symbol not found: ",),
        r"symbol not found: _?(?P<symbol>[^\s(]{1,300})",
        "The next lines say where the symbol was expected. 'Flat namespace' means that no library in the process has "
        "it. A library there lacks the symbol on this machine, as a system library can on an older macOS. If the "
        "symbol is one of Python's (Py...), this Python is too old for it or does not have it.",
        ("WA410", "WA409", "WA303", "WA203", "WA501"),
        ("limited-api", "deployment-target"),
        "",
        "dyld, dyld/Loader.cpp, and its predecessors",
    ),
    Message(
        "python-library-not-loaded",
        "macos",
        ("library not loaded",),
        r"library not loaded: (?P<library>[^\n]{0,300}(?:python3?\.framework/|libpython3|\.dylibs/python)[^\s]{0,100})",
        "The module is linked to one installation of Python, and this machine has none in that place.",
        ("WA312", "WA310"),
        ("no-libpython",),
        "",
        'dyld, dyld/Loader.cpp; docs/facts/python-dlls-and-suffixes.md, '
        '"Python frameworks and libpython on Apple systems"',
    ),
    Message(
        "library-not-loaded",
        "macos",
        ("library not loaded",),
        r"library not loaded: (?P<library>[^\n]{1,300})",
        "A library that the file needs is not at the path that the file gives. Either the path is one of the machine "
        "that built it (Homebrew), or its @rpath or @loader_path leads to no file in the wheel.",
        ("WA507", "WA508", "WA536", "WA537", "WA203", "WA204"),
        ("bundle-library",),
        "",
        'dyld, dyld/Loader.cpp; docs/facts/loaders.md, "How dyld finds a library"',
    ),
    Message(
        "duplicate-load-command",
        "macos",
        ("duplicate lc_rpath", "duplicate linked dylib"),
        r"duplicate (?:lc_rpath|linked dylib) '(?P<path>[^'\n]{1,300})",
        "The file names a run path or a library twice. macOS 26 refuses that in files linked with its SDK.",
        ("WA509",),
        ("one-load-command",),
        "",
        'dyld, mach_o/Policy.cpp; docs/facts/loaders.md, "Library load commands in Mach-O files"',
    ),
    Message(
        "bad-signature",
        "macos",
        ("not valid for use in process", "code signature invalid", "codesigning"),
        r"code signature|codesigning",
        "The file is not signed, or was changed after it was signed. Code for arm64 needs a signature; ad hoc is "
        "enough. 'different Team IDs' means that the program that loads the file accepts only signatures of its own "
        "developer.",
        ("WA505", "WA532", "WA506"),
        ("sign",),
        "",
        'Apple, dyld and the code signing of the kernel; docs/facts/signatures.md, "What users see"',
    ),
    Message(
        "killed-9",
        "macos",
        ("killed: 9",),
        "",
        "The kernel killed the program. On a Mac with Apple silicon, the usual cause is that the program or a library "
        "is not signed. On other machines, memory may have run out.",
        ("WA505", "WA506"),
        ("sign",),
        "",
        'XNU, bsd/kern/kern_cs.c, cs_invalid_page; docs/facts/signatures.md, "What users see"',
    ),
    Message(
        "unknown-load-command",
        "macos",
        ("unknown required load command",),
        r"unknown required load command (?P<have>0x[0-9a-f]{1,8})",
        "The file needs a newer dyld: it contains a load command that this dyld does not know.",
        ("WA510",),
        (),
        "Use a released linker, and link for the macOS in the tag.",
        "dyld, mach_o/UnsafeHeader.cpp",
    ),
    Message(
        "mach-o-not-loadable",
        "macos",
        ("unloadable mach-o file type", "cannot dlopen a main executable"),
        r"unloadable mach-o file type (?P<have>\d{1,3})|cannot dlopen a main executable",
        "The file has the name of a module or library, but is a Mach-O file that no process can load: a program, an "
        "object file (type 1) or a debug companion (type 10).",
        ("WA907", "WA214"),
        ("build-module", "leave-out-debug"),
        "",
        f'{_DYLD}; docs/facts/loaders.md, "Mach-O file types"',
    ),
    Message(
        "slice-not-aligned",
        "macos",
        ("slice is not page aligned",),
        "",
        "A slice of the universal file does not start at a page boundary, which is a multiple of 16 KiB for arm64 and "
        "of 4 KiB for other machines. The tool that joined the slices made a mistake.",
        ("WA905", "WA904"),
        ("join-slices",),
        "",
        'dyld, mach_o/Universal.cpp; docs/facts/loaders.md, "Mach-O magic numbers and universal files"',
    ),
    Message(
        "no-mach-o",
        "macos",
        ("not a mach-o file", "slice is not valid mach-o file"),
        "",
        "The file is not a Mach-O file. It was built for another system, is empty, or is a git-lfs pointer.",
        ("WA208", "WA907", "WA901"),
        ("clean-build", "real-file"),
        "",
        _DYLD,
    ),
    # --- the loaders of glibc and musl
    Message(
        "library-not-readable",
        "linux",
        ("permission denied",),
        r"cannot open shared object file: permission denied"
        r"|error loading shared library [^\n]{1,300}: permission denied"
        r"|failed to map segment from shared object: permission denied",
        "The file exists, but this user may not read it, or its file system does not allow code to run (noexec). No "
        "library is missing.",
        ("WA017", "WA016"),
        (),
        "Check the permissions of the file and of its folders, and the mount options of the file system.",
        f"{_GLIBC}; {_MUSL}",
    ),
    Message(
        "musl-library-on-glibc",
        "linux",
        ("libc.musl-",),
        r"libc\.musl-[\w.]{1,40}: cannot open shared object file",
        "The file was built for musl (Alpine) and was loaded on glibc: a musllinux file in a manylinux wheel.",
        ("WA521",),
        ("build-in-image",),
        "",
        f'{_GLIBC}; docs/facts/loaders.md, "Which C library an ELF file is for"',
    ),
    Message(
        "libpython-missing",
        "linux",
        ("libpython",),
        r"libpython(?P<need>[\d.]{1,8}[tdmu]{0,3})\.so[\d.]{0,8}: (?:cannot open shared object|no such file)",
        "The module is linked to libpython, which many Pythons do not provide as a shared library.",
        ("WA311",),
        ("no-libpython",),
        "",
        'PEP 513, "libpythonX.Y.so.1"; docs/facts/python-dlls-and-suffixes.md, "libpython on Linux and Android"',
    ),
    Message(
        "symbol-version-missing",
        "linux",
        ("with link time reference",),
        r"symbol (?P<symbol>[^\s,]{1,300}), version (?P<need>[^\s]{1,80}) not defined in file "
        r"(?P<library>[^\s]{1,200})",
        "The library was found and has that version, but not this symbol in it: the file was linked with another "
        "build of "
        "the library than the one that was found. If the library is libc.so.6, the file was built on a system whose "
        "libc has the symbol, and here libm or another library has it.",
        ("WA520", "WA521", "WA523"),
        ("build-in-image",),
        "",
        "glibc, elf/dl-lookup.c",
    ),
    Message(
        "static-tls",
        "linux",
        ("cannot allocate memory in static tls block",),
        "",
        "The library has thread-local variables that need a place which glibc hands out when the process starts. "
        "Only a "
        "little is left for libraries that are loaded later, and it is used up.",
        (),
        (),
        "Import the package that needs the library before all others, or start Python with LD_PRELOAD set to the "
        "library. "
        "In the build, compile the library without `-ftls-model=initial-exec` (jemalloc: "
        "`--disable-initial-exec-tls`).",
        "glibc, elf/dl-reloc.c",
    ),
    Message(
        "android-library-missing",
        "android",
        ("dlopen failed: library",),
        r"dlopen failed: library \"(?P<library>[^\"\n]{1,300})\" not found",
        "A library that the file needs is neither in the wheel nor a part of Android. Android has no libgomp and "
        "none of "
        "the libraries of Linux distributions.",
        ("WA523", "WA536"),
        ("bundle-library",),
        "",
        "Android, bionic/linker/linker.cpp",
    ),
    Message(
        "android-other-class",
        "android",
        ("-bit instead of ",),
        r"is (?P<have>32|64)-bit instead of (?P<need>32|64)-bit",
        "The file is 64-bit in a 32-bit process, or the reverse: it is for another ABI of Android.",
        ("WA201", "WA203"),
        ("build-for-machine",),
        "",
        "Android, bionic/linker/linker_phdr.cpp, VerifyElfHeader",
    ),
    Message(
        "android-other-machine",
        "android",
        ("has unexpected e_machine", " is for em_"),
        r"has unexpected e_machine: (?P<have>\d{1,5}(?: \(\w{1,30}\))?)"
        r"|is for (?P<have2>EM_\w{1,30}) \(\d{1,5}\) instead of (?P<need>EM_\w{1,30})",
        "The file is for another machine than this process: it is for another ABI of Android.",
        ("WA201", "WA203"),
        ("build-for-machine",),
        "",
        "Android, bionic/linker/linker_phdr.cpp, VerifyElfHeader",
    ),
    Message(
        "android-symbol-missing",
        "android",
        ("cannot locate symbol",),
        r"cannot locate symbol \"(?P<symbol>[^\"\n]{1,300})\" referenced by",
        "No library that the file names has the symbol. If it is one of Android's, the file was built for a later API "
        "level. If it is one of Python's (Py...), the file does not name libpython, or this Python is too old for it.",
        ("WA527", "WA313", "WA410"),
        ("android-level",),
        "",
        "Android, bionic/linker/linker.cpp",
    ),
    Message(
        "glibc-library-not-opened",
        "linux",
        ("cannot open shared object file",),
        r"oserror: [^\n]{0,300}/[^\n/]{1,200}: cannot open shared object file",
        "Code opened a file by its path (ctypes, cffi), but glibc found no file there that it can load. The file "
        "is missing, or it is for another machine of the same width (aarch64 in x86_64): the message is the same.",
        ("WA203", "WA201", "WA112", "WA401", "WD37"),
        ("build-for-machine",),
        "",
        f"{_GLIBC}; CPython Modules/_ctypes/callproc.c",
    ),
    Message(
        "glibc-other-machine",
        "linux",
        ("cannot open shared object file",),
        r"\.(?:cpython-\w{1,12}(?:-[\w-]{1,60})?|abi3t?(?:-[\w-]{1,60})?|pypy[\w-]{1,60})\.so: cannot open shared"
        r"|site-packages/[^\n:]{1,300}\.so: cannot open shared|dist-packages/[^\n:]{1,300}\.so: cannot open shared",
        "An import found the file before it loaded it, so the file is there. It is for another machine of the same "
        "width (aarch64 in x86_64): glibc skips such a file, and then reports that no file exists.",
        ("WA201", "WA203", "WA402", "WD37"),
        ("build-for-machine",),
        "",
        f'{_GLIBC}; tried with glibc 2.36; docs/facts/loaders.md, "What glibc refuses and says"',
    ),
    Message(
        "glibc-library-missing",
        "linux",
        ("cannot open shared object file",),
        "",
        "A library that the file needs is neither in the wheel nor on this system. If it is in the wheel, it is for "
        "another machine of the same width: glibc gives the same message for such a file.",
        ("WA523", "WA536", "WA537", "WA203", "WA524"),
        ("bundle-library",),
        "",
        _GLIBC,
    ),
    Message(
        "elf-other-class",
        "linux",
        ("wrong elf class",),
        r"wrong elf class: elfclass(?P<have>32|64)",
        "The file is 32-bit in a 64-bit process, or the reverse.",
        ("WA201", "WA203", "WD37"),
        ("build-for-machine",),
        "",
        _GLIBC,
    ),
    Message(
        "no-elf",
        "linux",
        ("invalid elf header",),
        "",
        "The file is not an ELF file. It is a Mach-O or PE file from an old build folder, an empty file, a linker "
        "script or a git-lfs pointer.",
        ("WA208", "WA907"),
        ("clean-build", "real-file"),
        "",
        f'{_GLIBC}; docs/facts/loaders.md, "What glibc refuses and says"',
    ),
    Message(
        "elf-cut-off",
        "linux",
        ("file too short",),
        r"\.so[\d.]{0,20}: file too short",
        "The file is truncated or empty.",
        ("WA901", "WA907"),
        ("rebuild-file",),
        "",
        _GLIBC,
    ),
    Message(
        "glibc-too-old",
        "linux",
        ("version `glibc_", "version 'glibc_"),
        r"version [`'](?P<need>glibc_[\w.]{1,20})",
        "The file needs a later glibc than this system has. It was built on a newer distribution than its tag says.",
        ("WA520", "WA522"),
        ("build-in-image",),
        "",
        "glibc, elf/dl-version.c",
    ),
    Message(
        "libstdcxx-too-old",
        "linux",
        (
            "version `glibcxx_", "version `cxxabi_", "version `gcc_", "version `zlib_",
            "version 'glibcxx_", "version 'cxxabi_", "version 'gcc_", "version 'zlib_",
        ),
        r"version [`'](?P<need>(?:glibcxx|cxxabi|gcc|zlib)_[\w.]{1,20})",
        "The file needs a later libstdc++, libgcc or zlib than this system has.",
        ("WA520",),
        ("build-in-image",),
        "",
        "glibc, elf/dl-version.c; auditwheel's policies",
    ),
    Message(
        "free-threaded-symbol-undefined",
        "linux",
        ("undefined symbol",),
        r"undefined symbol: (?P<symbol>_?Py_?(?:DecRefShared|MergeZeroLocalRefcount))\b",
        "The module was compiled for free-threaded Python, but a Python with the GIL loaded it.",
        ("WA303", "WA416"),
        ("gil-flavor",),
        "",
        'CPython Include/refcount.h; seen in msgspec cp314 and cp314t; '
        'docs/facts/python-dlls-and-suffixes.md, "Telling GIL and free-threaded code apart"',
    ),
    Message(
        "python-symbol-undefined",
        "linux",
        ("undefined symbol",),
        r"undefined symbol: (?P<symbol>_?Py\w{1,200})",
        "This Python does not have the function. The function is newer than the tag's lowest Python, is not in the "
        "stable ABI, or is an internal function of another version.",
        ("WA410", "WA409", "WA302", "WA401"),
        ("limited-api",),
        "",
        'glibc, elf/dl-lookup.c; docs/facts/python-dlls-and-suffixes.md, "Stable-ABI symbols"',
    ),
    Message(
        "symbol-undefined",
        "linux",
        ("undefined symbol",),
        r"\.so[\w.]{0,40}: undefined symbol: (?P<symbol>[^\s,]{1,300})",
        "No loaded library has the symbol. Its library was not linked, or an older copy of it was found first.",
        ("WA523",),
        ("bundle-library",),
        "",
        "glibc, elf/dl-lookup.c",
    ),
    Message(
        "musl-loads-glibc",
        "linux",
        ("error loading shared library ld-linux", "error loading shared library libc.so.6"),
        "",
        "The file was built for glibc and was loaded on musl (Alpine): a manylinux file in a musllinux wheel.",
        ("WA521",),
        ("build-in-image",),
        "",
        f'{_MUSL}; docs/facts/loaders.md, "What musl does"',
    ),
    Message(
        "musl-library-missing",
        "linux",
        ("error loading shared library",),
        r"error loading shared library (?P<library>[^\s:]{1,300}): (?P<why>[^\n(]{1,80})",
        "A library that the file needs is neither in the wheel nor on this system. 'Exec format error' means that it "
        "is there, but for another machine.",
        ("WA523", "WA536", "WA537", "WA203", "WA201"),
        ("bundle-library",),
        "",
        _MUSL,
    ),
    Message(
        "musl-symbol-missing",
        "linux",
        ("error relocating",),
        r"error relocating [^\n]{1,300}: (?P<symbol>[^\s:]{1,300}): symbol not found",
        "musl does not have the symbol. If the name ends in _chk, or is like __isnan, it belongs to glibc: the file "
        "was built for glibc. If the symbol is one of Python's (Py...), it is newer than this Python.",
        ("WA521", "WA410", "WA523"),
        ("build-in-image",),
        "",
        _MUSL,
    ),
    Message(
        "executable-stack",
        "linux",
        ("cannot enable executable stack",),
        "",
        "The file asks for an executable stack. glibc 2.41 and later refuse that, and so do some systems.",
        ("WA525",),
        ("no-exec-stack",),
        "",
        "glibc, elf/dl-load.c and dl-execstack.c",
    ),
    Message(
        "not-page-aligned",
        "linux",
        (
            "elf load command address/offset not page-aligned", "elf load command alignment not page-aligned",
            "elf load command address/offset not properly aligned",
        ),
        "",
        "The kernel of this system has larger pages than the file was linked for.",
        ("WA526",),
        ("align-pages",),
        "",
        "glibc, elf/dl-load.c, _dl_map_object_from_fd",
    ),
    Message(
        "packed-relocations",
        "linux",
        ("dt_relr without glibc_abi_dt_relr dependency",),
        "",
        "The file has packed relocations, but does not say that it needs a glibc that knows them.",
        ("WA535",),
        (),
        "Link without `-Wl,--pack-dyn-relocs=relr`. The option `-z pack-relative-relocs` names the glibc it needs.",
        "glibc, elf/dl-version.c, _dl_check_map_versions",
    ),
    Message(
        "isa-level",
        "linux",
        ("cpu isa level is lower than required",),
        "",
        "The file requires a higher x86-64 level (v2, v3, v4) than this processor has.",
        ("WA219",),
        ("no-native-cpu",),
        "",
        "glibc, sysdeps/x86/dl-prop.h",
    ),
    Message(
        "illegal-instruction",
        "",
        (
            "illegal instruction", "illegal hardware instruction", "status_illegal_instruction", "0xc000001d",
            "-1073741795", "3221225501",
        ),
        "",
        "The code uses instructions that this processor, or the emulator that runs the process, does not have.",
        ("WA219", "WA534", "WA216"),
        ("no-native-cpu",),
        "",
        'x86-64 psABI, ISA levels; docs/facts/loaders.md, "x86 instruction set levels"',
    ),
    Message(
        "exec-other-machine",
        "",
        ("exec format error",),
        "",
        "The program is for another machine or another system.",
        ("WA205", "WA206", "WA201"),
        ("ship-program",),
        "",
        "Linux, execve(2): ENOEXEC",
    ),
    # --- Python's import
    Message(
        "init-hook-missing",
        "",
        ("does not define module export function", "does not define init function"),
        r"function \((?P<symbol>\w{1,200})\)",
        "The file was loaded, but lacks the function that starts the module. The file was renamed after the build, the "
        "function is not exported, or the `#[pymodule]` has another name.",
        ("WA404", "WA415", "WA408"),
        ("export-hook",),
        "",
        "CPython Python/importdl.c; PEP 489, PEP 793",
    ),
    Message(
        "free-threading-refused",
        "",
        ("incompatible with free-threaded cpython", "only compatible with free-threaded cpython"),
        "",
        "The module was compiled for the other kind of Python: with the GIL, or free-threaded.",
        ("WA303", "WA304", "WA416"),
        ("gil-flavor",),
        "",
        "CPython 3.15, PyABIInfo_Check; PEP 803",
    ),
    Message(
        "two-pythons",
        "",
        ("pythreadstate_get: no current thread", "must be called with the gil held"),
        r"fatal python error",
        "The process contains two copies of Python, because the module loaded its own libpython. A bug in the module's "
        "own code can give the same message.",
        ("WA312", "WA310", "WA303"),
        ("no-libpython",),
        "",
        'CPython Python/pystate.c; docs/facts/python-dlls-and-suffixes.md, "Two copies of Python in one process"',
    ),
    Message(
        "module-not-found",
        "",
        ("no module named", "cannot import name"),
        r"no module named '?(?P<module>\w{1,100}(?:\.\w{1,100}){0,8}\._\w{1,100}|_\w{1,100}(?:\.\w{1,100}){1,8})",
        "If the module is in the wheel, its file name has a suffix that this Python does not import: that of another "
        "version, of another platform, or of a later stable ABI.",
        ("WA401", "WA403", "WA316", "WA402", "WA406", "WA414", "WA413"),
        ("target-suffix",),
        "",
        'CPython importlib, EXTENSION_SUFFIXES; docs/facts/python-dlls-and-suffixes.md, '
        '"Suffixes of extension modules"',
    ),
    # --- installers, indexes, repair tools
    Message(
        "unsupported-wheel",
        "",
        ("is not a supported wheel on this platform",),
        r"(?P<wheel>[\w.+!-]{1,300}\.whl) is not a supported",
        "This Python accepts none of the wheel's tags. They are for another version, machine or system, or no "
        "installer accepts them.",
        ("WA802", "WA103", "WA108"),
        ("retag",),
        "`python -m pip debug --verbose` lists the tags that this Python accepts.",
        'pip; docs/facts/tags-and-installers.md, "Python and ABI tags", "Dead tags", "Platform tags"',
    ),
    Message(
        "uv-unsupported-wheel",
        "",
        (
            "is not compatible with the current python", "doesn't have a source distribution or wheel for the current",
            "incompatible with the current platform", "only has wheels for the following",
        ),
        "",
        "This Python accepts none of the tags of these wheels.",
        ("WA802", "WA103", "WA602"),
        ("retag",),
        "",
        "uv",
    ),
    Message(
        "index-refuses-tag",
        "",
        ("unsupported platform tag",),
        r"unsupported platform tag '(?P<have>[\w.]{1,100})'",
        "The package index does not accept wheels with this platform tag.",
        ("WA105", "WA103"),
        ("index-tag",),
        "",
        "warehouse, forklift/legacy.py",
    ),
    Message(
        "pip-check-unsupported",
        "",
        ("is not supported on this platform",),
        r"(?P<wheel>[\w.-]{1,100} [\w.!+-]{1,60}) is not supported on this platform",
        "pip check reads the lines `Tag` in WHEEL, and this Python accepts none of them. The wheel was renamed after "
        "the "
        "build, or unpacked by hand for another Python.",
        ("WA013", "WA802"),
        ("match-wheel-file",),
        "",
        "pip, operations/check.py, check_unsupported",
    ),
    Message(
        "inconsistent-metadata",
        "",
        ("has inconsistent version", "has inconsistent name"),
        r"has inconsistent (?:version|name): expected '(?P<need>[^'\n]{1,200})', but metadata has "
        r"'(?P<have>[^'\n]{1,200})'",
        "pip discards the wheel, because METADATA has another name or version than the file name. The wheel was "
        "renamed, "
        "or the build added a local version to only one of the two.",
        ("WA018", "WA010"),
        ("keep-file-name", "rebuild-wheel"),
        "",
        "pip, resolution/resolvelib/candidates.py, MetadataInconsistent",
    ),
    Message(
        "poetry-no-wheel",
        "",
        ("unable to find installation candidates for", "wheel(s) were skipped as your project's environment"),
        "",
        "This Python accepts none of the tags of the project's wheels, and there is no source distribution that "
        "Poetry may "
        "build. The lines that follow say how many wheels it skipped for their ABI, Python or platform.",
        ("WA802", "WA103", "WA602"),
        ("retag",),
        "`poetry debug tags` lists the tags that this Python accepts.",
        "Poetry, installation/chooser.py",
    ),
    Message(
        "micropip-emscripten-version",
        "wasm",
        ("wheel was built with emscripten",),
        r"wheel was built with emscripten v?(?P<have>[\d._]{1,20}) but pyodide was built with emscripten "
        r"v?(?P<need>[\d._]{1,20})",
        "The wheel is for another release of Emscripten than this Pyodide. Code for WebAssembly only runs with the "
        "release "
        "that built it.",
        ("WA802", "WA105"),
        (),
        "Build the wheel with the `pyodide build` of that Pyodide (`pyodide xbuildenv install VERSION`).",
        "micropip, wheelinfo.py, and Pyodide's check_compatible",
    ),
    Message(
        "micropip-no-wheel",
        "wasm",
        ("find a pure python 3 wheel for",),
        r"find a pure python 3 wheel for:? '?(?P<wheel>[^'\n]{1,100})",
        "The index has no wheel of the project that Pyodide accepts: none for platform any, and none for this "
        "Pyodide's "
        "Python and platform.",
        ("WA802", "WA602"),
        (),
        "Build a wheel with `pyodide build`, and install it by its URL; or use a Pyodide that contains the package.",
        "micropip, transaction.py",
    ),
    Message(
        "bdist-wheel-unsupported-tag",
        "",
        ("would build wheel with unsupported tag",),
        r"unsupported tag \((?P<have>[^)\n]{1,200})\)",
        "bdist_wheel makes no wheel that the Python which runs the build would not install. The platform comes from "
        "_PYTHON_HOST_PLATFORM, ARCHFLAGS or `--plat-name` and is another machine, or a later system, than this "
        "Python's; "
        "or an option names another Python.",
        ("WD24", "WD22", "WA103"),
        (),
        "Build with a Python for that platform, or unset these variables. Of macOS 11 and later, tags name minor "
        "version "
        "0.",
        "setuptools, command/bdist_wheel.py, get_tag",
    ),
    Message(
        "abi3audit-newer",
        "",
        ("but is tagged for the python",),
        r"uses the python (?P<have>[\d.]{1,8}) abi, but is tagged for the python (?P<need>[\d.]{1,8})",
        "The module uses names that joined the stable ABI after the tag's Python.",
        ("WA410",),
        ("limited-api-floor",),
        "",
        "abi3audit, _cli.py",
    ),
    Message(
        "abi3audit-names",
        "",
        ("has non-abi3 symbols",),
        "",
        "The module uses names of Python that are not in the stable ABI.",
        ("WA409", "WA301"),
        ("limited-api",),
        "",
        "abi3audit, _cli.py",
    ),
    Message(
        "invalid-wheel",
        "",
        (
            "has an invalid wheel", "invalid wheel filename", "is not a valid wheel filename", "the wheel is invalid",
        ),
        "",
        "The file name, or the `.dist-info` folder inside, does not follow the wheel format.",
        ("WA101", "WA010", "WA011", "WA012"),
        ("keep-file-name", "rebuild-wheel"),
        "",
        "pip; uv; PEP 427",
    ),
    Message(
        "delocate-library-missing",
        "macos",
        ("not found, requested by", "could not find all dependencies"),
        r"(?:delocate[\w.]{0,40}:\s{0,3})?(?P<library>[^\s:]{1,300}) not found, requested by"
        r"|could not find all dependencies",
        "delocate does not find a library that a file of the wheel needs, at the path or run path that the file gives.",
        ("WA507", "WA508"),
        (),
        "Install the library on the machine that repairs the wheel, or set DYLD_LIBRARY_PATH to its folder. If another "
        "package brings it, leave it out with `--exclude NAME`.",
        "delocate, libsana.py and delocating.py",
    ),
    Message(
        "delvewheel-library-missing",
        "windows",
        ("unable to find library:",),
        r"unable to find library: (?P<library>[^\s]{1,200})",
        "A DLL that should be copied into the wheel is not on the machine that repairs it.",
        ("WA523",),
        (),
        "Name the folder that has it: `delvewheel repair --add-path FOLDER X.whl`. msvcp140.dll comes with the "
        "Visual C++ "
        "Redistributable for the machine of the wheel.",
        "delvewheel, _wheel_repair.py",
    ),
    Message(
        "delocate-no-arch",
        "macos",
        ("failed to find any binary with the required architecture",),
        r"required architecture: '(?P<need>[\w,]{1,80})'",
        "The tag promises an architecture that no binary in the wheel has, for example universal2 on a build for one.",
        ("WA112", "WA202", "WD30"),
        ("build-for-machine",),
        "",
        "delocate, delocating.py",
    ),
    Message(
        "delocate-missing-arch",
        "macos",
        ("some missing architectures in wheel",),
        "",
        "A library in the wheel lacks a required architecture.",
        ("WA202", "WA204"),
        ("rebuild-library",),
        "",
        "delocate, delocating.py",
    ),
    Message(
        "delocate-newer-macos",
        "macos",
        ("library dependencies do not satisfy target macos version",),
        r"target macos version (?P<need>\d[\d.]{0,8}\d)",
        "A library in the wheel was built for a later macOS than the tag says. Libraries of Homebrew are always built "
        "for the macOS on which they were installed.",
        ("WA501", "WD26"),
        ("deployment-target",),
        "",
        "delocate, delocating.py",
    ),
    Message(
        "auditwheel-too-recent",
        "linux",
        ("too-recent versioned symbols",),
        "",
        "The binary needs a later glibc or libstdc++ than the requested tag allows.",
        ("WA520",),
        ("build-in-image",),
        "",
        "auditwheel, main_repair.py; maturin, its auditwheel module",
    ),
    Message(
        "auditwheel-library-missing",
        "linux",
        ("cannot repair wheel, because required library",),
        r"required library \"?(?P<library>[^\s\"]{1,300})",
        "A library that should be copied into the wheel is not on the machine that repairs it.",
        ("WA523", "WA521"),
        ("build-in-image",),
        "Install it there, or set LD_LIBRARY_PATH to its folder. If the library is a part of glibc and the image uses "
        "musl, the binary was built for glibc.",
        "auditwheel, repair.py; maturin",
    ),
    Message(
        "auditwheel-no-platform",
        "linux",
        ("does not look like a platform wheel",),
        "",
        "auditwheel got a wheel without any ELF file: it contains no native code, or code for another system.",
        ("WA111", "WA208"),
        ("find-compiled", "clean-build"),
        "",
        "auditwheel, wheel_abi.py",
    ),
    Message(
        "auditwheel-purelib",
        "linux",
        ("found the following shared library/libraries in purelib folder",),
        "",
        "The wheel says that it is pure, but contains native code.",
        ("WA014",),
        ("declare-native",),
        "",
        "auditwheel, wheel_abi.py",
    ),
    # --- linkers
    Message(
        "msvc-library-machine",
        "windows",
        ("lnk4272",),
        r"lnk4272(?:: library machine type '(?P<have>\w{1,20})' conflicts with target machine type "
        r"'(?P<need>\w{1,20})')?",
        "The linker got an import library for another machine, most likely that of Python: the build used the Python "
        "that runs instead of the target's. Errors about unresolved symbols follow.",
        ("WD01", "WD15", "WA201"),
        ("build-for-machine",),
        "With PyO3, use 0.23.4 or later, or better 0.29 or later, which needs no import library.",
        f'{_LINK}: LNK4272; docs/facts/build-tools.md, "Import libraries for another machine"',
    ),
    Message(
        "msvc-object-machine",
        "windows",
        ("lnk1112",),
        r"lnk1112(?:: module machine type '(?P<have>\w{1,20})' conflicts with target machine type "
        r"'(?P<need>\w{1,20})')?",
        "An object file was compiled for one machine, but the linker builds for another.",
        ("WA201", "WD29"),
        ("build-for-machine", "clean-build"),
        "",
        f"{_LINK}: LNK1112",
    ),
    Message(
        "python-library-missing",
        "windows",
        ("lnk1181", "lnk1104", "could not open 'python", "unable to find library -lpython", "cannot find -lpython"),
        r"(?:file|open|library|find) '?(?:-l)?(?P<library>python\d{0,3}t?(?:_d)?)(?:\.lib)?\b",
        "The linker does not find Python's import library. If the build is for the stable ABI, a name with a version "
        "(python312) means that the build chose one Python. python313t belongs to the free-threaded Python, and "
        "python312_d to the debug build.",
        ("WD08", "WD11", "WD07", "WA305"),
        ("limited-api",),
        "With PyO3, use 0.29 or later, which needs no import library. In earlier releases, the feature "
        "`generate-import-lib` makes one.",
        f'{_LINK}: LNK1181, LNK1104; maturin issue 2767; docs/facts/build-tools.md, '
        '"Stable-ABI builds that name one Python\'s DLL"',
    ),
    Message(
        "python-symbols-unresolved",
        "windows",
        ("lnk2019", "lnk2001"),
        r"unresolved external symbol (?:__imp_)?\"?(?P<symbol>_?_?Py\w{1,200})",
        "The linker finds no functions of Python: the import library is for another machine or for another Python.",
        ("WD01", "WD33", "WA201"),
        ("build-for-machine",),
        "Look for LNK4272 above this message. With PyO3, use 0.23.4 or later, or better 0.29 or later.",
        f'{_LINK}: LNK2019, LNK2001; docs/facts/build-tools.md, "Import libraries for another machine"',
    ),
    Message(
        "lld-library-machine",
        "windows",
        ("machine type",),
        r"machine type (?P<have>\w{1,12}) conflicts with (?P<need>\w{1,12})\b",
        "lld-link 20 and later refuse an import library for another machine, most likely that of Python. Earlier "
        "releases accepted it, and the result was right.",
        ("WD06", "WD01"),
        ("build-for-machine",),
        "With PyO3, use 0.23.4 or later, or better 0.29 or later, and unset MATURIN_USE_XWIN.",
        'LLVM pull request 102738; docs/facts/build-tools.md, "What lld-link accepts"',
    ),
    Message(
        "mingw-python-unresolved",
        "windows",
        ("undefined reference to",),
        r"undefined reference to [`'](?P<symbol>(?:__imp_)?_?_?Py\w{1,200})",
        "The linker finds no functions of Python: it got no Python library, or one for another machine.",
        ("WD31", "WD11", "WD33"),
        ("right-interpreter",),
        "On MinGW, do not use pyo3 0.29.0 or 0.29.1.",
        'PyO3 issue 6157; docs/facts/build-tools.md, "PyO3 releases"',
    ),
    Message(
        "linker-executable-stack",
        "linux",
        ("requires executable stack", "implies executable stack"),
        "",
        "The linker marks its output as needing an executable stack, because an object file asks for it or does not "
        "say. "
        "glibc 2.41 and later refuse to load such a library.",
        ("WA525",),
        ("no-exec-stack",),
        "",
        "GNU ld, bfd/elflink.c",
    ),
    Message(
        "ld-other-machine",
        "linux",
        ("skipping incompatible", "file in wrong format", "relocations in generic elf", "is incompatible with elf"),
        r"skipping incompatible [^\n]{1,300} when searching|file in wrong format|relocations in generic elf"
        r"|is incompatible with (?P<need>elf[\w-]{1,40})",
        "The linker got a library or an object file for another machine.",
        ("WA201", "WA203", "WD37"),
        ("build-for-machine",),
        "",
        "GNU ld; LLVM lld",
    ),
    Message(
        "ld64-python-undefined",
        "macos",
        ('", referenced from',),
        r"\"_(?P<symbol>_?Py\w{1,200})\", referenced from",
        "The linker looks for Python's functions in the libraries that it was given. An extension module for macOS "
        "is not "
        "linked with Python: it finds these functions in the process that imports it.",
        ("WA312",),
        ("no-libpython",),
        "With PyO3, build with maturin or setuptools-rust, which pass that option. For plain `cargo build`, put it "
        "into "
        "`.cargo/config.toml`.",
        "Apple's ld; PyO3's guide, \"macOS\"",
    ),
    Message(
        "ld64-other-machine",
        "macos",
        ("ignoring file", "attempting to link with file built for"),
        r"found architecture '(?P<have>\w{1,20})', required architecture '(?P<need>\w{1,20})'"
        r"|building for (?P<need2>\w{1,20}-\w{1,20}),? but attempting to link with file built for "
        r"(?P<have2>[\w-]{1,60})",
        "The linker left out a library because it is for another architecture. Symbols will be missing, now or when "
        "the module is loaded.",
        ("WA203", "WA204", "WA202"),
        ("rebuild-library", "build-for-machine"),
        "",
        "Apple's ld",
    ),
    Message(
        "ld64-newer-macos",
        "macos",
        ("was built for newer",),
        r"was built for newer '?macos'? version \((?P<have>[\d.]{1,12})\) than being linked \((?P<need>[\d.]{1,12})\)",
        "A library was compiled for a later macOS than the module. The wheel needs that macOS, whatever its tag says.",
        ("WA501", "WD26", "WD27"),
        ("deployment-target",),
        "",
        "Apple's ld",
    ),
    # --- PyO3 and maturin
    Message(
        "pyo3-python-too-new",
        "",
        ("is newer than pyo3's maximum supported version",),
        r"interpreter version \((?P<have>[\d.]{1,8})\) is newer than pyo3's maximum supported version "
        r"\((?P<need>[\d.]{1,8})\)",
        "This release of PyO3 is older than the interpreter, so it refuses to compile.",
        (),
        (),
        "Update pyo3 in Cargo.toml and run `cargo update -p pyo3`, or build with an older interpreter. If the module "
        "uses "
        "the stable ABI of CPython, PYO3_USE_ABI3_FORWARD_COMPATIBILITY=1 turns the check off.",
        "PyO3, pyo3-ffi/build.rs",
    ),
    Message(
        "maturin-no-hook",
        "",
        ("find the symbol `pyinit_",),
        r"find the symbol `(?P<symbol>PyInit_\w{1,200})`",
        "maturin compiled a library without the function that starts the module. The `#[pymodule]` has another name "
        "than "
        "the module, or there is none.",
        ("WA404",),
        ("export-hook",),
        "The module's name is `module-name` under `[tool.maturin]`, else `name` under `[lib]` in Cargo.toml.",
        "maturin, src/compile.rs, warn_missing_py_init",
    ),
    Message(
        "pyo3-no-interpreter",
        "windows",
        ("need a python interpreter to compile for windows",),
        "",
        "maturin found no Python for the Windows target, and no feature generates the import library.",
        ("WD11", "WD15", "WD20"),
        (),
        "Use pyo3 0.29 or later, or enable the feature `generate-import-lib` of an earlier one, or install a Python "
        "for the target's architecture.",
        'maturin, src/build_context; docs/facts/build-tools.md, "Known-bad builds" (WD11)',
    ),
    Message(
        "pyo3-no-version",
        "",
        ("feature must be specified when cross-compiling",),
        "",
        "PyO3 cross-compiles, but does not know for which Python. It also cross-compiles in a native build if a "
        "variable PYO3_CROSS... is set, whatever its value.",
        ("WD12", "WD11"),
        (),
        "Set PYO3_CROSS_PYTHON_VERSION, or enable a feature abi3-py3X. In a native build, unset PYO3_CROSS.",
        'PyO3, pyo3-build-config/src/impl_.rs; docs/facts/build-tools.md, "How PyO3 chooses the Python"',
    ),
    Message(
        "pyo3-pointer-width",
        "",
        ("does not match your python interpreter",),
        r"rust target architecture \((?P<have>[\w-]{1,10})\) does not match your python interpreter "
        r"\((?P<need>[\w-]{1,10})",
        "Rust builds for another pointer width than that of the interpreter: the Python is 32-bit and Rust 64-bit, or "
        "the reverse.",
        ("WD37", "WD20", "WD21", "WD16"),
        (),
        "Set CARGO_BUILD_TARGET to the triple of the interpreter, which `wheelarch target` prints. For a 32-bit Python "
        "on Windows it is i686-pc-windows-msvc.",
        "PyO3, pyo3-ffi/build.rs",
    ),
    Message(
        "maturin-skips-python",
        "windows",
        ("reports a platform '",),
        r"reports a platform '(?P<have>[\w-]{1,40})'(?: \([^)\n]{1,80}\))?, while the rust target is "
        r"'(?P<need>[\w-]{1,40})'"
        r"|reports a platform '(?P<have2>[\w-]{1,40})'",
        "maturin left out an interpreter because it is not for the Rust target.",
        ("WD20", "WD15", "WD11"),
        (),
        "Pass `--target` with the triple of the interpreter, or install a Python for the target's architecture.",
        "maturin, src/python_interpreter",
    ),
    Message(
        "maturin-two-pyo3",
        "",
        ("ambiguous bindings crate",),
        "",
        "The lock file contains several versions of PyO3, and maturin does not choose one.",
        ("WD38",),
        (),
        "Make all crates use the same version. `cargo tree -d` shows which crate needs which version.",
        'maturin, src/bridge/detection.rs; docs/facts/build-tools.md, "Known-bad builds" (WD38)',
    ),
    Message(
        "deployment-target-invalid",
        "macos",
        ("macosx_deployment_target is invalid",),
        "",
        "maturin needs the deployment target with its minor version.",
        ("WD25",),
        (),
        "Write `11.0`, not `11`.",
        "maturin, platform tags",
    ),
    Message(
        "pyo3-config-relative",
        "",
        ("pyo3_config_file must be an absolute path",),
        "",
        "The build script of PyO3 runs in another folder than the build, so it does not find a relative path.",
        ("WD13",),
        (),
        "Set PYO3_CONFIG_FILE to an absolute path, or unset it.",
        "PyO3, pyo3-build-config/src/impl_.rs",
    ),
    Message(
        "xwin-no-cabinets",
        "windows",
        ("no cab files were referenced by the msi",),
        "",
        "cargo-xwin could not unpack the Windows SDK, because its manifest changed after that release of cargo-xwin.",
        ("WD36",),
        (),
        "Update maturin, or set XWIN_VERSION=16.",
        "maturin issue 2110",
    ),
)  # fmt: skip
"""Every message. If several match one line, the first counts, so the more specific ones come first."""
