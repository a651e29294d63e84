"""WA507 to WA512, WA523 and WA524: what a binary asks of its loader, and whether the wheel or the system has it."""

from __future__ import annotations

from posixpath import dirname, join, normpath

from .._lib import lazy
from .._lib.typed import TYPE_CHECKING
from ..facts.wheel import FORMAT_OF_SYSTEM, Wheel, installed_path, libc_of, python_library
from ..loading.graph import Edge, links, run_folders, serving
from ..model import Depth, Format, Image, Member, Role, Severity
from ..platforms.libraries import (
    ANDROID,
    from_apple,
    from_driver,
    from_glibc_system,
    from_musl_system,
    from_other_wheel,
    from_redistributable,
    from_windows,
)
from ._base import Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..metadata.tags import Target

__all__ = [
    "absolute_run_path",
    "chained_fixups_too_new",
    "duplicate_load_command",
    "foreign_install_name",
    "missing_library",
    "missing_relative_library",
    "slices_differ",
    "unknown_load_command",
]

_LOADED = (Role.EXTENSION, Role.DEPENDENCY)
"""What an import loads for certain."""
_LIBRARIES = (*_LOADED, Role.LIBRARY)
_RUN = (*_LIBRARIES, Role.SCRIPT, Role.EXECUTABLE)
_MACHO_HEADERS = dict.fromkeys(_RUN, Depth.HEADER)
_LINKAGE = dict.fromkeys(_LOADED, Depth.LINKAGE)


@lazy.once
def _targets(wheel: Wheel, image: Image) -> list[Target]:
    """Return the live triples whose processes load a slice of this format and machine."""
    return [
        target
        for target in wheel.targets
        if FORMAT_OF_SYSTEM.get(target.system) is image.format and image.machine.value in target.arches
    ]


@lazy.once
def _triples(wheel: Wheel, image: Image) -> tuple[str, ...]:
    return tuple(target.triple for target in _targets(wheel, image))


def _slice(member: Member, image: Image) -> str | None:
    return image.arch if len(member.images) > 1 else None


def _named(member: Member, image: Image) -> str:
    """Return how a message names a slice."""
    name = _slice(member, image)
    return f"the {name} slice of {member.path}" if name else member.path


@lazy.once
def _macho_slices(wheel: Wheel) -> list[tuple[Member, Image, tuple[str, ...]]]:
    """Return the Mach-O slices that processes of the tags load, with the triples of these."""
    return [
        (member, image, tags)
        for member in wheel.members
        if member.role in _RUN
        for image in member.images
        if image.macho is not None and (tags := _triples(wheel, image))
    ]


@lazy.once
def _macho_edges(wheel: Wheel) -> list[tuple[Edge, tuple[str, ...]]]:
    """Return what those slices need from outside the system, Python's own library left to WA312."""
    return [
        (edge, tags)
        for edge in links(wheel.members)
        if edge.image.macho is not None and not from_apple(edge.name) and edge.loader.role in _RUN
        if python_library(edge.name) is None and (tags := _triples(wheel, edge.image))
    ]


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


@rule(
    "WA507", "foreign-install-name", Severity.ERROR, ("R11",), needs=_MACHO_HEADERS, formats=(Format.MACHO,)
)
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
    for edge, tags in _macho_edges(wheel):
        if edge.name.startswith("@"):
            continue
        member, image = edge.loader, edge.image
        last = edge.name.rpartition("/")[2]
        lenient = (
            edge.optional
            or edge.found
            or member.role not in _LOADED
            or not edge.name.startswith("/")
            or edge.name.startswith(_OWN_FOLDERS)
            or last in _FALLBACK
        )
        kind = "the absolute path" if edge.name.startswith("/") else "a path relative to nowhere,"
        yield Problem(
            f"{_named(member, image)} needs {last} at {kind} {edge.name}",
            member.path,
            _slice(member, image),
            tags,
            {"have": edge.name, "need": f"@loader_path/{last}"},
            f"Library not loaded: {edge.name}",
            Severity.WARNING if lenient else None,
        )


@lazy.once
def _own_folders(wheel: Wheel) -> set[str]:
    """Return the top-level folders and files of the wheel, as installed, with those that repair tools would add."""
    paths = [entry.name for entry in wheel.entries] + [member.path for member in wheel.members]
    return {installed_path(path).partition("/")[0] for path in paths} | _repair_folders(wheel)


@lazy.once
def _repair_folders(wheel: Wheel) -> set[str]:
    """Return the folders where auditwheel, delvewheel and delocate put libraries for this wheel, there or not."""
    named = {(wheel.filename or "").partition("-")[0], wheel.dist_info.folder.partition("-")[0]}
    return {name + end for name in filter(None, named) for end in (".libs", ".dylibs")}


