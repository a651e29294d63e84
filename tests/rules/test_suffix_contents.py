"""WA402 and WA416: suffixes that contradict the contents."""

from support.named_modules import (
    ANDROID,
    ARM64,
    GNU,
    GOOD,
    GOOD_PYD,
    HOOK,
    LINUX,
    LINUX_T,
    WIN,
    WIN_ARM,
    X86,
    X86_64,
    darwin_so,
    pyd,
    so,
)
from support.values import member, pe, wheel
from wheelarch.facts.wheel import Wheel
from wheelarch.model import Machine

HITS: dict[str, list[Wheel]] = {
    "WA402": [
        wheel(WIN, pyd("_core.cp311-win_amd64.pyd", machine=ARM64)),
        wheel(WIN_ARM, pyd("_core.cp311-win_amd64.pyd", machine=ARM64)),
        wheel(WIN, pyd("_core.cp311-win_amd64.pyd", machine=X86)),
        wheel(LINUX, so(f"_core.cpython-311-{GNU}.so", ARM64)),
        wheel(LINUX, so(f"_core.cpython-311-{GNU}.so", variant="x32")),
        wheel(LINUX, so(f"_core.cpython-311-{GNU}x32.so")),
        wheel(ANDROID, so("_core.cpython-313-aarch64-linux-android.so", X86_64)),
        wheel(
            "pkg-1.0-cp311-cp311-mingw_x86_64_ucrt_gnu.whl",
            pyd("_core.cp311-mingw_x86_64_ucrt_gnu.pyd", machine=X86),
        ),
    ],
    "WA416": [
        wheel(LINUX_T, so("_core.abi3.so")),
        wheel("pkg-1.0-cp314-cp314t-macosx_11_0_arm64.whl", darwin_so("_core.abi3.so")),
        wheel("pkg-1.0-cp313-abi3.cp313t-manylinux_2_17_x86_64.whl", so("_core.abi3.so")),
    ],
}

CLEAN: dict[str, list[Wheel]] = {
    "WA402": [
        *GOOD,
        wheel(WIN, member("pkg/_core.cp311-win_amd64.pyd", pe(X86_64, variant="arm64ec", hooks=HOOK))),
        wheel(WIN_ARM, member("pkg/_core.cp311-win_arm64.pyd", pe(ARM64, variant="arm64x", hooks=HOOK))),
        wheel(LINUX, so(f"_core.cpython-311-{GNU}.so", Machine.NONE)),
        wheel(WIN, GOOD_PYD, pyd("_core.cp39-win32.pyd")),
    ],
    "WA416": [*GOOD, wheel("pkg-1.0-cp313-cp313-manylinux_2_17_x86_64.whl", so("_core.abi3.so"))],
}
