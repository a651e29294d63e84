"""What happens when a file of the wheel is loaded, for every file that Python, ctypes or a user starts.

A root is an extension module, a library that no other file of the wheel needs (Python code opens it), or a program.
`loads` simulates how the systems of the tags load each slice of each root. What no file of the wheel answers is looked
up in the tables of `platforms`: the system, Python, a required distribution, or software that users install.
"""

from __future__ import annotations

from posixpath import dirname, join, normpath

from .._lib.patterns import pattern
from .._lib.typed import TYPE_CHECKING
from ..loading.graph import Edge, answers_loaded, by_name, reachable, run_folders, serving
from ..loading.simulate import (
    OPEN,
    Answer,
    Load,
    Step,
    Steps,
    Surroundings,
    alone,
    load,
    needs_by_image,
)
from ..metadata.member_paths import installed_path
from ..metadata.promise import triples_of
from ..metadata.requirements import namesake, required_projects
from ..model import Format, Image, Kind, Member, Role
from ..platforms.linux import from_glibc_system, from_musl_system
from ..platforms.python_libraries import python_library
from ..platforms.systems import ANDROID, from_apple
from ..platforms.windows import Interpreter, from_redistributable, from_windows, python_brings
from .libc import libc_of
from .machines import FORMAT_OF_SYSTEM
from .wheel import per_wheel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ..metadata.promise import Target
    from .wheel import Wheel


__all__ = [
    "PROGRAMS",
    "ROOTS",
    "is_mangled",
    "leads_elsewhere",
    "leads_out",
    "leads_to_repaired",
    "loading_targets",
    "loading_triples",
    "loads",
    "optional_requirements",
    "own_folders",
    "requirements",
    "trace",
]

PROGRAMS = (Role.SCRIPT, Role.EXECUTABLE)
ROOTS = (Role.EXTENSION, Role.LIBRARY, Role.DEPENDENCY, *PROGRAMS)
"""The roles of what is loaded for itself. A dependency is, if nothing in the wheel needs it."""

_MANGLED = pattern(r"-[0-9a-f]{8}(?:\.\d+)*\.so(?:\.\d+)*$|-[0-9a-f]{32}\.dll$")
"""Names that auditwheel and delvewheel give to the libraries that they copy: the hash makes them unique."""

_SYSTEM_FOLDERS = ("/usr/lib", "/lib", "/System/", "/system/", "/vendor/", "/usr/local/cuda", "/opt/rocm")
"""Where absolute paths lead to a part of a system, or of software that users install."""

_SOFTWARE_FOLDERS = {
    "/Library/Frameworks/": "a framework in /Library/Frameworks",
    "/Applications/": "an application",
    "/usr/local/cuda": "the CUDA toolkit",
    "/Library/Application Support/": "an application",
}
"""Where software that users install on a Mac puts its libraries: the path is right on every Mac that has it."""


def is_mangled(name: str) -> bool:
    """Whether a repair tool gave the library its name."""
    return _MANGLED.search(name.lower()) is not None


@per_wheel
def loading_targets(wheel: Wheel, image: Image) -> list[Target]:
    """Return the targets whose processes load a slice of this format and machine."""
    return [
        target
        for target in wheel.targets
        if FORMAT_OF_SYSTEM.get(target.system) is image.format and image.machine.value in target.arches
    ]


@per_wheel
def loading_triples(wheel: Wheel, image: Image) -> tuple[str, ...]:
    """Return the triples of `loading_targets`."""
    return triples_of(loading_targets(wheel, image))


@per_wheel
def _targets(wheel: Wheel, image: Image) -> tuple[Target, ...]:
    """Return the targets that load an image. Files for another C library than theirs are WA521."""
    libc = libc_of(image)
    return tuple(
        target
        for target in loading_targets(wheel, image)
        if target.system != "linux" or not target.libc or libc in ("", target.libc)
    )