@lazy.once
def _leads_elsewhere(wheel: Wheel, member: Member, image: Image) -> bool:
    """Whether a run path of the file leads to what another distribution installs."""
    own = _own_folders(wheel)
    return any(_leads_out(folder, own) for folder in run_folders(member, image))


@lazy.once
def _leads_to_repaired(wheel: Wheel, member: Member, image: Image) -> bool:
    """Whether a run path of the file leads to where a repair tool puts libraries for this wheel."""
    repaired = _repair_folders(wheel)
    return any(folder.partition("/")[0] in repaired for folder in run_folders(member, image))


def _leads_out(folder: str, own: set[str]) -> bool:
    """Whether a path below site-packages leads to what another distribution installs."""
    return folder.startswith("..") or (folder != "." and folder.partition("/")[0] not in own)


@rule(
    "WA508",
    "missing-relative-library",
    Severity.WARNING,
    ("R11",),
    needs=_MACHO_HEADERS,
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
    for edge, tags in _macho_edges(wheel):
        if not edge.name.startswith("@") or edge.optional or edge.by_path:
            continue
        member, image = edge.loader, edge.image
        start, _, rest = edge.name.partition("/")
        stray = edge.found and start == "@loader_path"
        if start == "@loader_path":
            place = normpath(join(dirname(installed_path(member.path)), rest))
            elsewhere = _leads_out(place, _own_folders(wheel))
        else:
            elsewhere = _leads_elsewhere(wheel, member, image)
        preloaded = edge.found or elsewhere or from_other_wheel(edge.name)
        where = f"; the wheel holds {edge.found[0].path}" if edge.found else ""
        yield Problem(
            f"{_named(member, image)} needs {edge.name}, which leads to no file of the wheel{where}",
            member.path,
            _slice(member, image),
            tags,
            {"have": edge.found[0].path if edge.found else "none", "need": edge.name},
            f"Library not loaded: {edge.name}",
            Severity.NOTE if preloaded and not stray else None,
        )


_UNIQUE_SINCE = (15, 0, 0)
"""The SDK from which on some dyld refuses duplicates."""


def _twice(names: tuple[str, ...]) -> str:
    """Return the first name that stands there twice, or an empty string."""
    return next((name for index, name in enumerate(names) if name in names[:index]), "")


@rule(
    "WA509",
    "duplicate-load-command",
    Severity.WARNING,
    ("R11",),
    needs=_MACHO_HEADERS,
    formats=(Format.MACHO,),
)
def duplicate_load_command(wheel: Wheel) -> Iterator[Problem]:
    """A Mach-O slice names a run path or a library twice.

    What it does:
        Looks for two equal LC_RPATH or two equal LC_LOAD_DYLIB commands. A note where the slice was linked with an
        SDK before 15.0, which no dyld holds against it.

    Why it is bad:
        dyld refuses such files since macOS 15.4, by the SDK they were linked with: 15.0, 15.4 or 26.0 on, as the
        releases of dyld differ.

    Example:
        A build system and delocate each added `@loader_path/.dylibs`.

    How to fix:
        Remove one of them: `install_name_tool -delete_rpath PATH FILE`, and sign the file again.

    Known limits:
        Whether the macOS of a user refuses it depends on its release.

    References:
        dyld mach_o/Header.cpp and mach_o/Policy.cpp (enforceNoDuplicateRPaths, enforceNoDuplicateDylibs).
    """
    for member, image, tags in _macho_slices(wheel):
        if image.macho is None or image.faults:
            continue
        sdk = max((build.sdk for build in image.macho.build_versions), default=(0, 0, 0))
        run_path = _twice(image.macho.rpaths)
        dylib = _twice(tuple(dylib.name for dylib in image.macho.dylibs))
        for name, command, text in (
            (run_path, "LC_RPATH", f"duplicate LC_RPATH '{run_path}'"),
            (dylib, "LC_LOAD_DYLIB", f"duplicate linked dylib '{dylib}'"),
        ):
            if name:
                yield Problem(
                    f"{_named(member, image)} has two {command} commands for {name}",
                    member.path,
                    _slice(member, image),
                    tags,
                    {"have": name, "sdk": ".".join(map(str, sdk[:2]))},
                    text,
                    Severity.NOTE if sdk < _UNIQUE_SINCE else None,
                )


@rule("WA510", "unknown-load-command", Severity.WARNING, needs=_MACHO_HEADERS, formats=(Format.MACHO,))
def unknown_load_command(wheel: Wheel) -> Iterator[Problem]:
    """A Mach-O slice holds a load command that the loader must understand and that nobody has heard of.

    What it does:
        Looks for load commands with the LC_REQ_DYLD bit (0x80000000) whose number is not in loader.h.

    Why it is bad:
        A dyld that does not know the command refuses the file, so it loads on the newest systems at best.

    Example:
        A library linked by a prerelease linker with a command that came after macOS 26.

    How to fix:
        Link with a released linker and a deployment target as low as the tag's.

    Known limits:
        A newer wheelarch may know the command.

    References:
        cctools mach-o/loader.h (LC_REQ_DYLD); dyld mach_o/UnsafeHeader.cpp.
    """
    for member, image, tags in _macho_slices(wheel):
        if image.macho is None or not image.macho.unknown_required:
            continue
        index, command = image.macho.unknown_required[0]
        yield Problem(
            f"{_named(member, image)} holds load command {command:#010x}, which dyld must know and loader.h does not",
            member.path,
            _slice(member, image),
            tags,
            {"index": str(index), "command": f"{command:#010x}"},
            f"load command #{index} unknown required load command 0x{command:08X}",
        )


_CHAINED_SINCE = {"macos": (11, 0), "ios": (13, 4)}
"""The oldest system whose dyld knows LC_DYLD_CHAINED_FIXUPS."""


@rule(
    "WA511",
    "chained-fixups-too-new",
    Severity.WARNING,
    ("R10",),
    needs=_MACHO_HEADERS,
    formats=(Format.MACHO,),
)
def chained_fixups_too_new(wheel: Wheel) -> Iterator[Problem]:
    """A slice uses chained fixups, which the oldest promised system can't read.

    What it does:
        Looks for LC_DYLD_CHAINED_FIXUPS in slices that are built for, and tagged for, macOS before 11 or iOS before
        13.4.

    Why it is bad:
        The dyld of those systems does not know the command, which it must understand, and refuses the file.

    Example:
        A wheel tagged `macosx_10_9_x86_64`, linked with `-fixup_chains` and the deployment target 10.9.

    How to fix:
        Link with `-no_fixup_chains`, or raise the deployment target and the tag to 11.0.

    Known limits:
        A slice that was built for a newer system than its tag says is WA501.

    References:
        cctools mach-o/loader.h; dyld mach_o/UnsafeHeader.cpp; rules.md 3.5.
    """
    for member, image, _ in _macho_slices(wheel):
        if image.macho is None or not image.macho.chained_fixups or image.minos is None:
            continue
        too_old = [
            target
            for target in _targets(wheel, image)
            if target.floor is not None
            and max(target.floor, image.minos[:2]) < _CHAINED_SINCE.get(target.system, (0, 0))
        ]
        if too_old:
            have = ".".join(map(str, image.minos[:2]))
            first = _CHAINED_SINCE[too_old[0].system]
            yield Problem(
                f"{_named(member, image)} is built for {have} and has chained fixups, which came with "
                f"{first[0]}.{first[1]}",
                member.path,
                _slice(member, image),
                tuple(target.triple for target in too_old),
                {"have": have, "need": f"{first[0]}.{first[1]}"},
                "unknown required load command 0x80000034",
            )


_HOOKS = ("PyInit_", "PyInitU_", "PyModExport_", "PyModExportU_")


def _differing(values: dict[str, set[str]]) -> str:
    """Return how the slices differ, one clause for each that has what another lacks."""
    everywhere = set.intersection(*values.values())
    return ", ".join(
        f"{arch} alone has {' and '.join(sorted(value - everywhere))}"
        for arch, value in values.items()
        if value != everywhere
    )


@rule(
    "WA512",
    "slices-differ",
    Severity.WARNING,
    ("R6",),
    needs={**dict.fromkeys(_LIBRARIES, Depth.HEADER), Role.EXTENSION: Depth.LINKAGE},
    formats=(Format.MACHO,),
)
def slices_differ(wheel: Wheel) -> Iterator[Problem]:
    """The slices of one universal binary were built differently.

    What it does:
        Compares, over the slices that the tags demand, the needed libraries that neither the wheel nor the system
        has, and the functions with which Python starts the module.

    Why it is bad:
        One slice was built in another environment, and works or fails otherwise than the rest.

    Example:
        The arm64 slice needs `/opt/homebrew/lib/libomp.dylib`, the x86_64 slice does not.

    How to fix:
        Build every slice in the same way: in one go, or on two machines that are set up alike.

    Known limits:
        Libraries of the wheel and of the system may differ: OpenBLAS needs libquadmath on x86_64 only.

    References:
        lipo(1), delocate-merge; rules.md, amendments, WA512.
    """
    edges: dict[str, list[Edge]] = {}
    for edge, _ in _macho_edges(wheel):
        edges.setdefault(edge.loader.path, []).append(edge)
    for member in wheel.members:
        images = [image for image in member.images if image.macho is not None and _targets(wheel, image)]
        if member.role not in _LIBRARIES or len(images) < 2 or any(image.faults for image in images):
            continue
        needed: dict[str, set[str]] = {image.arch: set() for image in images}
        for edge in edges.get(member.path, ()):
            if not edge.found and edge.image.arch in needed:
                needed[edge.image.arch].add(edge.name)
        hooks = {
            image.arch: {hook for hook in image.hooks if hook.startswith(_HOOKS)}
            for image in images
            if image.depth >= Depth.LINKAGE
        }
        differences = [_differing(values) for values in (needed, hooks) if len(values) > 1]
        for difference in filter(None, differences):
            yield Problem(
                f"the slices of {member.path} differ: {difference}",
                member.path,
                None,
                tuple(dict.fromkeys(tag for image in images for tag in _triples(wheel, image))),
                {"have": difference},
            )


_MANGLED = lazy.pattern(r"-[0-9a-f]{8}(?:\.\d+)*\.so(?:\.\d+)*$|-[0-9a-f]{32}\.dll$")
"""Names that auditwheel and delvewheel give to the libraries they copy: a hash stands in them, so that no system and
no other wheel has them by chance."""


def _is_mangled(name: str) -> bool:
    return _MANGLED.search(name.lower()) is not None


def _provided(edge: Edge, target: Target) -> bool:
    """Whether a target's system or Python brings the library.

    MSYS2 brings whatever its packages need. Bare `linux_*` tags promise nothing, but no system has a name that a
    repair tool made.
    """
    if python_library(edge.name) is not None or target.system == "mingw":
        return True
    if target.system == "windows":
        return from_windows(edge.name)
    if target.system == "android":
        return ANDROID.get(edge.name, 10_000) <= (target.floor or (0, 0))[0]
    if target.libc == "musl":
        return from_musl_system(edge.name)
    if target.floor is None:
        return not _is_mangled(edge.name)
    return from_glibc_system(edge.name, target.floor)


def _system(target: Target) -> tuple[str, str, tuple[int, int] | None]:
    """Return what decides which libraries a target may expect."""
    return target.system, target.libc, target.floor


@lazy.once
def _systems(wheel: Wheel, image: Image) -> dict[tuple[str, str, tuple[int, int] | None], list[Target]]:
    """Return the triples whose processes load an image by their system; files for another C library are WA521's."""
    libc = libc_of(image)
    systems: dict[tuple[str, str, tuple[int, int] | None], list[Target]] = {}
    for target in _targets(wheel, image):
        if target.system != "linux" or not target.libc or libc in ("", target.libc):
            systems.setdefault(_system(target), []).append(target)
    return systems


def _made_here(wheel: Wheel, edge: Edge, leads_out: bool) -> bool:
    """Whether the name that an edge asks for was made as this very wheel was repaired.

    Another wheel's mangled library is linked to by its name as well (torch's libcudart-d0da41ae.so.11.0), but not
    on Windows: import libraries keep the plain name.
    """
    if not _is_mangled(edge.name):
        return False
    if edge.image.format is Format.PE:
        return True
    return not from_other_wheel(edge.name) and (
        not leads_out or _leads_to_repaired(wheel, edge.loader, edge.image)
    )


def _lack(wheel: Wheel, edge: Edge) -> tuple[Severity | None, str]:
    """Return how bad it is that nothing answers an edge, None for the rule's own severity, and why."""
    leads_out = _leads_elsewhere(wheel, edge.loader, edge.image)
    if _made_here(wheel, edge, leads_out):
        return Severity.ERROR, "its name was made for this wheel, and the wheel lacks it"
    if leads_out or from_other_wheel(edge.name):
        return Severity.NOTE, "another distribution has to bring it"
    if from_driver(edge.name):
        return Severity.NOTE, "it comes with a device's driver"
    if from_redistributable(edge.name):
        return None, "it comes with the Visual C++ Redistributable, which not every Windows has"
    return None, "neither the wheel nor the system has it"


@rule(
    "WA523",
    "missing-library",
    Severity.WARNING,
    ("R22", "R11"),
    needs=_LINKAGE,
    formats=(Format.ELF, Format.PE),
)
def missing_library(wheel: Wheel) -> Iterator[Problem]:
    """A library is needed that neither the wheel nor the promised system has.

    What it does:
        Compares what extension modules and their libraries need with the wheel and with the lists of what the
        tags let a wheel expect: Windows and its UCRT, the manylinux and musllinux policies, Android's NDK. It is
        an error where the name holds a hash of auditwheel or delvewheel, which no other place has. It is a note
        for what comes with a device's driver, and for what other distributions bring (CUDA, torch, MKL) or a run
        path of the file itself seeks there. An ELF library that the wheel has and no run path leads to is
        missing too: an error where its name holds a hash and no other file of the wheel finds it, else a note,
        because Python code may load it first.

    Why it is bad:
        The import fails on every machine that does not happen to have the library.

    Example:
        `pkg/_core.so` needs `libssl.so.1.1` in a wheel tagged `manylinux_2_17_x86_64`; `pkg/_core.pyd` needs
        `msvcp140.dll`, which Windows has only after the Visual C++ Redistributable was installed.

    How to fix:
        Copy the library into the wheel with `auditwheel repair` or `delvewheel repair`.

    Known limits:
        Bare `linux_*` tags promise nothing, so nothing but a name with a hash is missing. Delayed imports are left
        out. Whether the library has every symbol is left to auditwheel.

    References:
        PEP 513, PEP 600, PEP 656; auditwheel's policies; Microsoft, Universal CRT deployment; rules.md 4.2.
    """
    edges = links(wheel.members)
    # ld.so loads a library once: who asks for it later by the same name is given that copy.
    led_to = {library.path for edge in edges if edge.by_path for library in edge.found}
    for edge in edges:
        member, image = edge.loader, edge.image
        if member.role not in _LOADED or edge.by_path or edge.optional or image.format is Format.MACHO:
            continue
        found = edge.found
        if found and not serving(image, found):
            continue
        systems = _systems(wheel, image)
        lacking = [one for one, targets in systems.items() if not _provided(edge, targets[0])]
        if not lacking:
            continue
        failing = [target for target in _targets(wheel, image) if _system(target) in lacking]
        if found:
            alone = _is_mangled(edge.name) and led_to.isdisjoint(library.path for library in found)
            severity: Severity | None = Severity.ERROR if alone else Severity.NOTE
            why = f"the wheel has {found[0].path}, and no run path of the file leads there"
        else:
            severity, why = _lack(wheel, edge)
        windows = image.format is Format.PE
        yield Problem(
            f"{member.path} needs {edge.name}: {why}",
            member.path,
            None,
            tuple(target.triple for target in failing),
            {"have": found[0].path if found else "none", "need": edge.name},
            f"ImportError: DLL load failed while importing {member.name.partition('.')[0]}: "
            "The specified module could not be found."
            if windows
            else f"{edge.name}: cannot open shared object file: No such file or directory",
            severity,
            ("R11",) if windows else ("R22",),
        )


_SYSTEM_FOLDERS = (
    "/usr/lib",
    "/lib",
    "/usr/local/lib",
    "/usr/local/cuda",
    "/opt/rocm",
    "/system/",
    "/vendor/",
)
"""Run paths that name a place of the system, or of software that users install there themselves."""


@rule("WA524", "absolute-run-path", Severity.WARNING, ("R22",), needs=_LINKAGE, formats=(Format.ELF,))
def absolute_run_path(wheel: Wheel) -> Iterator[Problem]:
    """An ELF file looks for its libraries in a folder of the machine that built it.

    What it does:
        Looks for run paths (DT_RPATH, DT_RUNPATH) that are absolute and lie outside /usr/lib, /usr/local/lib and /lib.

    Why it is bad:
        On the user's machine the folder is not there, or belongs to somebody else: whoever can write it can put
        code into the process.

    Example:
        `pkg/_core.so` has the run path `/home/runner/work/pkg/build/lib`.

    How to fix:
        Remove it: `patchelf --remove-rpath FILE`, or let `auditwheel repair` set `$ORIGIN` instead.

    Known limits:
        Folders of CUDA and ROCm are left out: users install these themselves.

    References:
        ld.so(8); PEP 600; rules.md 4.2.
    """
    for member in wheel.members:
        if member.role not in _LOADED:
            continue
        for image in member.images:
            tags = _triples(wheel, image)
            if image.elf is None or not tags:
                continue
            foreign = [
                path
                for path in (*image.elf.rpath, *image.elf.runpath)
                if path.startswith("/") and not path.startswith(_SYSTEM_FOLDERS)
            ]
            if foreign:
                yield Problem(
                    f"{member.path} looks for libraries in {foreign[0]}",
                    member.path,
                    None,
                    tags,
                    {"have": ":".join(foreign), "need": "$ORIGIN"},
                )
