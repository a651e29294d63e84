"""The per-wheel object: everything that the rules may look at."""

from __future__ import annotations

from functools import wraps

from .._lib.typed import TYPE_CHECKING, NamedTuple, cast
from ..loading.graph import links

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar, TypeVarTuple

    from ..container.zip_layout import ArchiveProblem, Entry
    from ..loading.graph import Edge
    from ..metadata.dist_info import DistInfo
    from ..metadata.documents import Variant
    from ..metadata.promise import Promise, Target
    from ..model import Member, Role
    from .flat_lookups import FlatLookups
    from .provenance import Provenance
    from .python_code import PythonCode

    Parts = TypeVarTuple("Parts")
    Answer = TypeVar("Answer")


__all__ = ["NativeFile", "Sibling", "Wanted", "Wheel", "per_wheel"]


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
    ok_with_gil: bool = True
    """The same, apart from errors that only free-threaded Pythons meet."""


class Wheel:
    """Everything that the rules may look at.

    A wheel is not changed once it is made, so what is worked out of it once (`per_wheel`, `edges`) is kept with it and
    goes when the wheel goes.
    """

    __slots__ = (
        "_edges",
        "_known",
        "code",
        "dist_info",
        "entries",
        "filename",
        "flat_lookups",
        "guesses",
        "members",
        "problems",
        "promise",
        "provenance",
        "set_variants",
        "siblings",
        "wanted",
    )

    def __init__(
        self,
        filename: str | None,
        promise: Promise,
        dist_info: DistInfo,
        entries: tuple[Entry, ...] = (),
        problems: tuple[ArchiveProblem, ...] = (),
        members: tuple[Member, ...] = (),
        wanted: Wanted | None = None,
        provenance: Provenance | None = None,
        siblings: tuple[Sibling, ...] = (),
        guesses: tuple[Role, ...] | None = None,
        edges: tuple[Edge, ...] | None = None,
        flat_lookups: FlatLookups | None = None,
        set_variants: Variant | None = None,
        code: PythonCode | None = None,
    ) -> None:
        """Make the wheel.

        Args:
            filename: The last component of the input's name; None for nameless bytes.
            promise: What the tags promise.
            dist_info: What the `*.dist-info` folder says; its fields are empty if it is missing.
            entries: Every record of the archive's directory, in its order.
            problems: What is wrong with the archive itself, and with members that could not be inflated.
            members: The native members, and those whose name says that they should be, in the archive's order.
            wanted: Who will use the wheel, if the caller says so.
            provenance: What built it; None if that is not known or no known fault of a build tool could show in it.
            siblings: The other wheels of the same project and version that were given with it.
            guesses: The roles of the members by their names and headers alone; None if `members` have these.
            edges: What each member needs and which member answers; None to work it out when it is first asked for.
            flat_lookups: Which members export the names of `flat_lookups.asked_names`; None if there are no such names.
            set_variants: What the variants.json beside the wheels of the set says (PEP 825, a draft); None if there is
                none, or if the wheel is not judged in a set.
            code: What the Python files say about odd extension modules; None if they were not searched, because the
                wheel has no such module.
        """
        self.filename = filename
        self.promise = promise
        self.dist_info = dist_info
        self.entries = entries
        self.problems = problems
        self.members = members
        self.wanted = wanted
        self.provenance = provenance
        self.siblings = siblings
        self.guesses = tuple(member.role for member in members) if guesses is None else guesses
        self.flat_lookups = flat_lookups
        self.set_variants = set_variants
        self.code = code
        self._edges = edges
        self._known: dict[tuple[object, ...], Any] = {}

    def _replace(self, **changes: Any) -> Wheel:
        """Return a wheel with other values for some fields, which knows nothing yet; edges stay with the members."""
        fields = {name: getattr(self, name) for name in self.__slots__ if not name.startswith("_")}
        if "members" not in changes:
            changes.setdefault("edges", self._edges)
        elif "guesses" not in changes:
            changes["guesses"] = None
        return Wheel(**{**fields, **changes})

    def __getstate__(self) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in self.__slots__ if not name.startswith("_"))

    def __setstate__(self, state: tuple[object, ...]) -> None:
        for name, value in zip((name for name in self.__slots__ if name[0] != "_"), state, strict=True):
            setattr(self, name, value)
        self._edges = None
        self._known = {}

    @property
    def targets(self) -> tuple[Target, ...]:
        """What the live tag triples demand."""
        return self.promise.targets

    @property
    def musl(self) -> bool:
        """Whether all Linux tags are for musl, so that musl loads a file that does not show its C library."""
        libcs = {target.libc for target in self.targets if target.system == "linux"}
        return libcs == {"musl"}

    @property
    def edges(self) -> tuple[Edge, ...]:
        """What every image of every member needs, in the order of members, slices and names."""
        if self._edges is None:
            self._edges = links(self.members, self.musl)
        return self._edges


def per_wheel(function: Callable[[Wheel, *Parts], Answer]) -> Callable[[Wheel, *Parts], Answer]:
    """Return the function, made to keep its answers with the wheel: rule after rule asks the same of one wheel.

    Args:
        function: Takes a wheel and parts of it (members, images), and depends on nothing else. Parts are told apart
            by identity. Nobody may change the answer.
    """

    @wraps(function)
    def ask(wheel: Wheel, *parts: *Parts) -> Answer:
        known = wheel._known  # noqa: SLF001 - the one place where answers are kept
        key = (function, *map(id, parts))
        if key not in known:
            # The parts are kept too: an identity is good only as long as its object lives.
            known[key] = parts, function(wheel, *parts)
        return cast("Answer", known[key][1])

    return ask
