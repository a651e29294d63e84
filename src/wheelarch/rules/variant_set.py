"""WA606: the variants of a set of wheels, and the file beside them that lists these."""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..facts.wheel_sets import variant_labels
from ..model import Severity
from .rule import Family, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts.wheel import Wheel


__all__ = ["variants_file_mismatch"]


@rule(
    "WA606",
    "variants-file-mismatch",
    Family.SET,
    Severity.NOTE,
    remedies=("write-variants-file",),
    status="preview",
)
def variants_file_mismatch(wheel: Wheel) -> Iterator[Problem]:
    """The variants of a set and the file beside the wheels that lists them do not agree (preview).

    What it does:
        If some wheel of a set has a variant label, looks for `{name}-{version}-variants.json` in the folder of the
        wheels, and compares the labels in it with those in the file names. The first wheel with a label reports.

    Why it is bad:
        Installers read this file to choose a wheel. They do not see a variant that it does not list, and ask for one
        that is not there.

    Example:
        `foo-1.0-cp313-cp313-manylinux_2_28_x86_64-x86_64_v3.whl` beside a `foo-1.0-variants.json` that lists only the
        label `null`.

    How to fix:
        Generate the file from the wheels of the set.

    Known limits:
        PEP 825 is a draft, so this is a note, and may change. The file is looked for beside the first wheel of the set;
        whether it has the same properties as the wheels is not compared.

    References:
        PEP 825 (draft), "Index-level metadata".
    """
    labelled = variant_labels(wheel)
    if not wheel.siblings or not labelled or wheel.filename != min(labelled):
        return
    labels = set(labelled.values())
    project, version, *_ = (wheel.filename or "").split("-")
    file = f"{project}-{version}-variants.json"
    have = wheel.set_variants
    if have is None:
        yield Problem(f"the set has variants, but {file} is not beside its wheels", evidence={"need": file})
        return
    if have.problem:
        yield Problem(f"{file} cannot be read: {have.problem}", evidence={"need": file})
        return
    unlisted, absent = sorted(labels.difference(have.labels)), sorted(set(have.labels) - labels)
    for what, names in (("does not list", unlisted), ("lists, but the set has no wheel for,", absent)):
        if names:
            shown = ", ".join(names[:10])
            yield Problem(f"{file} {what} {shown}", evidence={"labels": shown})
