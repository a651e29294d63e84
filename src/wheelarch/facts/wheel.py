"""The per-wheel object: everything that the rules may look at."""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ..container.zip_layout import ArchiveProblem, Entry
    from ..metadata.dist_info import DistInfo
    from ..metadata.promise import Promise, Target
    from ..model import Member
    from .provenance import Provenance


__all__ = ["NativeFile", "Sibling", "Wanted", "Wheel"]


class Wanted(NamedTuple):
    """Who is to use a wheel, beside what its own tags promise: an interpreter that was asked, or a target."""

    name: str
    """How the user called it: a path, a triple, a tag."""
    system: str
    """As `Target.system`."""
    arches: tuple[str, ...]
    """Every architecture that a file must serve; several for a universal binary only."""
    libc: str = ""
    """`glibc`, `musl`, `bionic`, or empty where it is not known."""
    floor: tuple[int, int] | None = None
    """The version of the system or of its libc, as `Target.floor` counts; None where it is not known."""
    pythons: tuple[str, ...] = ()
    """Every `python-abi` pair of tags that it takes, the most exact first (`cp312-cp312`); empty for any Python."""
    suffixes: tuple[str, ...] = ()
    """Suffixes of extension modules that it tries, in its order; empty where they are not known."""
    host: str = ""
    """The architecture of the host, where that differs because the process is emulated."""


class NativeFile(NamedTuple):
    """What tells one native file from another without its bytes."""

    path: str
    size: int
    """Inflated bytes."""
    crc: int | None
    """As `Member.crc`."""
    sha256: str | None
    """As `Member.sha256`."""


class Sibling(NamedTuple):
    """What a wheel's siblings need to know of it: small, because all wheels of a set are held at once."""

    filename: str
    targets: tuple[Target, ...]
    files: tuple[NativeFile, ...]
    """The native files that its users run."""
    ok: bool
    """Whether it could be read and has no error by itself."""


class Wheel(NamedTuple):
    """Everything that the rules may look at."""

    filename: str | None
    """The last component of the input's name; None for nameless bytes."""
    promise: Promise
    dist_info: DistInfo
    """What the `*.dist-info` folder says; its fields are empty where it is missing."""
    entries: tuple[Entry, ...] = ()
    """Every record of the archive's directory, in its order."""
    problems: tuple[ArchiveProblem, ...] = ()
    """What is wrong with the archive itself, and with members that could not be inflated."""
    members: tuple[Member, ...] = ()
    """The native members, and those whose name says that they should be, in the archive's order."""
    wanted: Wanted | None = None
    """Who is to use the wheel, where the caller says so."""
    provenance: Provenance | None = None
    """What built it; None where that is not known or no known fault of a build tool could show in it."""
    siblings: tuple[Sibling, ...] = ()
    """The other wheels of the same project and version that were given with it."""

    @property
    def targets(self) -> tuple[Target, ...]:
        """What the live tag triples demand."""
        return self.promise.targets
