"""WA512: slices that were built differently."""

import pytest

from support.machines import dependency
from support.needed import ARM64, HOMEBREW, MAC_BOTH, X86_64, mac_module, macho_needing
from support.rules import problems
from support.systems import MAC_EXT
from support.values import macho
from wheelarch.facts.wheel import Wheel
from wheelarch.model import Depth, Fault

HOOKED = {"hooks": ("PyInit__core",)}


HITS: dict[str, list[Wheel]] = {
    "WA512": [
        mac_module(macho_needing(HOMEBREW), macho_needing(machine=X86_64), name=MAC_BOTH),
        mac_module(macho(ARM64, **HOOKED), macho(X86_64), name=MAC_BOTH),
        mac_module(
            macho_needing("/Library/Frameworks/Python.framework/Versions/3.11/Python", "@rpath/liba.dylib"),
            macho_needing("@rpath/libb.dylib", machine=X86_64),
            name=MAC_BOTH,
        ),
    ],
}

CLEAN: dict[str, list[Wheel]] = {
    "WA512": [
        mac_module(macho_needing(), macho_needing(machine=X86_64), name=MAC_BOTH),
        mac_module(macho_needing(), macho_needing("/usr/lib/libc++.1.dylib", machine=X86_64), name=MAC_BOTH),
        mac_module(
            macho_needing(),
            macho_needing("@loader_path/libquadmath.dylib", machine=X86_64),
            name=MAC_BOTH,
            also=(dependency("pkg/libquadmath.dylib", macho(X86_64)),),
        ),
        mac_module(macho_needing(HOMEBREW), macho_needing(machine=X86_64)),
        mac_module(
            macho(ARM64, **HOOKED, depth=Depth.HEADER), macho(X86_64, depth=Depth.HEADER), name=MAC_BOTH
        ),
        mac_module(
            macho(ARM64, **HOOKED), macho(X86_64, faults=(Fault("truncated", 9, "x"),)), name=MAC_BOTH
        ),
    ],
}


@pytest.mark.parametrize(
    ("code", "subject", "message", "consequence"),
    [
        (
            "WA512",
            mac_module(macho_needing(HOMEBREW), macho_needing(machine=X86_64), name=MAC_BOTH),
            f"the slices of {MAC_EXT} differ: only arm64 has {HOMEBREW}",
            "",
        ),
    ],
)
def test_texts(code: str, subject: Wheel, message: str, consequence: str) -> None:
    """A problem says what is wrong in which file, and what users see."""
    (problem,) = problems(code, subject)
    assert (problem.message, problem.consequence) == (message, consequence)