@per_wheel
def loads(wheel: Wheel) -> tuple[Load, ...]:
    """Return the loads that meet something open, in the order of members and slices; most wheels have none."""
    needs = needs_by_image(wheel.edges)
    suspects = _images_with_open_needs(wheel)
    if not suspects:
        return ()
    around = {
        program: Surroundings(needs, _by_name(wheel), _outside(wheel, program), wheel.musl)
        for program in (False, True)
    }
    budget = Steps()
    found = []
    for root in _roots(wheel):
        for image in root.images:
            if (root.path, id(image)) not in suspects or not _targets(wheel, image):
                continue
            steps = load(root, image, around[root.role in PROGRAMS], budget)
            if kept := _open(steps):
                found.append(Load(root, image, loading_triples(wheel, image), kept))
    if budget.left < 0:
        # Too much for a simulation: then each file is looked at by itself.
        for member in wheel.members:
            for image in member.images:
                edges = needs.get((member.path, id(image)), ())
                if member.role in ROOTS and _targets(wheel, image):
                    kept = _open(alone(edges, around[member.role in PROGRAMS]))
                    found += [Load(member, image, loading_triples(wheel, image), kept)] if kept else []
    return _with_neighbours(found)


def _open(steps: Iterable[Step]) -> tuple[Step, ...]:
    """Return the steps whose answer is open, needs without which a slice loads left out."""
    return tuple(step for step in steps if step.answer in OPEN and not step.optional)


def _is_shared_runtime(step: Step) -> bool:
    """Whether a need is for the part of the Visual C++ runtime that all C++ code needs, OpenMP and MFC left out."""
    return step.answer is Answer.RUNTIME and step.name.lower().startswith(("msvcp140", "vcruntime140"))


def _with_neighbours(found: list[Load]) -> tuple[Load, ...]:
    """Return the loads without needs that somebody else who must be there has too: the Visual C++ runtime.

    Whoever can load torch_cpu.dll, which torch brings, has msvcp140.dll already, because torch needs it.
    """
    if not any(step.answer is Answer.DISTRIBUTION for load in found for step in load.steps):
        return tuple(found)
    kept = (
        one._replace(steps=tuple(step for step in one.steps if not _is_shared_runtime(step))) for one in found
    )
    return tuple(one for one in kept if one.steps)


_TRACED = 1_000_000
"""How many steps of traces are taken per wheel."""


def trace(wheel: Wheel, roots: Iterable[Member]) -> list[Load]:
    """Return every step of the loads of some files, whatever answers, for `wheelarch explain`."""
    needs = needs_by_image(wheel.edges)
    around = {
        program: Surroundings(needs, _by_name(wheel), _outside(wheel, program), wheel.musl)
        for program in (False, True)
    }
    budget = Steps(_TRACED)
    found = []
    for root in roots:
        program = root.role in PROGRAMS or any(image.kind is Kind.EXECUTABLE for image in root.images)
        for image in root.images:
            steps = tuple(load(root, image, around[program], budget))
            found.append(Load(root, image, loading_triples(wheel, image), steps))
    return found


def _roots(wheel: Wheel) -> list[Member]:
    """Return what is loaded for itself. A library that another root needs is loaded with that root."""
    own = [
        member
        for member in wheel.members
        if member.role in ROOTS and member.role not in (Role.LIBRARY, Role.DEPENDENCY)
    ]
    # What is needed only in a way without which its loader loads is loaded for itself too: nobody may ask for it.
    certain = [edge for edge in wheel.edges if not edge.optional]
    reached = reachable(certain, [member.path for member in own])
    rest = [
        member
        for member in wheel.members
        if member.role in (Role.LIBRARY, Role.DEPENDENCY) and member.path not in reached
    ]
    needed = {one.path for edge in certain for one in edge.found if one.path != edge.loader.path}
    first = [member for member in rest if member.path not in needed]
    reached |= reachable(certain, [member.path for member in first])
    circles = [member for member in rest if member.path in needed and member.path not in reached]
    chosen = {member.path for member in (*own, *first, *circles)}
    return [member for member in wheel.members if member.path in chosen]


