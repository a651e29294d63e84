"""Which library of the wheel answers when a binary asks for one, slice by slice.

`links` returns an `Edge` for each name that each slice asks for. It follows the search of each loader: first the file's
own run paths, then those of the files that load it. A wheel does not show every place where a loader looks. So if the
search leads to no library of the wheel, a library with that name counts as found, because something may have loaded it
before; `Edge.by_path` says which of the two it is. What the system or the interpreter provides is found only by the
search: a copy of libc.so.6 in some folder of the wheel does not answer.

Everything here is computed from members. No file is read and nothing is judged.
"""

from __future__ import annotations

from collections import deque
from itertools import islice
from posixpath import dirname, join, normpath

from .._lib.typed import TYPE_CHECKING, NamedTuple
from ..metadata.member_paths import installed_path
from ..model import Format, Image, Member
from ..platforms.linux import from_glibc_system, from_musl_system
from ..platforms.python_libraries import python_library
from ..platforms.systems import from_apple
from ..platforms.windows import from_windows, is_known_dll

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence


__all__ = [
    "Edge",
    "answered",
    "answers_loaded",
    "by_name",
    "can_load",
    "inherits",
    "links",
    "reachable",
    "rebound",
    "run_folders",
    "serving",
]

_OPTIONAL_DYLIBS = frozenset({"weak", "lazy", "delayed"})


_ORIGINS: Mapping[Format, tuple[str, ...]] = {
    Format.MACHO: ("@loader_path",),
    Format.ELF: ("$ORIGIN", "${ORIGIN}"),
}


_COPIES = 32
"""How many members with one file name are considered."""


_STEPS = 100_000
"""How many steps from libraries to their loaders are taken per wheel. Real wheels need some hundred."""


_KEPT = 16 << 20
"""About how many bytes of run paths are kept while loaders are searched. Real wheels need some thousand."""

_FOLDERS = 1_000
"""How many relative run paths of one file are followed, its own and those of its loaders. Real files have some
dozen."""


class Edge(NamedTuple):
    """One library that one slice asks for."""

    loader: Member
    image: Image
    """The slice of the loader that asks."""
    name: str
    """DLL name, install name or soname, as the file spells it."""
    optional: bool
    """The slice loads without the library: the need is weak or delayed."""
    found: tuple[Member, ...] = ()
    """Members that answer, several if the order of loading decides. Empty: it must come from outside the wheel."""
    by_path: bool = False
    """The loader's search finds them. Else they answer only if something has loaded them before (`answers_loaded`). PE:
    the search covers any folder, because os.add_dll_directory may add it; for what Windows or Python provides, only the
    folder of the file that asks."""
    handed_down: bool = False
    """Run paths of what loads the file lead there, and not its own: so it depends on what is loaded first."""


def can_load(loader: Image, library: Image) -> bool:
    """Whether the process of one image can load the other: both have the same format, machine, class and byte order."""
    return (
        library.format is loader.format
        and library.machine is loader.machine
        and library.bits == loader.bits
        and (
            library.elf is None or loader.elf is None or library.elf.little_endian is loader.elf.little_endian
        )
    )


def serving(loader: Image, libraries: Iterable[Member]) -> list[Member]:
    """Return the libraries that contain a slice which the process of an image can load."""
    return [library for library in libraries if any(can_load(loader, image) for image in library.images)]


def links(members: Sequence[Member], musl: bool = False) -> tuple[Edge, ...]:
    """Return an edge for every library that every image asks for, in the order of members, slices and names.

    Args:
        members: The members of one wheel. PE and ELF images that were not read to LINKAGE ask for nothing.
        musl: Whether musl loads the ELF files that do not show their C library.

    Source: PE: Microsoft, Dynamic-link library search order. Mach-O: dyld(1), `@loader_path`, `@rpath` (run paths of
    the file and of whatever loads it), `@executable_path`. glibc: ld.so(8): DT_RUNPATH of the file, or if it has none,
    DT_RPATH of the file and of its loaders; a loaded library is known by its soname. musl (ldso/dynlink.c): DT_RUNPATH
    or DT_RPATH of the file and of its loaders; a loaded library is known by the name that it was found by. More in
    docs/facts/loaders.md, "How Windows finds a DLL", "How dyld finds a library", "How ld.so finds a library and a
    symbol".
    """
    return tuple(_follow(members, musl))


