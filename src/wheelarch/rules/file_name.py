"""WA101, WA104, WA106: the file name."""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..model import Severity
from .rule import Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts.wheel import Wheel


__all__ = ["invalid_file_name", "too_many_tags", "unsorted_tags"]


@rule("WA101", "invalid-file-name", Severity.ERROR, ("R37",))
def invalid_file_name(wheel: Wheel) -> Iterator[Problem]:
    """The file's name is no wheel name.

    What it does:
        Takes the name apart by the grammar of the binary distribution format: project, version, an optional
        build tag, and the python, ABI and platform tags.

    Why it is bad:
        Installers and indexes know a wheel by its name alone and refuse every other name.

    Example:
        `foo-1.0-rc1-cp311-cp311-win_amd64.whl`: the dash in the version makes six parts, and `rc1` is no
        build tag.

    How to fix:
        Give the wheel back the name that its build gave it, or build it anew.

    Known limits:
        The audit goes on with the tags of WHEEL, or with those of `--tag`.

    References:
        Binary distribution format (PEP 427), file name convention; packaging.utils.parse_wheel_filename.
    """
    if wheel.filename is not None and wheel.promise.name is None:
        yield Problem(
            message=f"{wheel.filename} is no wheel file name: {wheel.promise.name_problem}",
            evidence={"have": wheel.filename, "need": "NAME-VERSION(-BUILD)-PYTHON-ABI-PLATFORM.whl"},
            consequence=f"ERROR: Invalid wheel filename ({wheel.promise.name_problem}): {wheel.filename!r}",
        )


@rule("WA104", "too-many-tags", Severity.ERROR, ("R28",))
def too_many_tags(wheel: Wheel) -> Iterator[Problem]:
    """The compressed tag sets multiply to more tags than we expand.

    What it does:
        Multiplies the sizes of the three sets before it expands them.

    Why it is bad:
        Without tags nothing of the wheel can be judged, and an installer that expands them spends memory and
        time.

    Example:
        A name with 200 python tags and 100 platform tags: 20,000 combinations.

    How to fix:
        Name only the Pythons and platforms that the wheel is for.

    Known limits:
        The bound is `Limits.tag_combinations`.

    References:
        PEP 425, compressed tag sets; packaging.tags.parse_tag, limit.
    """
    if wheel.promise.too_many:
        yield Problem(
            message="the compressed tag sets multiply to more than the limit tag_combinations; no tag was judged"
        )


@rule("WA106", "unsorted-tags", Severity.NOTE)
def unsorted_tags(wheel: Wheel) -> Iterator[Problem]:
    """The members of a compressed tag set are not sorted.

    What it does:
        Compares the order in the file name with the sorted one.

    Why it is bad:
        PEP 425 asks for sorted sets, so that one wheel has one name. Installers and indexes do not care.

    Example:
        `manylinux_2_5_i686.manylinux1_i686`, as older versions of auditwheel wrote it.

    How to fix:
        Use a current auditwheel, or rename with `python -m wheel tags`.

    Known limits:
        Only the file name is looked at.

    References:
        PEP 425, compressed tag sets.
    """
    for part in wheel.promise.name.sets if wheel.promise.name else ():
        members = part.split(".")
        if members != sorted(members):
            yield Problem(
                message=f"the compressed tag set {part} is not sorted",
                evidence={"have": part, "need": ".".join(sorted(members))},
            )
