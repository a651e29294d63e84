"""What a script of ten lines would do: `parse_with.py lief|pefile|macholib WHEEL` unzips each binary and parses it."""

import io
import sys
import zipfile

PE, ELF = b"MZ", b"\x7fELF"
MACHO = (b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xca\xfe\xba\xbe")


def read_lief(data: bytes) -> object:
    """Parse without relocations, signatures and similar: the least that lief reads to name the imports."""
    import lief

    if data.startswith(PE):
        pe = lief.PE.ParserConfig()
        pe.parse_signature = pe.parse_rsrc = pe.parse_reloc = False
        return lief.PE.parse(data, pe)
    if data.startswith(ELF):
        elf = lief.ELF.ParserConfig()
        elf.parse_relocations = elf.parse_notes = elf.parse_overlay = False
        return lief.ELF.parse(data, elf)
    return lief.MachO.parse(data, lief.MachO.ParserConfig.quick)


def read_pefile(data: bytes) -> object:
    import pefile

    image = pefile.PE(data=data, fast_load=True)
    image.parse_data_directories(pefile.DIRECTORY_ENTRY["IMAGE_DIRECTORY_ENTRY_IMPORT"])
    return image


def read_macholib(data: bytes) -> object:
    from macholib.MachO import MachO

    class InMemory(MachO):
        def __init__(self, data: bytes) -> None:
            self.graphident = self.filename = self.loader_path = ""
            self.fat, self.headers = None, []
            self.allow_unknown_load_commands = True
            self.load(io.BytesIO(data))

    return InMemory(data)


READERS = {
    "lief": (read_lief, (PE, ELF, *MACHO)),
    "pefile": (read_pefile, (PE,)),
    "macholib": (read_macholib, MACHO),
}


def main() -> None:
    read, magics = READERS[sys.argv[1]]
    found = 0
    with zipfile.ZipFile(sys.argv[2]) as wheel:
        for info in wheel.infolist():
            with wheel.open(info) as member:
                if not member.read(4).startswith(magics):
                    continue
            found += read(wheel.read(info)) is not None
    print(found, "binaries")


if __name__ == "__main__":
    main()