def rebound(edges: Iterable[Edge], before: Sequence[Member], after: Sequence[Member]) -> tuple[Edge, ...]:
    """Return the edges between new versions of the same members, of which only the roles have changed.

    Args:
        edges: What `links(before)` returned.
        before: The members.
        after: The same members in the same order, with other roles.
    """
    now = dict(zip(map(id, before), after, strict=True))
    return tuple(
        edge._replace(loader=now[id(edge.loader)], found=tuple([now[id(one)] for one in edge.found]))
        for edge in edges
    )


def _follow(members: Sequence[Member], musl: bool) -> Iterator[Edge]:
    """Yield an edge for each name that each image asks for."""
    copies = by_name(members)
    edges = []
    for member in members:
        for image in member.images:
            if not image.needed:
                continue
            optional = _optional(image)
            folders: Mapping[str, None] | None = None
            for name in dict.fromkeys(image.needed):
                edge = Edge(member, image, name, name in optional, (), False)
                named = copies.get(_file_name(name))
                if named is not None:
                    # Most names are the system's. Run paths matter only for names that the wheel has.
                    folders = run_folders(member, image) if folders is None else folders
                    edge = answered(edge, named, folders, musl)
                edges.append(edge)
    return _inherited(edges, copies, musl)


def reachable(edges: Iterable[Edge], roots: Iterable[str]) -> set[str]:
    """Return the paths of the members that the roots need, directly or through each other, without the roots.

    Args:
        edges: What `links` returned.
        roots: Paths of members.
    """
    needs: dict[str, list[str]] = {}
    for edge in edges:
        needs.setdefault(edge.loader.path, []).extend(library.path for library in edge.found)
    seen = set(roots)
    waiting = deque(seen)
    found: set[str] = set()
    while waiting:
        for path in needs.get(waiting.popleft(), ()):
            if path not in seen:
                seen.add(path)
                found.add(path)
                waiting.append(path)
    return found


def by_name(members: Sequence[Member]) -> dict[str, list[Member]]:
    """Return the members by every name that can ask for them, in lower case: file name, soname and install name."""
    copies: dict[str, list[Member]] = {}
    for member in members:
        names = {member.name.lower()}
        for image in member.images:
            if image.elf is not None and image.elf.soname:
                names.add(image.elf.soname.lower())
            if image.macho is not None and image.macho.install_name:
                names.add(image.macho.install_name.rpartition("/")[2].lower())
        for name in names:
            same = copies.setdefault(name, [])
            if len(same) < _COPIES:
                same.append(member)
    return copies


def _optional(image: Image) -> set[str]:
    """Return the names that an image asks for only in a weak or delayed way."""
    if image.macho is not None:
        kinds = [(dylib.name, dylib.kind in _OPTIONAL_DYLIBS) for dylib in image.macho.dylibs]
    elif image.pe is not None:
        kinds = [(imported.name, imported.delayed) for imported in image.pe.imports]
    else:
        return set()
    found = {name for name, optional in kinds if optional}
    return found and found - {name for name, optional in kinds if not optional}


def run_folders(member: Member, image: Image) -> Mapping[str, None]:
    """Return the folders that the image's own relative run paths name, in their order, each once.

    Returns:
        Paths below site-packages. A path that starts with `..` leads out of it.
    """
    if image.macho is not None:
        paths = image.macho.rpaths
    elif image.elf is not None:
        paths = image.elf.runpath or image.elf.rpath
        if any(map(_has_other_token, paths)) and _on_musl(image):
            return {}
    else:
        return {}
    home = dirname(installed_path(member.path))
    relative = (
        normpath(join(home, path[len(origin) :].lstrip("/")))
        for path in paths
        for origin in _ORIGINS[image.format]
        if path == origin or path.startswith(f"{origin}/")
    )
    return dict.fromkeys(islice(relative, _FOLDERS))