def _images_with_open_needs(wheel: Wheel) -> set[tuple[str, int]]:
    """Return the images that need something open, or that load one which does.

    Also those for which it depends on the root whether a run path leads to a library.
    """
    outside = {program: _outside(wheel, program) for program in (False, True)}
    programs = any(member.role in PROGRAMS for member in wheel.members)
    above: dict[tuple[str, int], list[tuple[str, int]]] = {}
    found: set[tuple[str, int]] = set()
    for edge in wheel.edges:
        key = edge.loader.path, id(edge.image)
        for library in edge.found:
            for image in library.images:
                above.setdefault((library.path, id(image)), []).append(key)
        if edge.optional or key in found or (edge.by_path and not edge.handed_down and _fits(edge)):
            continue
        program = edge.loader.role in PROGRAMS
        if edge.handed_down or outside[program](edge)[0] in OPEN:
            found.add(key)
        elif programs and not program and edge.image.format is Format.PE and outside[True](edge)[0] in OPEN:
            # Only a program that loads it lacks what Python has beside it.
            found.add(key)
    waiting = list(found)
    while waiting:
        for key in above.get(waiting.pop(), ()):
            if key not in found:
                found.add(key)
                waiting.append(key)
    return found


def _fits(edge: Edge) -> bool:
    return any(not library.images for library in edge.found) or bool(serving(edge.image, edge.found))


def _outside(wheel: Wheel, program: bool) -> Callable[[Edge], tuple[Answer, str, tuple[str, ...]]]:
    """Return the function that says what answers a need that the loader's search in the wheel does not.

    Args:
        wheel: The wheel.
        program: Whether a program asks, which does not see what is beside Python.
    """
    known: dict[tuple[str, int], tuple[str, ...]] = {}

    def outside(edge: Edge) -> tuple[Answer, str, tuple[str, ...]]:
        if python_library(edge.name) is not None:
            return Answer.PYTHON, "", ()
        targets = _targets(wheel, edge.image)
        key = edge.name, id(targets)  # one tuple per image and wheel
        if key not in known:
            known[key] = triples_of(
                target for target in targets if not _is_provided(edge.name, target, program)
            )
        if not known[key]:
            beside_python = edge.image.format is Format.PE and python_brings(edge.name, "cpython", None, "")
            return Answer.PYTHON if beside_python else Answer.SYSTEM, "", ()
        if _is_apples_by_run_path(edge):
            return Answer.SYSTEM, "", ()
        if own := _copy_of_runtime(wheel, edge):
            return Answer.WHEEL, own, ()
        return (*_answer(wheel, edge, program), known[key])

    return outside


def _is_provided(name: str, target: Target, program: bool) -> bool:
    """Whether a target's system, or its Python, provides a library.

    MSYS2 provides whatever its packages need. Bare `linux_*` tags promise nothing, but no system has a name that a
    repair tool made.
    """
    if target.system == "mingw":
        return True
    if target.system == "windows":
        arch = target.arches[0] if target.arches else ""
        if program and python_brings(name, "cpython", None, arch):
            return False
        return from_windows(name, arch, Interpreter(target.implementation, target.version, target.debug))
    if target.system in ("macos", "ios"):
        return from_apple(name)
    if target.system == "android":
        return ANDROID.get(name, 10_000) <= (target.floor or (0, 0))[0]
    if target.libc == "musl":
        return from_musl_system(name)
    if target.floor is None:
        return not is_mangled(name) and not _is_private(name)
    return from_glibc_system(name, target.floor)


def _is_apples_by_run_path(edge: Edge) -> bool:
    """Whether an absolute run path leads to one of the system's own libraries: Swift's, and those of /usr/lib.

    Source: Swift, Building for older systems (`-rpath /usr/lib/swift`); dyld(1), `@rpath`.
    """
    start, _, rest = edge.name.partition("/")
    if start != "@rpath" or edge.image.macho is None:
        return False
    paths = edge.image.macho.rpaths[:_ABSOLUTE_PATHS]
    return (rest.startswith("libswift") and "/usr/lib/swift" in paths) or (
        rest in _FALLBACK and "/usr/lib" in paths
    )


