"""WA507, WA508: install names and relative libraries of Mach-O files."""

from __future__ import annotations

from posixpath import dirname, join, normpath

from .._lib.typed import TYPE_CHECKING
from ..metadata.member_paths import installed_path
from ..model import Format, Severity
from ..platforms.elsewhere import from_other_wheel
from ._needs import (
    LOADED,
    MACHO_HEADERS,
    leads_elsewhere,
    leads_out,
    macho_edges,
    own_folders,
    slice_name,
    slice_title,
)
from .rule import Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts.wheel import Wheel


__all__ = ["foreign_install_name", "missing_relative_library"]

_OWN_FOLDERS = ("/Library/Frameworks/", "/Applications/", "/usr/local/cuda", "/Library/Application Support/")
"""Where software that users install themselves puts its libraries, so that the path is right on every such Mac."""


_FALLBACK = frozenset({
    "libSystem.B.dylib", "libc++.1.dylib", "libobjc.A.dylib", "libz.1.dylib", "libz.dylib", "libbz2.1.0.dylib",
    "libiconv.2.dylib", "libcharset.1.dylib", "libsqlite3.dylib", "libsqlite3.0.dylib", "libxml2.2.dylib",
    "libxslt.1.dylib", "libexslt.0.dylib", "libcurl.4.dylib", "libedit.3.dylib", "libexpat.1.dylib", "libffi.dylib",
    "libncurses.5.4.dylib", "libpcap.A.dylib", "libresolv.9.dylib", "libcups.2.dylib", "libarchive.2.dylib",
    "libicucore.A.dylib", "libcompression.dylib", "libsasl2.2.dylib", "libform.5.4.dylib", "libpanel.5.4.dylib",
})  # fmt: skip
"""Libraries of macOS that dyld falls back on by file name where the install name leads nowhere.

Source: dyld(1), DYLD_FALLBACK_LIBRARY_PATH, whose default ends with /usr/lib; the `*.tbd` files of the macOS SDK.
"""


@rule("WA507", "foreign-install-name", Severity.ERROR, ("R11",), needs=MACHO_HEADERS, formats=(Format.MACHO,))
def foreign_install_name(wheel: Wheel) -> Iterator[Problem]:
    """A Mach-O binary needs a library at a path that only the machine which built it has.

    What it does:
        Looks for needed libraries with an absolute path outside /usr/lib and /System, and with a relative path. It
        is an error for extension modules and the libraries that they need; a warning where the load is weak, where
        the path belongs to software that users install themselves, and where dyld may find another copy: a
        library of that name in the wheel or in /usr/lib.

    Why it is bad:
        dyld looks at that path on the user's machine, where nobody put the library.

    Example:
        `pkg/_core.cpython-311-darwin.so` needs `/opt/homebrew/opt/openssl@3/lib/libssl.3.dylib`.

    How to fix:
        Copy the library into the wheel: `delocate-wheel -v`.

    Known limits:
        The own install name of a library matters to nobody who loads it by path, and is not looked at. Python's own
        library is WA312.

    References:
        dyld(1); delocate, which copies just these libraries; rules.md 3.5.
    """
    for edge, tags in macho_edges(wheel):
        if edge.name.startswith("@"):
            continue
        member, image = edge.loader, edge.image
        last = edge.name.rpartition("/")[2]
        lenient = (
            edge.optional
            or edge.found
            or member.role not in LOADED
            or not edge.name.startswith("/")
            or edge.name.startswith(_OWN_FOLDERS)
            or last in _FALLBACK
        )
        kind = "the absolute path" if edge.name.startswith("/") else "a path relative to nowhere,"
        yield Problem(
            f"{slice_title(member, image)} needs {last} at {kind} {edge.name}",
            member.path,
            slice_name(member, image),
            tags,
            {"have": edge.name, "need": f"@loader_path/{last}"},
            f"Library not loaded: {edge.name}",
            Severity.WARNING if lenient else None,
        )


@rule(
    "WA508",
    "missing-relative-library",
    Severity.WARNING,
    ("R11",),
    needs=MACHO_HEADERS,
    formats=(Format.MACHO,),
)
def missing_relative_library(wheel: Wheel) -> Iterator[Problem]:
    """A Mach-O binary needs a library beside it that is not in the wheel.

    What it does:
        Follows `@loader_path`, `@rpath` (run paths of the file and of whatever loads it) and `@executable_path`
        through the wheel. Libraries that another distribution brings are a note: those that a run path seeks in its
        folder, and those of torch, CUDA and others that Python code loads first. So is one by `@rpath` that lies in
        the wheel elsewhere: it may be loaded before.

    Why it is bad:
        dyld finds the library nowhere, and the import fails.

    Example:
        `pkg/_core.cpython-311-darwin.so` needs `@rpath/libomp.dylib`, and no run path leads to such a file.

    How to fix:
        Copy the library into the wheel: `delocate-wheel -v`.

    Known limits:
        Weak and lazy loads are left out. A run path outside the wheel may lead to the library on some machines, and
        code that runs before the import may have loaded it, so this is never an error. rules.md 3.5 asks for one
        where the file has no run path of its own; dyld takes the run paths of everything on the way that loads it,
        up to the program, and a library of that install name that is loaded already, and a wheel shows neither.

    References:
        dyld(1); dyld dyld/Loader.cpp; rules.md 3.5.
    """
    for edge, tags in macho_edges(wheel):
        if not edge.name.startswith("@") or edge.optional or edge.by_path:
            continue
        member, image = edge.loader, edge.image
        start, _, rest = edge.name.partition("/")
        stray = edge.found and start == "@loader_path"
        if start == "@loader_path":
            place = normpath(join(dirname(installed_path(member.path)), rest))
            elsewhere = leads_out(place, own_folders(wheel))
        else:
            elsewhere = leads_elsewhere(wheel, member, image)
        preloaded = edge.found or elsewhere or from_other_wheel(edge.name)
        where = f"; the wheel holds {edge.found[0].path}" if edge.found else ""
        yield Problem(
            f"{slice_title(member, image)} needs {edge.name}, which leads to no file of the wheel{where}",
            member.path,
            slice_name(member, image),
            tags,
            {"have": edge.found[0].path if edge.found else "none", "need": edge.name},
            f"Library not loaded: {edge.name}",
            Severity.NOTE if preloaded and not stray else None,
        )
