"""WA101, WA104, WA106: the file name.

`metadata.file_name` takes the name apart; `Wheel.promise` has the parts, or why there are none.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..model import Severity
from .rule import Family, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts.wheel import Wheel


__all__ = ["invalid_file_name", "too_many_tags", "unsorted_tags"]


@rule("WA101", "invalid-file-name", Family.TAGS, Severity.ERROR, remedies=("keep-file-name",))
def invalid_file_name(wheel: Wheel) -> Iterator[Problem]:
    """The file's name is not a wheel name.

    What it does:
        Splits the name by the grammar of the binary distribution format: project, version, an optional build tag,
        and the python, ABI and platform tags.

    Why it is bad:
        Installers and indexes know a wheel by its name alone and refuse every other name.

    Example:
        `foo-1.0-rc1-cp311-cp311-win_amd64.whl`: the dash in the version makes six parts, and `rc1` is not a build
        tag.

    How to fix:
        Give the wheel back the name that its build gave it, or build it again.

    Known limits:
        The other rules use the tags of `--tag`, or those of WHEEL.

    References:
        PEP 427, "File name convention"; packaging.utils.parse_wheel_filename;
        docs/facts/tags-and-installers.md, "Wheel file names".
    """
    if wheel.filename is not None and wheel.promise.name is None:
        yield Problem(
            message=f"{wheel.filename} is not a wheel file name: {wheel.promise.name_problem}",
            evidence={"have": wheel.filename, "need": "NAME-VERSION(-BUILD)-PYTHON-ABI-PLATFORM.whl"},
            consequence=f"ERROR: Invalid wheel filename ({wheel.promise.name_problem}): {wheel.filename!r}",
        )


@rule("WA104", "too-many-tags", Family.TAGS, Severity.ERROR, remedies=("raise-limit",))
def too_many_tags(wheel: Wheel) -> Iterator[Problem]:
    """The tags of the file name expand to more triples than the limit.

    What it does:
        Multiplies the sizes of the three compressed tag sets before it expands them.

    Why it is bad:
        Without tags nothing in the wheel can be judged. An installer that expands them needs memory and time.

    Example:
        A name with 200 python tags and 100 platform tags: 20,000 triples.

    How to fix:
        Name only the Pythons and platforms that the wheel is for.

    Known limits:
        The limit is `Limits.tag_combinations`.

    References:
        PEP 425, "Compressed Tag Sets"; packaging.tags.parse_tag, limit; docs/facts/tags-and-installers.md, "Wheel
        file names".
    """
    if wheel.promise.too_many:
        yield Problem(
            message="the tags expand to more triples than the limit tag_combinations, so none was judged"
        )


@rule("WA106", "unsorted-tags", Family.TAGS, Severity.NOTE)
def unsorted_tags(wheel: Wheel) -> Iterator[Problem]:
    """The tags of a compressed tag set are not sorted.

    What it does:
        Compares the order in the file name with the sorted order.

    Why it is bad:
        PEP 425 wants sorted sets, so that one wheel has one name. Installers and indexes ignore the order.

    Example:
        `manylinux_2_5_i686.manylinux1_i686`, as older versions of auditwheel wrote it.

    How to fix:
        Use a current auditwheel, or rename with `python -m wheel tags`.

    Known limits:
        Only the file name is checked, not the order of the Tag lines in WHEEL.

    References:
        PEP 425, "Compressed Tag Sets"; docs/facts/tags-and-installers.md, "Wheel file names".
    """
    for part in wheel.promise.name.sets if wheel.promise.name else ():
        members = part.split(".")
        if members != sorted(members):
            yield Problem(
                message=f"the compressed tag set {part} is not sorted",
                evidence={"have": part, "need": ".".join(sorted(members))},
            )
