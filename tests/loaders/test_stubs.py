"""The libraries that stand for Python are what other tools take them for."""

import io

import pefile
import pytest
from elftools.elf.elffile import ELFFile

from loaders import stubs

NAMES = ["PyA", "PyB_Type", "_PyC"]
MACHINES = {
    "x86_64": "EM_X86_64",
    "aarch64": "EM_AARCH64",
    "armv7l": "EM_ARM",
    "ppc64le": "EM_PPC64",
    "s390x": "EM_S390",
    "riscv64": "EM_RISCV",
}


@pytest.mark.parametrize("machine", MACHINES)
def test_elf(machine: str) -> None:
    """A reader finds the machine, the soname, the needs and every name, each at an address of its own."""
    file = ELFFile(io.BytesIO(stubs.elf(machine, "stub.so", ["libm.so.6"], NAMES)))
    assert file["e_machine"] == MACHINES[machine]
    (dynamic,) = (one for one in file.iter_segments() if one["p_type"] == "PT_DYNAMIC")
    tags = [
        (tag.entry.d_tag, getattr(tag, "soname", getattr(tag, "needed", ""))) for tag in dynamic.iter_tags()
    ]
    assert [tag for tag in tags if tag[1]] == [("DT_SONAME", "stub.so"), ("DT_NEEDED", "libm.so.6")]
    if machine == "s390x":
        return  # pyelftools takes the words of DT_HASH for 32 bits wide
    symbols = [one for one in dynamic.iter_symbols() if one.name]
    assert [one.name for one in symbols] == NAMES
    assert len({one["st_value"] for one in symbols}) == len(NAMES)


def test_dll() -> None:
    """A reader finds the name and the exports, and none is a forwarder."""
    with pefile.PE(data=stubs.dll("python3.dll", NAMES, 0x1_8000_0000)) as file:
        assert file.is_dll()
        exports = file.DIRECTORY_ENTRY_EXPORT
        assert exports.name == b"python3.dll"
        assert [one.name.decode() for one in exports.symbols] == sorted(NAMES)
        assert not any(one.forwarder for one in exports.symbols)
