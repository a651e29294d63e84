"""WA534: newer instructions in modules that never ask what the processor has."""

import struct
from typing import Any

import pytest

from support.images import image
from support.rules import problems, severities
from support.systems import ANY, ELF_EXT, MANYLINUX, MUSL_EXT, MUSLLINUX, WARNING, X86, X86_64, linux_wheel
from support.values import elf
from wheelarch import inspect
from wheelarch.facts.wheel import Wheel
from wheelarch.model import Depth, Fault, Image, Role, Symbol

V3 = {"x86_isa_used": 1 | 4, "cpuid": False, "hooks": ("PyInit__core",)}


def module(path: str = ELF_EXT, name: str = MANYLINUX, **more: Any) -> Wheel:
    return linux_wheel(name, elf(X86_64, "libc.so.6", **{**V3, **more}), path=path)


HITS: dict[str, list[Wheel]] = {
    "WA534": [
        module(),
        module(x86_isa_used=1 | 4 | 8),
        module(name=MUSLLINUX, path=MUSL_EXT),
        module(imported=(Symbol("getauxv"), Symbol("cpu_model"))),
        module(faults=(Fault("outside", 8, "a note", loaded=False),)),
    ]
}
CLEAN: dict[str, list[Wheel]] = {
    "WA534": [
        module(x86_isa_used=0, cpuid=None),
        module(x86_isa_used=1 | 2, cpuid=None),
        module(cpuid=True),
        module(cpuid=None),
        module(x86_isa_needed=4),
        *(
            module(imported=(Symbol(name),))
            for name in ("__cpu_model", "__cpu_indicator_init", "__cpu_features2", "getauxval")
        ),
        module(path="pkg/_core_avx2.cpython-311-x86_64-linux-gnu.so"),
        module(path="pkg/x86_64_v3/_core.cpython-311-x86_64-linux-gnu.so"),
        module(name=ANY),
        module(faults=(Fault("outside", 8, "DT_SYMTAB"),)),
        linux_wheel(MANYLINUX, elf(X86_64, **V3), role=Role.LIBRARY, path="pkg/libx.so"),
        linux_wheel(MANYLINUX.replace("x86_64", "i686"), elf(X86, **V3)),
    ]
}


@pytest.mark.parametrize(
    ("used", "level"), [(1 | 4, "x86-64-v3"), (1 | 4 | 8, "x86-64-v4"), (8, "x86-64-v4")]
)
def test_the_highest_level_is_named(used: int, level: str) -> None:
    """The property has a bit for each level; users need to know the highest."""
    (problem,) = problems("WA534", module(x86_isa_used=used))
    assert problem.evidence["have"] == level
    assert severities("WA534", module(x86_isa_used=used)) == [WARNING]


USED = image("linux-x86_64-v3.so").replace(struct.pack("<I", 0xC0008002), struct.pack("<I", 0xC0010002))
"""A library whose property says that its code has instructions of v3."""


def _facts(data: bytes, depth: Depth = Depth.LINKAGE) -> Image:
    (found,) = inspect(data, depth)
    return found


def test_the_reader_looks_for_cpuid_in_code_alone() -> None:
    """Only the bytes of executable segments count, and they are searched only if the property asks for it."""
    (first,) = struct.unpack_from("<Q", USED, 0x20)
    headers = [struct.unpack_from("<IIQQQQQQ", USED, first + 56 * index) for index in range(USED[0x38])]
    (code, size) = next((row[2], row[5]) for row in headers if row[0] == 1 and row[1] & 1)

    def asked(at: int, source: bytes = USED) -> bool | None:
        found = _facts(source[:at] + b"\x0f\xa2" + source[at + 2 :]).elf
        return found.cpuid if found else None

    facts = _facts(USED).elf
    assert facts is not None
    assert (facts.x86_isa_used, facts.x86_isa_needed, facts.cpuid) == (4, 0, False)
    assert asked(code)
    assert asked(code + size - 2)
    assert not asked(code + size - 1)
    assert not asked(code - 2)
    assert asked(code, image("linux-x86_64-v3.so")) is None
    header = _facts(USED, Depth.HEADER).elf
    assert header is not None
    assert header.cpuid is None
