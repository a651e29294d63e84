"""Write docs/facts/libraries.md from the tables of `wheelarch.platforms`: `build_library_page.py [--check]`.

With `--check` nothing is written; the exit code is 1 if the page is stale.
"""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from wheelarch.platforms import distributions, user_software, windows

PAGE = Path(__file__).parent / "facts" / "libraries.md"
HEAD = """# Libraries that are not in the wheel

Generated from the tables in `src/wheelarch/platforms/` by `docs/build_library_page.py`.

Who brings a library that a wheel needs and does not have: another distribution, software that users install, Python
for Windows, or Windows itself. [loaders.md](loaders.md) says how each loader searches, and [README.md](README.md) how
sources are given. `*` stands for any letters. The version behind `.so` and before `.dylib` does not count unless it
is given. `-win_amd64.whl` is the wheel of the release named before it with that ending. A row that is not verified
never makes a finding an error.
"""
BROUGHT = """
## What distributions bring

Found by: `run path` of the consumer; `preload`, Python code loads the library before the import; `global`, the same
with RTLD_GLOBAL; `added folder`, os.add_dll_directory; `prefix`, a folder of sys.prefix; `same folder`, both wheels are
installed into one folder. A preload answers no need on musl, and on macOS only if the install names are equal: those of
the distributions' own libraries start with `@rpath/`{exceptions}.

"Own" libraries are those that wheels take from here even if they do not require the distribution. "Copies" are
libraries that others make too; they count only for wheels that require the distribution, or one that requires it.

"""
INSTALLED = """
## What users install

A library of a device driver is marked. The Visual C++ Redistributable is not in the table: a wheel can contain the
runtime instead.

"""
RUNTIME = """
## What Python for Windows brings

DLLs beside python.exe, which modules find and programs do not. No Python brings any msvcp, concrt, vcomp or vccorlib,
nor vcruntime140_threads. Sources: delvewheel 15c2556, _dll_list.py; CPython PC/layout/main.py and
Lib/distutils/cygwinccompiler.py. Read on 2026-11-30.

"""
WINDOWS = """
## What disc images of Windows lack

DLLs of Windows 10 or 11 that some architectures or releases do not have; x86 is the SysWOW64 folder of an x64 Windows.
The image of Windows 10 is an early one: updates have brought some of them. Source: delvewheel 15c2556, dll_lists, read
on 2026-11-30.

"""
MEDIA = """
N editions and servers lack {names} until their media features are installed (opencv-python issues 185, 261, 771).
"""


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """Yield the lines of a table."""
    for row in (head, ("---",) * len(head), *rows):
        yield "| " + " | ".join(row) + " |\n"


def code(names: str) -> str:
    """Return names with spaces between them as code."""
    return f"`{names}`" if names else ""


def verified(row: distributions.Brings | user_software.Software) -> str:
    """Return where and when a row was read."""
    return f"{row.source}; {row.date}" + ("" if row.verified else "; not verified")


def page() -> str:
    """Return the text of the page."""
    nameless = ", ".join(row.distribution for row in distributions.TABLE if not row.macos)
    brought = table(
        ("distribution", "own", "copies", "folder", "found by", "required by", "source"),
        (
            (
                code(row.distribution),
                code(row.libraries),
                code(row.copies),
                code(row.folders),
                row.ways,
                code(row.through),
                verified(row),
            )
            for row in distributions.TABLE
        ),
    )
    installed = table(
        ("software", "libraries", "driver", "formulas of Homebrew", "source"),
        (
            (row.topic, code(row.libraries), "yes" * row.is_driver, code(row.formulas), verified(row))
            for row in user_software.TABLE
        ),
    )
    runtime = table(
        ("Python", "versions", "build", "DLL"),
        (
            (implementation, versions(first, last), build, dll + " (not win32)" * (dll == "vcruntime140_1"))
            for implementation, first, last, build, dll in windows.RUNTIMES
        ),
    )
    lacking = table(
        ("architecture", "Windows", "lacks"),
        (tuple(part.replace(" ", ", ") for part in row) for row in windows.LACKING),
    )
    return "".join(
        (
            HEAD,
            BROUGHT.format(exceptions=f", except those of {nameless}" if nameless else ""),
            *brought,
            INSTALLED,
            *installed,
            RUNTIME,
            *runtime,
            WINDOWS,
            *lacking,
            MEDIA.format(names=", ".join(sorted(windows.MEDIA_FEATURES))),
        )
    )


def versions(first: tuple[int, int], last: tuple[int, int]) -> str:
    """Return a range of versions in words."""
    start = ".".join(map(str, first))
    return f"{start} and later" if last[0] > 3 else f"{start} to {'.'.join(map(str, last))}"


def main() -> int:
    """Write the page, or check it."""
    if "--check" in sys.argv[1:]:
        stale = not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page()
        if stale:
            print("docs/facts/libraries.md is stale: run python docs/build_library_page.py")
        return int(stale)
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
