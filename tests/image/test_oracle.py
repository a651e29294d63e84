"""On every image, the readers agree with what the compilers were given, and with five other readers.

If another reader cannot read an image, or reads it wrongly, the table next to its test says so.
"""

import io
import re
import shutil
import subprocess
from collections.abc import Iterable
from typing import Any

import lief
import pefile
import pytest
from elftools.elf.dynamic import DynamicSegment
from elftools.elf.elffile import ELFFile
from elftools.elf.segments import InterpSegment
from macholib.MachO import MachO

from support.images import TESTDATA, image, image_names, manifest
from wheelarch.image import read_images
from wheelarch.model import Image, Symbol, VersionNeed
from wheelarch.view import BytesView

_VER_FLG_WEAK = 2
_HOOK = re.compile(r"PyInit_|PyInitU_|PyModExport_|PyModExportU_|_cffi_pypyinit_|init[a-z]")

lief.logging.disable()


def _images(name: str) -> tuple[Image, ...]:
    return read_images(BytesView(image(name)))


def _names(*formats: str, kinds: Iterable[str] = ("shared-library", "bundle", "executable")) -> list[str]:
    """Return the names of the linked images of some formats."""
    rows = manifest()["images"]
    return [
        name
        for name in image_names()
        if rows[name]["images"][0]["format"] in formats and rows[name]["images"][0]["kind"] in kinds
    ]


def _hooks(names: Iterable[str]) -> list[str]:
    return sorted(name for name in names if _HOOK.match(name))


@pytest.mark.parametrize("name", image_names())
def test_compilers(name: str) -> None:
    """The facts that are read are those that the compilers were given."""
    truths = manifest()["images"][name]["images"]
    for found, truth in zip(_images(name), truths, strict=True):
        told = {field: getattr(found, field) for field in truth}
        assert told | {"needed": sorted(found.needed), "hooks": sorted(found.hooks)} == truth | {
            "needed": sorted(truth["needed"]),
            "hooks": sorted(truth["hooks"]),
            "minos": truth["minos"] and tuple(truth["minos"]),
        }
        assert found.faults == ()


@pytest.mark.parametrize("name", _names("pe"))
def test_pefile(name: str) -> None:
    """The reader agrees with pefile on a PE file."""
    (found,) = _images(name)
    other = pefile.PE(data=image(name))
    normal = getattr(other, "DIRECTORY_ENTRY_IMPORT", [])
    delayed = getattr(other, "DIRECTORY_ENTRY_DELAY_IMPORT", [])
    exports = getattr(getattr(other, "DIRECTORY_ENTRY_EXPORT", None), "symbols", [])
    assert found.pe is not None
    assert found.code == other.FILE_HEADER.Machine
    assert (
        found.bits
        == {pefile.OPTIONAL_HEADER_MAGIC_PE: 32, pefile.OPTIONAL_HEADER_MAGIC_PE_PLUS: 64}[other.PE_TYPE]
    )
    assert found.pe.characteristics == other.FILE_HEADER.Characteristics
    assert found.pe.subsystem == other.OPTIONAL_HEADER.Subsystem
    assert [(entry.name, entry.delayed) for entry in found.pe.imports] == [
        *((entry.dll.decode(), False) for entry in normal),
        *((entry.dll.decode(), True) for entry in delayed),
    ]
    assert sorted(found.imported) == sorted(
        Symbol(symbol.name.decode() if symbol.name else f"#{symbol.ordinal}", entry.dll.decode())
        for entry in (*normal, *delayed)
        for symbol in entry.imports
    )
    assert sorted(found.hooks) == _hooks(symbol.name.decode() for symbol in exports)


@pytest.mark.parametrize("name", _names("pe"))
def test_lief_pe(name: str) -> None:
    """The reader agrees with lief on a PE file, hybrid metadata included."""
    (found,) = _images(name)
    other = lief.PE.parse(io.BytesIO(image(name)))
    assert isinstance(other, lief.PE.Binary)
    assert found.pe is not None
    assert found.code == other.header.machine.value
    assert found.pe.chpe == (other.is_arm64ec or other.is_arm64x)
    assert (found.variant == "arm64ec", found.variant == "arm64x") == (other.is_arm64ec, other.is_arm64x)
    assert list(found.needed) == [
        *(entry.name for entry in other.imports),
        *(entry.name for entry in other.delay_imports),
    ]


