"""WA507, WA508: the paths by which Mach-O files name the libraries that they need.

WA507 looks at paths that dyld takes as they are, WA508 at those that start with `@loader_path`, `@rpath` or
`@executable_path` and should lead to a file of the wheel. The graph of the wheel says where each of them leads.
"""

from __future__ import annotations

from posixpath import dirname, join, normpath

from .._lib.typed import TYPE_CHECKING
from ..loading.graph import can_load
from ..metadata.member_paths import installed_path
from ..model import Fact, Format, Kind, Severity
from ..platforms.elsewhere import from_other_wheel
from ._floors import RUN_HEADERS
from ._needs import (
    LOADED,
    leads_elsewhere,
    leads_out,
    macho_edges,
    own_folders,
    slice_name,
    slice_title,
)
from .rule import Family, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts.wheel import Wheel
    from ..loading.graph import Edge


__all__ = ["foreign_install_name", "missing_relative_library"]

_FOLDERS_OF_SOFTWARE = (
    "/Library/Frameworks/",
    "/Applications/",
    "/usr/local/cuda",
    "/Library/Application Support/",
)
"""Where software that users install puts its libraries: there the path is right on every Mac with that software."""
_FALLBACK = frozenset({
    "libSystem.B.dylib", "libc++.1.dylib", "libobjc.A.dylib", "libz.1.dylib", "libz.dylib", "libbz2.1.0.dylib",
    "libiconv.2.dylib", "libcharset.1.dylib", "libsqlite3.dylib", "libsqlite3.0.dylib", "libxml2.2.dylib",
    "libxslt.1.dylib", "libexslt.0.dylib", "libcurl.4.dylib", "libedit.3.dylib", "libexpat.1.dylib", "libffi.dylib",
    "libncurses.5.4.dylib", "libpcap.A.dylib", "libresolv.9.dylib", "libcups.2.dylib", "libarchive.2.dylib",
    "libicucore.A.dylib", "libcompression.dylib", "libsasl2.2.dylib", "libform.5.4.dylib", "libpanel.5.4.dylib",
})  # fmt: skip
"""Libraries of macOS that dyld may use by their file name if the install name leads nowhere.

Source: dyld(1), DYLD_FALLBACK_LIBRARY_PATH, whose default ends with /usr/lib; the `*.tbd` files of the macOS SDK.
"""


@rule(
    "WA507",
    "foreign-install-name",
    Family.SYSTEM,
    Severity.ERROR,
    remedies=("bundle-library",),
    needs=RUN_HEADERS,
    formats=(Format.MACHO,),
    rests_on=(Fact.LIBRARIES,),
    breaks_promise=Severity.ERROR,
)
def foreign_install_name(wheel: Wheel) -> Iterator[Problem]:
    """A Mach-O binary needs a library at a path that only the build machine has.

    What it does:
        Looks for needed libraries with an absolute path outside /usr/lib and /System, or with a relative path. It is an
        error for extension modules and the libraries that they need. It is a warning if the load is weak, if the path
        belongs to software that users install, or if dyld may find another copy: a library of that name in the wheel or
        in /usr/lib.

    Why it is bad:
        dyld looks at that path on the user's machine, and the library is not there.

    Example:
        `pkg/_core.cpython-311-darwin.so` needs `/opt/homebrew/opt/openssl@3/lib/libssl.3.dylib`.

    How to fix:
        Copy the library into the wheel: `delocate-wheel -v`.

    Known limits:
        The install name of a library itself does not matter to code that loads it by path, and is not checked. Python's
        own library is WA312.

    References:
        dyld(1); delocate, which copies these libraries; docs/facts/loaders.md, "Library load commands in Mach-O files".
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
            or edge.name.startswith(_FOLDERS_OF_SOFTWARE)
            or last in _FALLBACK
        )
        kind = "absolute" if edge.name.startswith("/") else "relative"
        yield Problem(
            f"{slice_title(member, image)} needs {last} at the {kind} path {edge.name}",
            member.path,
            slice_name(member, image),
            tags,
            {"have": edge.name, "need": f"@loader_path/{last}"},
            f"Library not loaded: {edge.name}",
            Severity.WARNING if lenient else None,
            claims=((Fact.LIBRARIES, edge.name),),
        )


@rule(
    "WA508",
    "missing-relative-library",
    Family.SYSTEM,
    Severity.WARNING,
    remedies=("bundle-library",),
    needs=RUN_HEADERS,
    formats=(Format.MACHO,),
    rests_on=(Fact.LIBRARIES,),
    breaks_promise=Severity.ERROR,
)
def missing_relative_library(wheel: Wheel) -> Iterator[Problem]:
    """A Mach-O binary needs a library beside it that is not in the wheel.

    What it does:
        Follows `@loader_path`, `@rpath` (run paths of the file and of all that loads it) and `@executable_path` through
        the wheel. It is a note if another distribution may have the library: a run path leads to its folder, or Python
        code loads the library first (torch, CUDA and others). It is also a note if an `@rpath` library is elsewhere in
        the wheel, because it may be loaded before. Also looks for names that lead to a bundle (MH_BUNDLE, as extension
        modules are) instead of a library.

    Why it is bad:
        dyld does not find the library, or does not link against a bundle, and the import fails.

    Example:
        `pkg/_core.cpython-311-darwin.so` needs `@rpath/libomp.dylib`, and no run path leads to such a file.

    How to fix:
        Copy the library into the wheel: `delocate-wheel -v`.

    Known limits:
        Weak and lazy loads are not checked. It is never an error: a run path outside the wheel may lead to the library
        on some machines, and code that runs before the import may have loaded it. dyld also uses the run paths of
        everything that loads the file, up to the program, and a wheel does not show these. So a missing run path alone
        does not prove a fault.

    References:
        dyld(1); dyld dyld/Loader.cpp; docs/facts/loaders.md, "How dyld finds a library".
    """
    for edge, tags in macho_edges(wheel):
        if not edge.name.startswith("@") or edge.optional:
            continue
        member, image = edge.loader, edge.image
        if edge.by_path:
            if _is_bundle(edge):
                yield Problem(
                    f"{slice_title(member, image)} needs {edge.name}, which leads to {edge.found[0].path}: that is a "
                    "bundle, not a library",
                    member.path,
                    slice_name(member, image),
                    tags,
                    {"have": "bundle", "need": "dylib"},
                    f"cannot link against bundle '{edge.found[0].name}'",
                    claims=((Fact.LIBRARIES, edge.name),),
                )
            continue
        start, _, rest = edge.name.partition("/")
        stray = edge.found and start == "@loader_path"
        if start == "@loader_path":
            place = normpath(join(dirname(installed_path(member.path)), rest))
            elsewhere = leads_out(place, own_folders(wheel))
        else:
            elsewhere = leads_elsewhere(wheel, member, image)
        preloaded = edge.found or elsewhere or from_other_wheel(edge.name)
        where = f"; the wheel has {edge.found[0].path}" if edge.found else ""
        yield Problem(
            f"{slice_title(member, image)} needs {edge.name}, which does not lead to a file of the wheel{where}",
            member.path,
            slice_name(member, image),
            tags,
            {"have": edge.found[0].path if edge.found else "none", "need": edge.name},
            f"Library not loaded: {edge.name}",
            Severity.NOTE if preloaded and not stray else None,
            claims=((Fact.LIBRARIES, edge.name),),
        )


def _is_bundle(edge: Edge) -> bool:
    """Whether the file to which a name leads can be loaded, but not linked against."""
    return any(can_load(edge.image, one) and one.kind is Kind.BUNDLE for one in edge.found[0].images)
