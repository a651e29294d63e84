"""The parts of a wheel's file name, and the expansion of its compressed tag sets.

`packaging` defines the grammar, but its import takes longer than a small audit. So plain names, which are nearly all,
are parsed here, and `packaging` is imported for the others. A test checks that both agree.
"""

from __future__ import annotations

from itertools import product

from .._lib.typed import TYPE_CHECKING, NamedTuple
from .platform_tags import read_platform

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..limits import Limits


__all__ = ["DIGITS", "LETTERS", "WheelName", "expand_tag", "expand_tag_lines", "read_name"]


class WheelName(NamedTuple):
    """The parts of a wheel's file name."""

    project: str
    """Normalized (PEP 503)."""
    version: str
    """Normalized (PEP 440)."""
    build: str
    """The build tag as written, or empty."""
    triples: tuple[str, ...]
    """The expanded tag triples, `cp311-abi3-win_amd64`, in lower case and sorted."""
    variant: str = ""
    """The variant label of PEP 825 (draft), or empty."""
    sets: tuple[str, ...] = ()
    """The python, ABI and platform parts as written: `("py2.py3", "none", "any")`."""


def read_name(filename: str | None, limits: Limits) -> tuple[WheelName | None, str, bool]:
    """Return the parts of a file name, or the reason why it is not a wheel name, and whether its tags are too many."""
    if filename is None:
        return None, "the wheel has no file name", False
    if filename.endswith(".whlx"):
        return (
            None,
            "a .whlx file is a wheel of a later format (PEP 777, a draft), which no installer knows",
            False,
        )
    head, sets, variant = _cut_name(filename)
    for part in sets:
        if not part.replace(".", "").replace("_", "").isalnum() or not part.isascii():
            # A second download is saved as `... (1).whl`, and packaging reads the rest of such a name as a tag.
            return None, f"{part!r} is not a tag: tags have only letters, digits, underscores and dots", False
    try:
        project, version, build = _read_head(head, filename.endswith(".whl"))
        triples = expand_tag("-".join(sets), limits)
    except ValueError as error:
        return None, _clause(str(error)), False
    return WheelName(project, version, build, triples or (), variant, sets), "", triples is None


DIGITS = "0123456789"
LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz_")
_PLAIN = LETTERS.union(DIGITS)


def _is_word(text: str) -> bool:
    """Whether the text has only letters and digits of ASCII."""
    return text.isascii() and text.isalnum()


def _is_number(text: str) -> bool:
    """Whether the text is a number of at most nine digits, in its shortest spelling."""
    return text.isascii() and text.isdecimal() and len(text) < 10 and (text[0] != "0" or text == "0")


def _is_plain_head(head: str) -> bool:
    """Whether this is `project-version` in normal form, except for upper case and underscores in the project."""
    project, _, version = head.partition("-")
    return all(map(_is_word, project.split("_"))) and all(map(_is_number, version.split(".")))


def _is_plain_tag(parts: Sequence[Sequence[str]]) -> bool:
    """Whether these are the python, ABI and platform tags of a compressed set, all in normal form."""
    return (
        len(parts) == 3
        and all(word and _PLAIN.issuperset(word) for part in parts for word in part)
        and all(word[0].isalpha() and "_" not in word for word in parts[0])
    )


def _read_head(head: str, is_wheel: bool) -> tuple[str, str, str]:
    """Return the normalized project and version, and the build tag as written, of `project-version[-build]`.

    Raises:
        ValueError: The text is not such a name, or the file name does not end in `.whl`.
    """
    if is_wheel and _is_plain_head(head):
        words, _, numbers = head.partition("-")
        return words.lower().replace("_", "-"), numbers, ""
    from packaging.utils import parse_wheel_filename

    # The name gets one simple tag, because parse_wheel_filename does not limit the number of tags.
    project, version, build, _ = parse_wheel_filename(f"{head}-py3-none-any{'.whl' * is_wheel}")
    return project, str(version), head.rpartition("-")[2] if build else ""


def _clause(text: str) -> str:
    """Return a message of packaging without its first words and without the file name at its end."""
    text = text.rpartition(": ")[0] or text
    text = text.removeprefix("Invalid wheel filename (").removesuffix(")")
    return text[:1].lower() + text[1:]


def _cut_name(filename: str) -> tuple[str, tuple[str, ...], str]:
    """Return `project-version[-build]`, the three tag parts, and the variant label of a file name.

    PEP 825 forbids python tags that start with a digit, so a third part with a digit is a build tag. A last part that
    is a platform tag is not a label: such a name has a version with a dash.
    """
    parts = filename.removesuffix(".whl").split("-")
    usual = 6 if len(parts) > 2 and parts[2][:1].isdigit() else 5
    variant = ""
    if len(parts) == usual + 1 and _is_label(parts[-1]):
        variant = parts.pop()
    return "-".join(parts[:-3]), tuple(parts[-3:]), variant


def _is_label(text: str) -> bool:
    """Whether the text is a variant label and not a platform tag."""
    import re

    known = read_platform(text.partition(".")[0]).system != "other"
    return not known and re.fullmatch(r"[0-9a-z_.]+", text) is not None


def expand_tag(tag: str, limits: Limits) -> tuple[str, ...] | None:
    """Return the triples of a tag, sorted, or None if they are too many.

    Raises:
        ValueError: The text is not a tag.
    """
    parts = [part.split(".") for part in tag.split("-")]
    pythons, abis, platforms = parts
    # parse_tag has a limit only from packaging 26.3 on.
    if len(pythons) * len(abis) * len(platforms) > limits.tag_combinations:
        return None
    if _is_plain_tag(parts):
        return tuple(sorted({"-".join(triple) for triple in product(*parts)}))
    from packaging.tags import parse_tag

    return tuple(sorted(str(one) for one in parse_tag(tag)))


def expand_tag_lines(wheel_tags: Sequence[str], limits: Limits) -> tuple[tuple[str, ...], bool]:
    """Return the triples of WHEEL's `Tag` lines, sorted, and whether they are too many."""
    triples: set[str] = set()
    for line in wheel_tags:
        try:
            expanded = expand_tag(line, limits)
        except ValueError:
            continue
        triples.update(expanded or ())
        if expanded is None or len(triples) > limits.tag_combinations:
            return (), True
    return tuple(sorted(triples)), False
