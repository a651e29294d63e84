"""The wheels that the README's first command audits: sound ones, and one for each classic fault."""

from collections.abc import Mapping
from typing import NamedTuple

from support.wheels import build_wheel


class WheelRecipe(NamedTuple):
    """One file of testdata/wheels."""

    name: str
    members: Mapping[str, str]
    """Image by path in the wheel."""
    codes: tuple[str, ...] = ()
    """The errors and warnings that an audit must find, no more and no less."""
    tags: tuple[str, ...] | None = None
    """WHEEL's tags, where they are not those of the name."""
    cut: int | None = None
    """How many bytes of each member are left."""
    generator: str = "bdist_wheel (0.45.1)"
    """What WHEEL says has built it."""

    def make(self, images: Mapping[str, bytes]) -> bytes:
        """Return the wheel."""
        members = {path: images[image][: self.cut] for path, image in self.members.items()}
        return build_wheel(self.name, members, tags=self.tags, generator=self.generator)


WHEELS = (
    WheelRecipe(
        "good-1.0-cp311-abi3-win_amd64.whl",
        {"good/ext.pyd": "win_amd64-python3.pyd"},
    ),
    WheelRecipe(
        "good-1.0-cp313-cp313t-win_arm64.whl",
        {"good/ext.cp313t-win_arm64.pyd": "win_arm64-python313t.pyd"},
    ),
    WheelRecipe(
        "good-1.0-cp315-abi3.abi3t-win_amd64.whl",
        {"good/ext.pyd": "win_amd64-python3t.pyd"},
    ),
    WheelRecipe(
        "good-1.0-cp312-cp312-macosx_10_9_universal2.whl",
        {"good/ext.cpython-312-darwin.so": "macos-universal2.so"},
    ),
    WheelRecipe(
        "good-1.0-cp312-cp312-manylinux2014_x86_64.manylinux_2_17_x86_64.whl",
        {"good/ext.cpython-312-x86_64-linux-gnu.so": "linux-x86_64-glibc.so"},
    ),
    WheelRecipe(
        "good-1.0-cp312-cp312-musllinux_1_2_aarch64.whl",
        {"good/ext.cpython-312-aarch64-linux-musl.so": "linux-aarch64-musl.so"},
    ),
    WheelRecipe(
        "wrong_machine-1.0-cp311-abi3-win_amd64.whl",
        {"wrong_machine/ext.pyd": "win_arm64-python3.pyd"},
        codes=("WA112", "WA201"),
    ),
    WheelRecipe(
        "one_slice-1.0-cp312-cp312-macosx_11_0_universal2.whl",
        {"one_slice/ext.cpython-312-darwin.so": "macos-arm64-11.0.so"},
        codes=("WA112", "WA202"),
    ),
    WheelRecipe(
        "two_machines-1.0-cp312-cp312-manylinux_2_17_x86_64.whl",
        {
            "two_machines/ext.cpython-312-x86_64-linux-gnu.so": "linux-x86_64-glibc.so",
            "two_machines/sub/ext.cpython-312-x86_64-linux-gnu.so": "linux-aarch64-glibc.so",
        },
        codes=("WA201", "WA402"),
    ),
    WheelRecipe(
        "foreign_library-1.0-cp311-abi3-win_amd64.whl",
        {
            "foreign_library/ext.pyd": "win_amd64-helper-user.pyd",
            "foreign_library/helper.dll": "win_arm64-helper.dll",
        },
        codes=("WA203",),
    ),
    WheelRecipe(
        "one_python_only-1.0-cp311-abi3-win_amd64.whl",
        {"one_python_only/ext.pyd": "win_amd64-python311.pyd"},
        codes=("WA301",),
    ),
    WheelRecipe(  # left behind by a cross build for ARM64 that the doctor foretells with WD07
        "cross_built-1.0-cp39-abi3-win_arm64.whl",
        {"cross_built/ext.pyd": "win_arm64-python39.pyd"},
        codes=("WA301",),
        generator="maturin (1.9.4)",
    ),
    WheelRecipe(  # that of WD01, where an old LLD takes the x64 import library: right, and not to blame
        "good-1.0-cp39-abi3-win_arm64.whl",
        {"good/ext.pyd": "win_arm64-python3.pyd"},
        generator="maturin (1.7.6)",
    ),
    WheelRecipe(
        "needs_gil-1.0-cp313-cp313t-win_amd64.whl",
        {"needs_gil/ext.pyd": "win_amd64-python313.pyd"},
        codes=("WA303",),
    ),
    WheelRecipe(
        "not_pure-1.0-py3-none-any.whl",
        {"not_pure/ext.pyd": "win_amd64-python3.pyd"},
        codes=("WA110", "WA405"),
    ),
    WheelRecipe(
        "too_new_macos-1.0-cp312-cp312-macosx_11_0_arm64.whl",
        {"too_new_macos/ext.cpython-312-darwin.so": "macos-arm64-14.0.so"},
        codes=("WA501",),
    ),
    WheelRecipe(
        "wrong_libc-1.0-cp312-cp312-manylinux_2_17_x86_64.whl",
        {"wrong_libc/ext.cpython-312-x86_64-linux-gnu.so": "linux-x86_64-musl.so"},
        codes=("WA521",),
    ),
    WheelRecipe(
        "renamed-1.0-cp311-abi3-win_arm64.whl",
        {"renamed/ext.pyd": "win_arm64-python3.pyd"},
        codes=("WA013",),
        tags=("cp311-abi3-win_amd64",),
    ),
    WheelRecipe(
        "cut_short-1.0-cp311-abi3-win_amd64.whl",
        {"cut_short/ext.pyd": "win_amd64-python3.pyd"},
        codes=("WA901",),
        cut=0x600,
    ),
)
