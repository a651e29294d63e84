"""WA535: packed relocations that glibc refuses."""

from typing import Any

import pytest

from support.rules import severities
from support.systems import (
    BARE_LINUX,
    BOTH_LIBCS,
    ELF_EXT,
    ERROR,
    MANYLINUX,
    MUSL_EXT,
    MUSLLINUX,
    WARNING,
    X86_64,
    elf_with_versions,
    linux_wheel,
)
from support.values import elf, member, wheel
from wheelarch.facts.wheel import Wheel
from wheelarch.model import Fault, Role, Severity


def packed(*versions: str, name: str = MANYLINUX, path: str = ELF_EXT, **more: Any) -> Wheel:
    return linux_wheel(name, elf_with_versions(*versions, packed_relocations=True, **more), path=path)


HITS: dict[str, list[Wheel]] = {
    "WA535": [
        packed("GLIBC_2.17"),
        packed("GLIBC_2.36", name=BARE_LINUX),
        packed("GLIBC_2.17", name=BOTH_LIBCS),
    ]
}
CLEAN: dict[str, list[Wheel]] = {
    "WA535": [
        packed("GLIBC_2.36", "GLIBC_ABI_DT_RELR"),
        packed(),
        packed("GLIBC_2.17", library="libm.so.6"),
        packed("GLIBC_2.17", name=MUSLLINUX, path=MUSL_EXT),
        packed("GLIBC_2.17", faults=(Fault("outside", 0, "dynamic table"),)),
        linux_wheel(MANYLINUX, elf_with_versions("GLIBC_2.17")),
    ]
}


@pytest.mark.parametrize(
    ("role", "severity"), [(Role.EXTENSION, ERROR), (Role.DEPENDENCY, ERROR), (Role.LIBRARY, WARNING)]
)
def test_severity_by_role(role: Role, severity: Severity) -> None:
    """It is an error if the wheel depends on the library."""
    image = elf_with_versions("GLIBC_2.17", packed_relocations=True)
    beside = member(ELF_EXT, elf(X86_64, "libc.so.6"))
    subject = wheel(MANYLINUX, beside, member("pkg.libs/libx.so", image, role=role))
    assert severities("WA535", subject) == [severity]