def _macho_facts(found: Image) -> tuple[object, ...]:
    """Return what the load commands say, in one shape for every reader."""
    assert found.macho is not None
    return (
        found.offset,
        found.code,
        found.macho.cpusubtype,
        found.macho.filetype,
        found.macho.flags,
        found.macho.install_name,
        found.needed,
        found.macho.rpaths,
        found.minos,
        found.macho.signature and (found.macho.signature.offset, found.macho.signature.size),
    )


_MACHOLIB_MISSES = {"macos-universal2-hidden-arm64.so": "it stops at nfat_arch"}
"""Only dyld looks for slices that nfat_arch does not count, so only test_compilers checks the hidden slice."""


@pytest.mark.parametrize("name", _names("mach-o", kinds=("shared-library", "bundle", "executable", "object")))
def test_macholib(name: str) -> None:
    """The reader agrees with macholib on every slice that macholib sees."""
    visible = [found for found in _images(name) if not (found.macho and found.macho.hidden)]
    assert (len(visible) < len(_images(name))) == (name in _MACHOLIB_MISSES)
    others = MachO(str(TESTDATA / "images" / name)).headers
    assert [_macho_facts(found) for found in visible] == [_macholib_facts(other) for other in others]


def _macholib_facts(other: Any) -> tuple[object, ...]:
    install_name, minos, signature = "", None, None
    needed, rpaths = [], []
    for load, command, data in other.commands:
        kind = load.get_cmd_name()
        text = data.rstrip(b"\0").decode() if isinstance(data, bytes) else ""
        match kind:
            case "LC_ID_DYLIB":
                install_name = text
            case "LC_LOAD_DYLIB" | "LC_LOAD_WEAK_DYLIB":
                needed.append(text)
            case "LC_RPATH":
                rpaths.append(text)
            case "LC_BUILD_VERSION":
                minos = _version(int(command.minos))
            case "LC_VERSION_MIN_MACOSX":
                minos = _version(int(command.version))
            case "LC_CODE_SIGNATURE":
                signature = (int(command.dataoff), int(command.datasize))
    return (
        other.offset,
        int(other.header.cputype),
        int(other.header.cpusubtype) & 0xFFFFFFFF,
        int(other.header.filetype),
        int(other.header.flags),
        install_name,
        tuple(needed),
        tuple(rpaths),
        minos,
        signature,
    )


def _version(packed: int) -> tuple[int, int, int]:
    """Return X.Y.Z of nibbles xxxx.yy.zz."""
    return packed >> 16, packed >> 8 & 0xFF, packed & 0xFF


_LIEF_REFUSES = {"macos-universal2-fat64.so": "FAT_MAGIC_64"}


@pytest.mark.parametrize("name", _names("mach-o"))
def test_lief_macho(name: str) -> None:
    """The reader agrees with lief on what a Mach-O slice exports and imports."""
    fat = lief.MachO.parse(image(name))
    assert (fat is None) == (name in _LIEF_REFUSES)
    # lief frees a fat file whose last reference is an iterator over it, so `fat` must stay.
    for found, other in zip(_images(name), fat or (), strict=False):
        assert sorted(found.hooks) == _hooks(
            str(symbol.name).removeprefix("_") for symbol in other.exported_symbols
        )
        assert sorted(symbol.name for symbol in found.imported) == sorted(
            str(symbol.name).removeprefix("_") for symbol in other.imported_symbols
        )
        assert (found.macho is not None and found.macho.signature is not None) == other.has_code_signature


