"""WA218, WA219 on plain values."""

from support.machines import (
    GOOD_LINUX,
    HOOK,
    LINUX,
    LINUX_ARM32,
    LINUX_EXT,
    X86_64,
)
from support.values import elf, member, wheel
from wheelarch.facts.wheel import Wheel
from wheelarch.model import Machine

HITS: dict[str, list[Wheel]] = {
    "WA218": [
        wheel(LINUX, member(LINUX_EXT, elf(X86_64, variant="x32", bits=32, hooks=HOOK))),
        wheel(LINUX_ARM32, member("pkg/_core.so", elf(Machine.ARM, variant="soft-float", hooks=HOOK))),
    ],
    "WA219": [
        wheel(LINUX, member(LINUX_EXT, elf(X86_64, hooks=HOOK, x86_isa_needed=1 | 4))),
        wheel(
            LINUX.replace(".whl", "-x86_64_v3.whl"),
            member(LINUX_EXT, elf(X86_64, hooks=HOOK, x86_isa_needed=1 | 4 | 8)),
        ),
        wheel(
            LINUX.replace(".whl", "-openblas.whl"),
            member(LINUX_EXT, elf(X86_64, hooks=HOOK, x86_isa_needed=1 | 4)),
        ),
    ],
}

CLEAN: dict[str, list[Wheel]] = {
    "WA218": [
        wheel(LINUX, GOOD_LINUX),
        wheel(
            "pkg-1.0-cp313-cp313-android_21_armeabi_v7a.whl",
            member("pkg/_core.so", elf(Machine.ARM, variant="soft-float", hooks=HOOK)),
        ),
    ],
    "WA219": [
        wheel(LINUX, GOOD_LINUX),
        wheel(LINUX, member(LINUX_EXT, elf(X86_64, hooks=HOOK, x86_isa_needed=1))),
        # a variant that asks for the level (PEP 825)
        wheel(
            LINUX.replace(".whl", "-x86_64_v3.whl"),
            member(LINUX_EXT, elf(X86_64, hooks=HOOK, x86_isa_needed=1 | 4)),
        ),
        wheel(
            LINUX.replace(".whl", "-x8664v3_openblas.whl"),
            member(LINUX_EXT, elf(X86_64, hooks=HOOK, x86_isa_needed=1 | 4)),
        ),
    ],
}
