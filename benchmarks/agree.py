"""Compare our facts with lief's for 200 random native members of the benchmark's wheels: `agree.py [SEED]`.

Ours come through the view that an audit uses, at full depth. lief gets the whole member from zipfile. The default seed
is today's date. The exit code is 1 if a fact differs and no known error of lief explains that. README.md says how to
run it.
"""

import datetime as dt
import io
import random
import sys
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import lief
from corpus import Wheel, corpus, fetch

from wheelarch.container.zip_directory import read_directory
from wheelarch.container.zip_member import MemberView
from wheelarch.image import HOOK_PREFIXES, read_images
from wheelarch.image.macho_layout import PLATFORMS
from wheelarch.model import Depth, Format, Image
from wheelarch.sources.local import FileSource

DRAWN = 200
Facts = dict[str, Any]
"""Of one slice, by name. Lists without a meaningful order are sorted."""

MACHINES = {
    "I386": "x86",
    "X86": "x86",
    "AMD64": "x86_64",
    "X86_64": "x86_64",
    "AARCH64": "arm64",
    "ARM64": "arm64",
    "ARM": "arm",
    "ARMNT": "arm",
}
"""lief's names. If one is missing here, it differs from all of ours and is reported."""
OUTSIDE = (lief.ELF.Symbol.BINDING.GLOBAL, lief.ELF.Symbol.BINDING.WEAK)
VER_FLG_WEAK = 2
N_STAB = 0xE0
STABS = "debug entries among the imported"
"""Not a fact, but the sign of a known error of lief."""


MAGICS = {
    b"MZ": Format.PE,
    b"\x7fELF": Format.ELF,
    b"\xcf\xfa\xed\xfe": Format.MACHO,
    b"\xce\xfa\xed\xfe": Format.MACHO,
    b"\xca\xfe\xba\xbe\0\0\0\x02": Format.MACHO,
    b"\xca\xfe\xba\xbe\0\0\0\x03": Format.MACHO,
}


def native(wheel: Wheel) -> Iterator[tuple[Wheel, str, Format]]:
    """Yield the PE, Mach-O and ELF members of a wheel, found by zipfile and magic number, without code of ours."""
    with zipfile.ZipFile(wheel.path) as opened:
        for info in opened.infolist():
            with opened.open(info) as member:
                head = member.read(8)
            for magic, format_ in MAGICS.items():
                if head.startswith(magic):
                    yield wheel, info.filename, format_


# -- ours ------------------------------------------------------------------------------------------------


def ours(image: Image) -> Facts:
    """Return the facts of a slice as we read them."""
    facts: Facts = {
        "machine": image.machine.value,
        "machine number": image.code,
        "bits": image.bits,
        "needed": list(image.needed),
        "hooks": sorted(image.hooks),
        "faults": [str(fault) for fault in image.faults],
    }
    if image.pe:
        facts["hybrid"] = image.variant if image.variant in ("arm64ec", "arm64x") else ""
        facts["delayed"] = [one.name for one in image.pe.imports if one.delayed]
        facts["imported"] = sorted((symbol.library, symbol.name) for symbol in image.imported)
    elif image.macho:
        facts["offset"] = image.offset
        facts["cpusubtype"] = image.macho.cpusubtype
        facts["install name"] = image.macho.install_name
        facts["minos"] = [(one.platform, *one.minos) for one in image.macho.build_versions]
        facts["rpaths"] = list(image.macho.rpaths)
        facts["imported"] = sorted(symbol.name for symbol in image.imported)
    elif image.elf:
        facts["soname"] = image.elf.soname
        facts["interpreter"] = image.elf.interpreter
        facts["rpaths"] = [*image.elf.rpath, *image.elf.runpath]
        facts["imported"] = sorted((symbol.name, symbol.weak) for symbol in image.imported)
        facts["version needs"] = sorted(tuple(need) for need in image.elf.version_needs)
    return facts


# -- lief's ----------------------------------------------------------------------------------------------


