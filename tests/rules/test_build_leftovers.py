"""WA213, WA214 on plain values."""

from support.machines import ARM64, GOOD_LINUX, GOOD_MAC, LINUX, MAC_ARM, X86_64
from support.values import elf, macho, member, wheel
from wheelarch.facts.wheel import Wheel
from wheelarch.model import Format, Kind, Machine, Member, Role


def sdk(path: str, format_: Format, machine: Machine) -> Member:
    """A file for linkers."""
    return member(path, elf(machine)._replace(format=format_, kind=Kind.ARCHIVE, elf=None), role=Role.SDK)


HITS: dict[str, list[Wheel]] = {
    "WA213": [wheel(LINUX, GOOD_LINUX, sdk("pkg/libfoo.a", Format.ARCHIVE, X86_64))],
    "WA214": [
        wheel(MAC_ARM, GOOD_MAC, member("pkg/a.dSYM/a", macho(ARM64, kind=Kind.DEBUG), role=Role.DEBUG)),
    ],
}

CLEAN: dict[str, list[Wheel]] = {
    "WA213": [wheel(LINUX, GOOD_LINUX)],
    "WA214": [wheel(MAC_ARM, GOOD_MAC)],
}