def _has_other_token(path: str) -> bool:
    """Whether a run path has a `$` that is not `$ORIGIN`: musl then uses none of them (ldso/dynlink.c, fixup_rpath)."""
    return "$" in path.replace("$ORIGIN", "").replace("${ORIGIN}", "")


def answered(edge: Edge, copies: Sequence[Member], folders: Iterable[str], musl: bool = False) -> Edge:
    """Return the edge with the libraries that answer it.

    Args:
        edge: Without an answer yet.
        copies: Members with the file name or soname that the edge asks for.
        folders: Where run paths lead.
        musl: Whether musl loads the ELF files that do not show their C library.
    """
    if from_apple(edge.name) or (edge.image.format is Format.PE and is_known_dll(edge.name)):
        return edge
    named = [one for one in copies if _may_answer(edge, one)]
    if not named:
        return edge
    provided = _is_provided(edge)
    home = dirname(installed_path(edge.loader.path))
    if edge.image.format is Format.PE:
        # Windows takes the DLL beside the file that asks, even if it does not fit, and stops there.
        beside = [one for one in named if dirname(installed_path(one.path)) == home]
        choice = serving(edge.image, beside) or beside
        if not choice and not provided:
            choice = serving(edge.image, named) or named
        return edge._replace(found=tuple(choice), by_path=bool(choice))
    at: dict[str, list[Member]] = {}
    for one in named:
        at.setdefault(installed_path(one.path), []).append(one)
    led = [one for place in dict.fromkeys(_places(edge, home, folders, at)) for one in at.get(place, ())]
    # ld.so and dyld skip libraries that the process cannot load, and search on. musl does not look at the machine.
    skips = len(led) > 1 and not (edge.image.format is Format.ELF and (musl or _on_musl(edge.image)))
    choice = (serving(edge.image, led) if skips else led)[:1] or led[:1]
    if choice:
        return edge._replace(found=tuple(choice), by_path=True)
    return edge if provided else edge._replace(found=tuple(serving(edge.image, named) or named))


def _file_name(name: str) -> str:
    """Return the last component of a path in lower case."""
    return name.replace("\\", "/").rpartition("/")[2].lower()


_NEWEST_POLICY = (99, 0)


def _is_provided(edge: Edge) -> bool:
    """Whether the system of the loader, or the interpreter, provides the library."""
    if python_library(edge.name) is not None:
        return True
    if edge.image.format is Format.PE:
        return from_windows(edge.name)
    if edge.image.format is not Format.ELF:
        return False
    if from_musl_system(edge.name):
        return True
    # In this order, because _on_musl reads all names of the image, and only a few names get that far.
    return from_glibc_system(edge.name, _NEWEST_POLICY) and not _on_musl(edge.image)


def _on_musl(image: Image) -> bool:
    """Whether an image is for musl."""
    return any("musl" in name for name in image.needed)


def _may_answer(edge: Edge, library: Member) -> bool:
    """Whether a member could be a library for this loader. A member that could not be parsed could."""
    return not library.images or any(image.format is edge.image.format for image in library.images)


def _places(edge: Edge, home: str, folders: Iterable[str], paths: Iterable[str]) -> Iterator[str]:
    """Yield the installed paths at which the loader looks, in its order, limited to some paths."""
    start, _, rest = edge.name.partition("/")
    if edge.image.format is Format.ELF:
        if "/" not in edge.name:
            yield from _below(folders, edge.name, paths)
        elif start in _ORIGINS[Format.ELF]:
            yield normpath(join(home, rest))
    elif start == "@rpath":
        yield from _below(folders, rest, paths)
    elif start == "@loader_path" or (start == "@executable_path" and edge.image.kind == "executable"):
        yield normpath(join(home, rest))