_ABSOLUTE_PATHS = 64
"""How many run paths are compared with the folders of the system."""


def _copy_of_runtime(wheel: Wheel, edge: Edge) -> str:
    """Return the wheel's own copy of a DLL that newer Pythons bring (vcruntime140_1.dll), or an empty string.

    Python code adds its folder or loads it first, as delvewheel's does.
    """
    if edge.image.format is not Format.PE or not python_brings(edge.name, "cpython", None, ""):
        return ""
    for member in _by_name(wheel).get(edge.name.lower(), ()):
        if serving(edge.image, [member]):
            return member.path
    return ""


@per_wheel
def _by_name(wheel: Wheel) -> dict[str, list[Member]]:
    return by_name(wheel.members)


@per_wheel
def optional_requirements(wheel: Wheel) -> tuple[str, ...]:
    """Return the projects that an install of the wheel with one of its extras brings along."""
    return required_projects(wheel.dist_info.requires, wheel.targets, extras=True)


@per_wheel
def requirements(wheel: Wheel) -> tuple[str, ...]:
    """Return the projects that an install of the wheel brings along."""
    return required_projects(wheel.dist_info.requires, wheel.targets)


def _answer(wheel: Wheel, edge: Edge, program: bool) -> tuple[Answer, str]:
    """Return what answers a need that neither the system nor Python answers, and by whom."""
    from ..platforms.distributions import brought_by, required_owner
    from ..platforms.user_software import software

    if edge.found:
        return _misplaced(wheel, edge, program)
    requires = requirements(wheel)
    if owner := required_owner(edge.name, requires):
        return Answer.DISTRIBUTION, owner
    if not is_own_name(wheel, edge) and (owner := _owner_by_folder(wheel, edge)):
        return Answer.DISTRIBUTION, owner
    if owner := namesake(edge.name, requires):
        return Answer.DISTRIBUTION, owner
    if edge.image.format is Format.MACHO and not edge.name.startswith("@"):
        for folder, what in _SOFTWARE_FOLDERS.items():
            if edge.name.startswith(folder):
                return Answer.SOFTWARE, what
    if is_own_name(wheel, edge):
        return Answer.LOST, ""
    if owner := required_owner(edge.name, optional_requirements(wheel)):
        return Answer.DISTRIBUTION, owner
    if bringers := brought_by(edge.name):
        return Answer.DISTRIBUTION, bringers[0]
    if (installed := software(edge.name)) is not None:
        return Answer.SOFTWARE, installed.topic
    if edge.image.format is Format.PE and (
        from_redistributable(edge.name) or python_brings(edge.name, "cpython", None, "")
    ):
        return Answer.RUNTIME, ""
    if _is_private(edge.name) and not _falls_back(edge):
        return Answer.LOST, ""
    return Answer.UNKNOWN, ""


def _is_private(name: str) -> bool:
    """Whether a name is an absolute path that only some machines have."""
    return name.startswith("/") and not name.startswith(_SYSTEM_FOLDERS)


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


def _falls_back(edge: Edge) -> bool:
    """Whether dyld takes the system's library of that file name: only for files whose SDK is older than 14.

    Source: dyld DyldProcessConfig.cpp (PathOverrides, fallback paths), MachOFile.cpp; dyld(1).
    """
    builds = edge.image.macho.build_versions if edge.image.macho else ()
    return edge.name.rpartition("/")[2] in _FALLBACK and not any(one.sdk >= (14, 0, 0) for one in builds)