def _pe(data: bytes) -> list[Facts]:
    config = lief.PE.ParserConfig()
    config.parse_signature = config.parse_rsrc = config.parse_reloc = False
    image: Any = lief.PE.parse(io.BytesIO(data), config)
    exports = image.get_export()
    imports = [*image.imports, *image.delay_imports]
    return [
        {
            **_common(image.header.machine),
            "bits": 64 if image.optional_header.magic == lief.PE.PE_TYPE.PE32_PLUS else 32,
            "needed": [entry.name for entry in imports],
            "hooks": _hooks(entry.name for entry in exports.entries) if exports else [],
            "hybrid": "arm64ec" if image.is_arm64ec else "arm64x" if image.is_arm64x else "",
            "delayed": [entry.name for entry in image.delay_imports],
            "imported": sorted(
                (entry.name, f"#{symbol.ordinal}" if symbol.is_ordinal else symbol.name)
                for entry in imports
                for symbol in entry.entries
            ),
        }
    ]


def _macho(data: bytes) -> list[Facts]:
    config = lief.MachO.ParserConfig()
    config.parse_dyld_bindings = config.parse_dyld_rebases = False
    # A fat file is freed with its last reference, even during iteration, so a variable keeps it alive.
    fat = lief.MachO.parse(data, config)
    assert fat is not None
    return [_macho_slice(fat.at(index)) for index in range(fat.size)]


def _macho_slice(image: Any) -> Facts:
    kinds = lief.MachO.LoadCommand.TYPE
    old = {kinds.VERSION_MIN_MACOSX: "macos", kinds.VERSION_MIN_IPHONEOS: "ios"}
    install_name, needed, minos, rpaths = "", [], [], []
    for command in image.commands:
        if isinstance(command, lief.MachO.DylibCommand):
            if command.command == kinds.ID_DYLIB:
                install_name = command.name
            else:
                needed.append(command.name)
        elif isinstance(command, lief.MachO.BuildVersion):
            minos.append((PLATFORMS[command.platform.value], *command.minos))
        elif isinstance(command, lief.MachO.VersionMin):
            minos.append((old[command.command], *command.version))
        elif isinstance(command, lief.MachO.RPathCommand):
            rpaths.append(command.path)
    return {
        **_common(image.header.cpu_type),
        "offset": image.fat_offset,
        "bits": 64 if image.header.is_64bit else 32,
        "needed": needed,
        "hooks": _hooks(symbol.name.removeprefix("_") for symbol in image.exported_symbols),
        "cpusubtype": image.header.cpu_subtype,
        "install name": install_name,
        "minos": minos,
        "rpaths": rpaths,
        "imported": _undefined(image.imported_symbols),
        STABS: _undefined(symbol for symbol in image.imported_symbols if symbol.raw_type & N_STAB),
    }


def _undefined(symbols: Iterable[Any]) -> list[str]:
    return sorted(symbol.name.removeprefix("_") for symbol in symbols)


def _elf(data: bytes) -> list[Facts]:
    config = lief.ELF.ParserConfig()
    config.parse_relocations = config.parse_symtab_symbols = config.parse_overlay = False
    image: Any = lief.ELF.parse(io.BytesIO(data), config)
    symbols = [symbol for symbol in image.dynamic_symbols if symbol.binding in OUTSIDE]
    paths = (lief.ELF.DynamicEntryRpath, lief.ELF.DynamicEntryRunPath)
    return [
        {
            **_common(image.header.machine_type),
            "bits": 64 if image.header.identity_class == lief.ELF.Header.CLASS.ELF64 else 32,
            "needed": list(image.libraries),
            "hooks": _hooks(symbol.name for symbol in symbols if symbol.shndx),
            "soname": next(
                (one.name for one in image.dynamic_entries if isinstance(one, lief.ELF.DynamicSharedObject)),
                "",
            ),
            "interpreter": image.interpreter if image.has_interpreter else "",
            "rpaths": [
                path
                for kind in paths
                for one in image.dynamic_entries
                if isinstance(one, kind)
                for path in one.paths
            ],
            "imported": sorted(
                (symbol.name, symbol.binding == lief.ELF.Symbol.BINDING.WEAK)
                for symbol in symbols
                if not symbol.shndx
            ),
            "version needs": sorted(
                (need.name, version.name, bool(version.flags & VER_FLG_WEAK))
                for need in image.symbols_version_requirement
                for version in need.get_auxiliary_symbols()
            ),
        }
    ]


