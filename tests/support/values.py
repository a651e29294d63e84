"""Plain values for rules: an image, a member, a wheel, with what a test does not care about filled in."""

from collections.abc import Iterable
from typing import Any

from wheelarch.container.zip_layout import ArchiveProblem, Entry
from wheelarch.facts.wheel import Wheel
from wheelarch.metadata.dist_info import DistInfo
from wheelarch.metadata.promise import read_promise
from wheelarch.model import (
    BuildVersion,
    CodeSignature,
    Depth,
    ElfFacts,
    Format,
    Image,
    Kind,
    Machine,
    MachoFacts,
    Member,
    PeFacts,
    PeImport,
    Role,
)


def pe(machine: Machine = Machine.X86_64, *dlls: str, hooks: Iterable[str] = (), **more: Any) -> Image:
    """A DLL that imports `dlls`; fields of PeFacts may be given by name."""
    codes = {Machine.X86: 0x14C, Machine.X86_64: 0x8664, Machine.ARM64: 0xAA64, Machine.ARM: 0x1C4}
    bits = 32 if machine in (Machine.X86, Machine.ARM) else 64
    facts = {key: more.pop(key) for key in list(more) if key in PeFacts._fields}
    delayed = tuple(more.pop("delayed", ()))
    imports = tuple(PeImport(dll, False) for dll in dlls) + tuple(PeImport(dll, True) for dll in delayed)
    defaults: dict[str, Any] = {
        "format": Format.PE,
        "machine": machine,
        "variant": "",
        "code": codes.get(machine, 0),
        "bits": bits,
        "offset": 0,
        "kind": Kind.SHARED_LIBRARY,
        "depth": Depth.SYMBOLS,
        "needed": (*dlls, *delayed),
        "hooks": tuple(hooks),
        "pe": PeFacts(
            **{
                "characteristics": 0x2022,
                "magic": 0x10B if bits == 32 else 0x20B,
                "subsystem": 2,
                "imports": imports,
                **facts,
            }
        ),
    }
    return Image(**{**defaults, **more})


def macho(
    machine: Machine = Machine.ARM64,
    minos: tuple[int, int, int] | None = (11, 0, 0),
    platform: str = "macos",
    hooks: Iterable[str] = (),
    **more: Any,
) -> Image:
    """A bundle, ad-hoc signed; fields of MachoFacts may be given by name."""
    codes = {Machine.X86: 7, Machine.X86_64: 0x01000007, Machine.ARM64: 0x0100000C, Machine.ARM: 12}
    facts = {key: more.pop(key) for key in list(more) if key in MachoFacts._fields}
    builds = (BuildVersion(platform, minos, (15, 0, 0)),) if minos and platform else ()
    defaults: dict[str, Any] = {
        "format": Format.MACHO,
        "machine": machine,
        "variant": "",
        "code": codes.get(machine, 0),
        "bits": 64,
        "offset": 0,
        "kind": Kind.BUNDLE,
        "depth": Depth.SYMBOLS,
        "minos": minos,
        "hooks": tuple(hooks),
        "needed": tuple(dylib.name for dylib in facts.get("dylibs", ())),
        "macho": MachoFacts(
            **{
                "filetype": 8,
                "flags": 0x85,
                "cpusubtype": 0,
                "platform": platform,
                "build_versions": builds,
                "signature": CodeSignature(4096, 512, True),
                **facts,
            }
        ),
    }
    return Image(**{**defaults, **more})


def elf(machine: Machine = Machine.X86_64, *needed: str, hooks: Iterable[str] = (), **more: Any) -> Image:
    """A shared object; fields of ElfFacts may be given by name."""
    facts = {key: more.pop(key) for key in list(more) if key in ElfFacts._fields}
    defaults: dict[str, Any] = {
        "format": Format.ELF,
        "machine": machine,
        "variant": "",
        "code": {Machine.X86_64: 62, Machine.ARM64: 183, Machine.X86: 3, Machine.ARM: 40}.get(machine, 0),
        "bits": 32 if machine in (Machine.X86, Machine.ARM) else 64,
        "offset": 0,
        "kind": Kind.SHARED_LIBRARY,
        "depth": Depth.SYMBOLS,
        "needed": needed,
        "hooks": tuple(hooks),
        "elf": ElfFacts(
            **{
                "type": 3,
                "osabi": 0,
                "flags": 0,
                "little_endian": True,
                "executable_stack": False,
                "load_alignment": 0x1000,
                **facts,
            }
        ),
    }
    return Image(**{**defaults, **more})


def member(path: str, *images: Image, role: Role = Role.EXTENSION, size: int = 4096, **more: Any) -> Member:
    """A native member of the wheel."""
    return Member(path=path, size=size, role=role, images=images, **more)


def entry(name: str, **more: Any) -> Entry:
    """A record of the archive's directory."""
    defaults = {
        "method": 8,
        "flags": 0,
        "crc": 0,
        "compressed": 100,
        "size": 4096,
        "offset": 0,
        "mode": 0o100644,
    }
    return Entry(name=name, **{**defaults, **more})


def wheel(
    filename: str,
    *members: Member,
    dist_info: DistInfo | None = None,
    entries: Iterable[Entry] | None = None,
    problems: Iterable[ArchiveProblem] = (),
    generator: str = "bdist_wheel (0.45.1)",
) -> Wheel:
    """A wheel of that name; its WHEEL file agrees with the name unless `dist_info` says otherwise."""
    if dist_info is None:
        folder = "-".join(filename.split("-")[:2]) + ".dist-info"
        promise = read_promise(filename)
        dist_info = DistInfo(
            folder=folder,
            folders=(folder,),
            has_wheel=True,
            wheel_version="1.0",
            generators=(generator,),
            root_is_purelib=False,
            tags=promise.triples,
            build=promise.name.build if promise.name else "",
            has_metadata=True,
            metadata_read=True,
            name=promise.name.project if promise.name else "",
            version=promise.name.version if promise.name else "",
        )
    if entries is None:
        entries = tuple(entry(one.path, size=one.size) for one in members)
    return Wheel(
        filename=filename,
        promise=read_promise(filename, dist_info.tags),
        dist_info=dist_info,
        entries=tuple(entries),
        problems=tuple(problems),
        members=members,
    )