def _below(folders: Iterable[str], name: str, paths: Iterable[str]) -> Iterator[str]:
    """Yield those paths that have a name below one of the folders, in the order of the folders."""
    if name != normpath(name) or name.startswith(".."):
        yield from (normpath(join(folder, name)) for folder in islice(folders, _ODD_FOLDERS))
        return
    # The loop runs over the few paths, not the many folders: a hostile file may have many names and many run paths.
    found = {path[: -len(name) - 1] or ".": path for path in paths if f"/{path}".endswith(f"/{name}")}
    if found:
        yield from (found[folder] for folder in folders if folder in found)


_ODD_FOLDERS = 64
"""How many run paths are tried for a name with `..` in it."""


def _inherited(edges: Sequence[Edge], copies: Mapping[str, Sequence[Member]], musl: bool) -> Iterator[Edge]:
    """Yield the edges. If a file's own run paths do not answer one, the run paths of its loaders are tried."""
    loaders: dict[tuple[str, str], list[tuple[Member, Image]]] | None = None
    known: dict[tuple[str, int], Mapping[str, None]] = {}
    kept = 0

    def own_folders(member: Member, image: Image) -> Mapping[str, None]:
        # Once per image, because a hostile file may have many names and many run paths; and not too many of them
        # kept, because each folder has the file's own path in it.
        nonlocal kept
        key = member.path, id(image)
        if key not in known:
            folders = run_folders(member, image)
            # 100 bytes: what a string and its place in a dict take beside its letters.
            kept += sum(len(folder) + 100 for folder in folders)
            if kept > _KEPT:
                known.clear()
                kept = 0
            known[key] = folders
        return known[key]

    inheriting: dict[int, bool] = {}

    def inherits_(image: Image) -> bool:
        # Once per image, because it may read all its names.
        if id(image) not in inheriting:
            inheriting[id(image)] = inherits(image, musl)
        return inheriting[id(image)]

    steps = 0
    for edge in edges:
        named = None if edge.by_path or not inherits_(edge.image) else copies.get(_file_name(edge.name))
        if named is None:
            yield edge
            continue
        loaders = _loaders(edges) if loaders is None else loaders
        folders = dict(own_folders(edge.loader, edge.image))
        seen = {edge.loader.path}
        waiting = deque([edge.loader.path])
        while waiting and steps < _STEPS:
            for loader, image in loaders.get((waiting.popleft(), edge.image.machine), ()):
                steps += 1
                if loader.path not in seen:
                    seen.add(loader.path)
                    waiting.append(loader.path)
                    if inherits_(image) and len(folders) < _FOLDERS:
                        folders |= own_folders(loader, image)
        edge = answered(edge, named, folders, musl)
        yield edge._replace(handed_down=edge.by_path)


def _loaders(edges: Iterable[Edge]) -> dict[tuple[str, str], list[tuple[Member, Image]]]:
    """Return the loaders of each library, by the library's path and machine."""
    loaders: dict[tuple[str, str], list[tuple[Member, Image]]] = {}
    for edge in edges:
        for library in edge.found:
            loaders.setdefault((library.path, edge.image.machine), []).append((edge.loader, edge.image))
    return loaders


def inherits(image: Image, musl: bool = False) -> bool:
    """Whether an image uses and hands down the run paths of its loaders.

    Mach-O and musl always do; glibc only without DT_RUNPATH.
    """
    if image.elf is None:
        return image.format is Format.MACHO
    return not image.elf.runpath or musl or _on_musl(image)


def answers_loaded(edge: Edge, library: Member, musl: bool = False) -> bool:
    """Whether a library of the wheel answers because something loaded it before, from whatever folder.

    dyld compares the spelled name with the install name, glibc with the soname. musl only knows the name under which a
    search found the library. Windows compares file names.

    Source: dyld Loader.cpp (getLoader); glibc elf/dl-load.c (_dl_map_object); musl ldso/dynlink.c (load_library).
    """
    if not library.images or edge.image.format is Format.PE:
        return True
    if edge.image.format is Format.MACHO:
        return any(image.macho and image.macho.install_name == edge.name for image in library.images)
    if musl or _on_musl(edge.image):
        return False
    return any(image.elf and image.elf.soname == edge.name for image in library.images)
