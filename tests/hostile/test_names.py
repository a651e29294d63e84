"""Names on real binaries whose letters and digits are not what they look like."""

import pytest

import wheelarch
from support.images import image
from support.wheels import build_wheel
from wheelarch import Depth

LOOKALIKES = {
    "s": "\u017f",
    "k": "\u212a",
    "i": "\u0130",
    "3": "\u0663",
    "_": "\uff3f",
    ".": "\uff0e",
    "\n": "\n",
}
"""Characters that Python treats as a letter if case does not count, or as a digit."""
MEANT = (
    "tool-s390x.so", "tool-i386.exe", "x86_64-linux/tool.so", "bin/skia-amd64-musl", "ext.cpython-313-darwin.so",
    "ext.cp313-win_amd64.pyd", "ext.abi3.so", "ext.pypy311-pp73-darwin.so", "python3.dll", "libpython3.13.so.1.0",
    "python313_d.dll", "vcruntime140.dll", "ucrtbased.dll", "libssl-0a1b2c3d.so.1.1", "kernel32.dll", "CON.pyd",
    "pkg.libs/libgfortran.so.5", "sysroot/libc.so.6", "msvcp140-0123456789abcdef0123456789abcdef.dll",
)  # fmt: skip
BINARIES = {
    "win_amd64": "win_amd64-python3.pyd",
    "macosx_11_0_universal2": "macos-universal2.so",
    "manylinux_2_17_x86_64": "linux-x86_64-v3.so",
}


def disguised() -> list[str]:
    """Each name, with one letter at a time replaced by its double, and with an odd ending."""
    names = [f"{name}{end}" for name in MEANT for end in ("", "\n", ".", "\u0345")]
    for name in MEANT:
        for at, letter in enumerate(name):
            if letter.lower() in LOOKALIKES:
                names.append(name[:at] + LOOKALIKES[letter.lower()] + name[at + 1 :])
    return names


@pytest.mark.parametrize("platform", BINARIES)
def test_no_letter_breaks_an_audit(platform: str) -> None:
    """Every member is read, whatever patterns and tables do with its name."""
    filename = f"pkg-1.0-cp313-cp313-{platform}.whl"
    members = {f"pkg/{name}": image(BINARIES[platform]) for name in disguised()}
    data = build_wheel(filename, members)
    (report,) = wheelarch.audit(data, name=filename, depth=Depth.SYMBOLS, second_opinion="off")
    assert {member.path for member in report.members if member.images} == set(members)