def _common(machine: Any) -> Facts:
    return {
        "machine": MACHINES.get(machine.name, machine.name),
        "machine number": machine.value,
        "faults": [],
    }


def _hooks(names: Iterable[str]) -> list[str]:
    prefixes = tuple(prefix.decode() for prefix in HOOK_PREFIXES)
    return sorted(name for name in names if name.startswith(prefixes))


THEIRS: dict[Format, Callable[[bytes], list[Facts]]] = {
    Format.PE: _pe,
    Format.MACHO: _macho,
    Format.ELF: _elf,
}


# -- the comparison --------------------------------------------------------------------------------------


def _counts_stabs(fact: str, own: Facts, other: Facts) -> bool:
    return fact == "imported" and Counter(own[fact]) + Counter(other.get(STABS)) == Counter(other[fact])


QUIRKS: dict[str, Callable[[str, Facts, Facts], bool]] = {
    "lief calls debug entries of a Mach-O file imported (N_STAB is set, so N_TYPE means nothing)": _counts_stabs,
}
"""The accepted differences: lief is wrong in this way only."""


class Difference(NamedTuple):
    """A fact that the two readers report differently."""

    fact: str
    ours: object
    lief: object
    quirk: str = ""
    """The known error of lief, or empty if one of the two is wrong."""


def compare(images: Sequence[Facts], others: Sequence[Facts]) -> tuple[int, list[Difference]]:
    """Return how many facts of a member were compared, and those that differ."""
    if len(images) != len(others):
        return 1, [Difference("number of slices", len(images), len(others))]
    differences = []
    for own, other in zip(images, others, strict=True):
        for fact in own:
            if own[fact] != other[fact]:
                quirk = next((name for name, explains in QUIRKS.items() if explains(fact, own, other)), "")
                differences.append(Difference(fact, own[fact], other[fact], quirk))
    # lief reports no faults, so the absence of faults is not counted as a fact.
    return 1 + sum(len(image) - 1 for image in images), differences


def read_both(wheel: Wheel, name: str, format_: Format) -> tuple[list[Facts], list[Facts]]:
    """Return the facts of each slice of a member, ours and lief's."""
    with FileSource(wheel.path) as source:
        (entry,) = (entry for entry in read_directory(source).entries if entry.name == name)
        images = read_images(MemberView(source, entry), Depth.SYMBOLS)
    with zipfile.ZipFile(wheel.path) as opened:
        data = opened.read(name)
    return [ours(image) for image in images if image.format is format_], THEIRS[format_](data)


def _short(own: object, other: object) -> str:
    """Return a value for a line of output. For a list, return only what the other reader lacks."""
    if isinstance(own, list) and isinstance(other, list):
        return f"{len(own)} names, alone {list((Counter(own) - Counter(other)).elements())[:5]}"
    return repr(own)


def main() -> int:
    lief.logging.disable()
    seed = sys.argv[1] if sys.argv[1:] else dt.datetime.now(tz=dt.UTC).date().isoformat()
    wheels = corpus()
    for wheel in wheels:
        fetch(wheel)
    population = [one for wheel in wheels for one in native(wheel)]
    version = lief.__version__  # type: ignore[attr-defined]  # not in lief's stubs
    print(f"seed {seed}: {DRAWN} of {len(population)} native members; lief {version}")
    compared, differ, quirks, formats = 0, 0, Counter[str](), Counter[str]()
    for wheel, member, format_ in random.Random(seed).sample(population, DRAWN):
        images, others = read_both(wheel, member, format_)
        formats[format_.value] += 1
        count, differences = compare(images, others)
        compared += count
        for one in differences:
            if one.quirk:
                quirks[one.quirk] += 1
            else:
                differ += 1
                print(f"{wheel.file} {member}: {one.fact}")
                print(f"    ours {_short(one.ours, one.lief)}, lief {_short(one.lief, one.ours)}")
    print(", ".join(f"{count} {name}" for name, count in formats.most_common()))
    for quirk, count in quirks.items():
        print(f"{count} lists explained: {quirk}")
    print(f"{DRAWN} members, {compared} facts compared, {differ} differ")
    return int(differ > 0)


if __name__ == "__main__":
    sys.exit(main())
