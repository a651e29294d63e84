"""What the loads of a wheel lack: one `Lack` for each library, or for each distribution or software that brings some.

A hundred modules that need one library lack one thing, and so does a module that needs ten libraries of Qt.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING, NamedTuple
from ..loading.simulate import Answer
from ..loading.words import missing_library
from ..model import Fact, Format, Role
from .libc import libc_of
from .loads import loading_targets, loads
from .wheel import per_wheel

if TYPE_CHECKING:
    from ..loading.simulate import Load, Step
    from ..model import Image, Member
    from .wheel import Wheel

__all__ = ["Lack", "lacks"]

_TOGETHER = (Answer.DISTRIBUTION, Answer.SOFTWARE, Answer.RUNTIME)
"""Answers that stand for many libraries at once."""

_PLUGIN_FOLDERS = frozenset(
    {"plugin", "plugins", "addons", "drivers", "sqldrivers", "platforms", "imageformats"}
)
"""Folders of libraries that a program opens if it can, and does without if not: plugins of Qt, OpenCL, databases."""

_SHOWN = 3
"""How many names a message lists."""


class Lack(NamedTuple):
    """Something that loads need, and that neither the wheel nor the systems of its tags have."""

    answer: Answer
    by: str
    """As `Step.by`."""
    names: tuple[str, ...]
    """The libraries, as the files spell them."""
    steps: tuple[tuple[Load, Step], ...]
    """Each need, with the load that meets it; those that matter most first."""
    triples: tuple[str, ...]

    @property
    def load(self) -> Load:
        """The load that a finding is about."""
        return self.steps[0][0]

    @property
    def step(self) -> Step:
        """The need that a finding is about."""
        return self.steps[0][1]

    @property
    def member(self) -> Member:
        """The file that a finding is about: it needs the library."""
        return self.step.loader

    @property
    def image(self) -> Image:
        """The slice that a finding is about."""
        return self.step.image

    @property
    def slice(self) -> str | None:
        """The architecture of the slice, or None for a thin file."""
        return self.image.arch if len(self.member.images) > 1 else None

    @property
    def who(self) -> str:
        """Who needs it, for messages: `pkg/a.so and 3 more files`."""
        first = f"the {self.slice} slice of {self.member.path}" if self.slice else self.member.path
        others = len({step.loader.path for _, step in self.steps}) - 1
        return (
            f"{first} and {others} more {'files need' if others > 1 else 'file need'}"
            if others
            else f"{first} needs"
        )

    @property
    def what(self) -> str:
        """What is needed, for messages: `a.dll, b.dll and 7 more`."""
        more = len(self.names) - _SHOWN
        shown = ", ".join(name.rpartition("/")[2] for name in self.names[:_SHOWN])
        return f"{shown} and {more} more" if more > 0 else shown

    @property
    def claims(self) -> tuple[tuple[Fact, str], ...]:
        """The names that the file of the finding needs itself."""
        own = dict.fromkeys(
            step.name for _, step in self.steps if step.loader is self.member and step.image is self.image
        )
        return tuple((Fact.LIBRARIES, name) for name in own)

    @property
    def is_format(self) -> Format:
        """The format of the files that need it."""
        return self.image.format


def words(wheel: Wheel, lack: Lack) -> str:
    """Return what users see where the library is missing."""
    libcs = [target.libc for target in loading_targets(wheel, lack.image)]
    libc = libc_of(lack.image) or (libcs[0] if libcs else "")
    return missing_library(lack.step, lack.load.root, libc)


@per_wheel
def lacks(wheel: Wheel) -> tuple[Lack, ...]:
    """Return what the loads of a wheel lack, in the order of the loads that meet it first."""
    groups: dict[tuple[object, ...], list[tuple[Load, Step]]] = {}
    for load in loads(wheel):
        for step in load.steps:
            if step.answer is Answer.UNKNOWN and is_plugin(load.root):
                continue
            what = step.by if step.answer in _TOGETHER else _name(step)
            groups.setdefault((step.image.format, step.answer, what), []).append((load, step))
    return tuple(_lack(wheel, steps) for steps in groups.values())


def _name(step: Step) -> str:
    return step.name.lower() if step.image.format is Format.PE else step.name


def _lack(wheel: Wheel, steps: list[tuple[Load, Step]]) -> Lack:
    steps.sort(key=lambda pair: not is_needed(wheel, pair[0].root))
    names = {_name(step): step.name for _, step in reversed(steps)}
    triples = tuple(dict.fromkeys(triple for _, step in steps for triple in step.triples))
    first = steps[0][1]
    return Lack(first.answer, first.by, tuple(reversed(names.values())), tuple(steps), triples)


def is_plugin(root: Member) -> bool:
    """Whether a library is in a folder of plugins: what opens it does without it."""
    folders = root.path.lower().split("/")[:-1]
    return root.role in (Role.LIBRARY, Role.DEPENDENCY) and not _PLUGIN_FOLDERS.isdisjoint(folders)


def is_needed(wheel: Wheel, root: Member) -> bool:
    """Whether users of the wheel load a root: an extension module, a script, or what a wheel without modules is for.

    Beside extension modules, a library that no file needs and a helper program may serve something that few use.
    """
    if root.role in (Role.EXTENSION, Role.SCRIPT):
        return True
    return not _has_modules(wheel) and not is_plugin(root)


@per_wheel
def _has_modules(wheel: Wheel) -> bool:
    # A module that another name loads by its path (torchcodec's) has a hook, but not the role.
    return any(
        member.role is Role.EXTENSION or any(image.hooks for image in member.images)
        for member in wheel.members
    )
