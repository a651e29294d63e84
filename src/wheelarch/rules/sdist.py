"""WA604: native code in a source distribution."""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..metadata.member_paths import is_sdist, is_test
from ..model import Role, Severity
from .rule import NO_READING, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts.wheel import Wheel


__all__ = ["native_code_in_sdist"]

_ASIDE = (Role.FAMILY, Role.TEST_DATA, Role.DEBUG, Role.DATA, Role.MANAGED)


@rule("WA604", "native-code-in-sdist", Severity.WARNING, needs=NO_READING)
def native_code_in_sdist(wheel: Wheel) -> Iterator[Problem]:
    """A source distribution holds native binaries.

    What it does:
        Looks at the first bytes of every file in a `.tar.gz` or `.zip` sdist for PE, Mach-O, ELF and object
        files. Files for tests, families of launchers for several machines, managed code and data are a note.

    Why it is bad:
        A binary of the machine that made the sdist is packed into wheels for every machine, and hides that the
        build does not make it. Nobody can review it.

    Example:
        `pkg-1.0/src/pkg/_core.cpython-311-darwin.so`, left over from an in-place build.

    How to fix:
        Leave build products out of the sdist: clean the tree before, or exclude them in the backend's settings
        (`MANIFEST.in`, `tool.hatch.build.targets.sdist.exclude`, maturin's `exclude`).

    Known limits:
        Archives within the sdist are not opened.

    References:
        Source distribution format, packaging.python.org; rules.md, amendments.
    """
    if not is_sdist(wheel.filename):
        return
    for member in wheel.members:
        if not member.images and not member.faults:
            continue
        have = ", ".join(dict.fromkeys(f"{image.format} {image.arch}" for image in member.images))
        aside = member.role in _ASIDE or is_test(member.path)
        yield Problem(
            f"{member.path} is a native binary ({have or 'damaged'}), which a source distribution must not hold",
            member.path,
            evidence={"have": have} if have else {},
            severity=Severity.NOTE if aside else None,
        )