def _misplaced(wheel: Wheel, edge: Edge, program: bool) -> tuple[Answer, str]:
    """Return the answer for a library of the wheel that does not fit, or to which the search does not lead."""
    path = edge.found[0].path
    if not _fits(edge):
        return Answer.UNFIT, path
    if is_mangled(edge.name) and not _led_to(wheel).intersection(one.path for one in edge.found):
        return Answer.UNLED, path
    # Python code that starts a program can say in LD_LIBRARY_PATH where its libraries are.
    if program or any(answers_loaded(edge, one, wheel.musl) for one in edge.found):
        return Answer.PRELOADED, path
    return Answer.UNLED, path


@per_wheel
def _led_to(wheel: Wheel) -> set[str]:
    """Return the libraries that the search of some file leads to."""
    return {library.path for edge in wheel.edges if edge.by_path for library in edge.found}


def is_own_name(wheel: Wheel, edge: Edge) -> bool:
    """Whether a repair tool made the name that an edge asks for when it repaired this wheel.

    Wheels also link to a mangled library of another wheel by its name (torch's libcudart-d0da41ae.so.11.0). This does
    not happen on Windows, because import libraries keep the plain name.
    """
    if not is_mangled(edge.name):
        return False
    if edge.image.format is Format.PE:
        return True
    from ..platforms.distributions import brought_by

    if brought_by(edge.name):
        return False
    return leads_to_repaired(wheel, edge.loader, edge.image) or not leads_elsewhere(
        wheel, edge.loader, edge.image
    )


@per_wheel
def leads_to_repaired(wheel: Wheel, member: Member, image: Image) -> bool:
    """Whether a run path of the file leads to a folder in which a repair tool puts libraries for this wheel."""
    repaired = _repair_folders(wheel)
    return any(folder.partition("/")[0] in repaired for folder in run_folders(member, image))


def _owner_by_folder(wheel: Wheel, edge: Edge) -> str:
    """Return the distribution in whose folder the loader looks for a library, or an empty string."""
    start, _, rest = edge.name.partition("/")
    if start != "@loader_path":
        return _owner_of_run_paths(wheel, edge.loader, edge.image)
    place = dirname(normpath(join(dirname(installed_path(edge.loader.path)), rest)))
    return _owner(wheel, [place])


@per_wheel
def _owner_of_run_paths(wheel: Wheel, member: Member, image: Image) -> str:
    """Return the distribution to whose folder a run path of the image leads, or an empty string."""
    return _owner(wheel, run_folders(member, image))


def _owner(wheel: Wheel, folders: Iterable[str]) -> str:
    from ..platforms.distributions import known_owner_of_folder, owner_of_folder

    own, requires = own_folders(wheel), requirements(wheel)
    for folder in folders:
        if leads_out(folder, own) and (
            owner := owner_of_folder(folder, requires) or known_owner_of_folder(folder)
        ):
            return owner
    return ""


@per_wheel
def own_folders(wheel: Wheel) -> set[str]:
    """Return the top-level folders and files of the installed wheel, and the folders that repair tools would add."""
    paths = [entry.name for entry in wheel.entries] + [member.path for member in wheel.members]
    return {installed_path(path).partition("/")[0] for path in paths} | _repair_folders(wheel)


@per_wheel
def _repair_folders(wheel: Wheel) -> set[str]:
    """Return the folders that auditwheel, delvewheel and delocate would make for this wheel's libraries."""
    named = {(wheel.filename or "").partition("-")[0], wheel.dist_info.folder.partition("-")[0]}
    return {name + end for name in filter(None, named) for end in (".libs", ".dylibs")}


@per_wheel
def leads_elsewhere(wheel: Wheel, member: Member, image: Image) -> bool:
    """Whether a run path of the file leads to a folder of another distribution."""
    own = own_folders(wheel)
    return any(leads_out(folder, own) for folder in run_folders(member, image))


def leads_out(folder: str, own: set[str]) -> bool:
    """Whether an installed path is in none of a wheel's own top-level folders."""
    first = folder.partition("/")[0]
    return first == ".." or (first != "." and first not in own)