@pytest.mark.parametrize("name", _names("elf"))
def test_pyelftools(name: str) -> None:
    """The reader agrees with pyelftools on an ELF file, by program headers only."""
    (found,) = _images(name)
    other = ELFFile(io.BytesIO(image(name)))
    facts = found.elf
    assert facts is not None
    assert found.bits == other.elfclass
    assert (facts.little_endian, facts.flags) == (other.little_endian, other["e_flags"])
    assert facts.load_alignment == min(
        segment["p_align"] for segment in other.iter_segments() if segment["p_type"] == "PT_LOAD"
    )
    interpreters = [segment for segment in other.iter_segments() if isinstance(segment, InterpSegment)]
    assert [facts.interpreter] == ([segment.get_interp_name() for segment in interpreters] or [""])
    dynamic = next(other.iter_segments("PT_DYNAMIC"), None)
    if not isinstance(dynamic, DynamicSegment):
        assert (found.needed, found.hooks, found.imported) == ((), (), ())
        return
    entries = list(dynamic.iter_tags())
    strings = {
        tag: [getattr(entry, tag[3:].lower()) for entry in entries if entry.entry.d_tag == tag]
        for tag in ("DT_NEEDED", "DT_SONAME", "DT_RPATH", "DT_RUNPATH")
    }
    assert list(found.needed) == strings["DT_NEEDED"]
    assert [facts.soname] == (strings["DT_SONAME"] or [""])
    assert [":".join(facts.rpath), ":".join(facts.runpath)] == [
        "".join(strings["DT_RPATH"]),
        "".join(strings["DT_RUNPATH"]),
    ]
    symbols = list(dynamic.iter_symbols())[1:]
    undefined = [symbol for symbol in symbols if symbol["st_shndx"] == "SHN_UNDEF"]
    assert sorted(found.imported) == sorted(
        Symbol(symbol.name, weak=symbol["st_info"]["bind"] == "STB_WEAK") for symbol in undefined
    )
    assert sorted(found.hooks) == _hooks(symbol.name for symbol in symbols if symbol not in undefined)


@pytest.mark.parametrize("name", _names("elf"))
def test_lief_elf(name: str) -> None:
    """The reader agrees with lief on an ELF file's machine, versions, notes and stack."""
    (found,) = _images(name)
    other = lief.ELF.parse(io.BytesIO(image(name)))
    facts = found.elf
    assert isinstance(other, lief.ELF.Binary)
    assert facts is not None
    assert found.code == int(other.header.machine_type)
    assert facts.type == int(other.header.file_type)
    assert facts.osabi == int(other.header.identity_os_abi)
    assert sorted(facts.version_needs) == sorted(
        VersionNeed(str(need.name), str(version.name), bool(version.flags & _VER_FLG_WEAK))
        for need in other.symbols_version_requirement
        for version in need.get_auxiliary_symbols()
    )
    notes = list(other.notes)
    assert facts.android_api == next(
        (note.sdk_version for note in notes if isinstance(note, lief.ELF.AndroidIdent)), None
    )
    assert facts.x86_isa_needed == sum(
        1 << int(level) - 1
        for note in notes
        if isinstance(note, lief.ELF.NoteGnuProperty)
        for isa in note.properties
        if isinstance(isa, lief.ELF.X86ISA)
        for _, level in isa.values
    )
    stack = other.get(lief.ELF.Segment.TYPE.GNU_STACK)
    assert facts.executable_stack == (stack and lief.ELF.Segment.FLAGS.X in stack)


@pytest.mark.parametrize("name", _names("pe", "mach-o", "elf"))
@pytest.mark.skipif(shutil.which("llvm-readobj") is None, reason="llvm-readobj is not installed")
def test_llvm_readobj(name: str) -> None:
    """The reader agrees with llvm-readobj on pointer width and needed libraries, slice by slice.

    llvm-readobj lists a dylib's own name as needed, and leaves out the DLLs that a PE file delays.
    """
    command = ["llvm-readobj", "--needed-libs", str(TESTDATA / "images" / name)]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    visible = [found for found in _images(name) if not (found.macho and found.macho.hidden)]
    blocks = told.split("\nFile: ")[1:]
    for found, block in zip(visible, blocks, strict=True):
        own = [found.macho.install_name] if found.macho and found.macho.install_name else []
        assert re.findall(r"AddressSize: (\d+)bit", block) == [str(found.bits)]
        listed = block.partition("NeededLibraries [")[2].partition("]")[0].split()
        delayed = {entry.name for entry in found.pe.imports if entry.delayed} if found.pe else set()
        assert sorted(listed) == sorted({*found.needed, *own} - delayed)
