"""WA604: native code in a source distribution.

Source distributions are read like wheels: `Wheel.members` has the files whose content or name is native.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..metadata.member_paths import is_sdist, is_test
from ..model import Role, Severity
from .rule import Family, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts.wheel import Wheel


__all__ = ["native_code_in_sdist"]

_INTENDED = (Role.FAMILY, Role.TEST_DATA, Role.DEBUG, Role.DATA, Role.MANAGED)
"""Roles of files that are in a source distribution on purpose."""


@rule("WA604", "native-code-in-sdist", Family.SDIST, Severity.WARNING, in_sdists=True)
def native_code_in_sdist(wheel: Wheel) -> Iterator[Problem]:
    """A source distribution contains native binaries.

    What it does:
        Checks the first bytes of every file in a `.tar.gz` or `.zip` sdist for PE, Mach-O, ELF and object files.
        Files for tests, families of launchers for several machines, managed code and data are a note.

    Why it is bad:
        The binary is for the machine that made the sdist, but it is packed into wheels for every machine, even if
        the build does not make it. Nobody can review it.

    Example:
        `pkg-1.0/src/pkg/_core.cpython-311-darwin.so`, from an earlier in-place build.

    How to fix:
        Keep build products out of the sdist: clean the tree before, or exclude them in the backend's settings
        (`MANIFEST.in`, `tool.hatch.build.targets.sdist.exclude`, maturin's `exclude`).

    Known limits:
        Archives inside the sdist are not opened.

    References:
        Source distribution format (packaging.python.org); docs/facts/archives.md, "Source distributions".
    """
    if not is_sdist(wheel.filename):
        return
    for member in wheel.members:
        if not member.images and not member.faults:
            continue
        have = ", ".join(dict.fromkeys(f"{image.format} {image.arch}" for image in member.images))
        intended = member.role in _INTENDED or is_test(member.path)
        yield Problem(
            f"{member.path} is a native binary ({have or 'damaged'}), which does not belong in a source distribution",
            member.path,
            evidence={"have": have} if have else {},
            severity=Severity.NOTE if intended else None,
        )
