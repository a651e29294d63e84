"""WA019 to WA021: variant.json, bills of materials and signatures in the `*.dist-info` folder."""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..model import Severity
from .rule import Family, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts.wheel import Wheel
    from ..metadata.documents import Variant


__all__ = ["broken_bill", "record_signature", "variant_mismatch"]


@rule(
    "WA019",
    "variant-mismatch",
    Family.METADATA,
    Severity.NOTE,
    remedies=("rebuild-variant",),
    status="preview",
)
def variant_mismatch(wheel: Wheel) -> Iterator[Problem]:
    """The variant label in the file name and variant.json do not agree (preview).

    What it does:
        Compares the label with the labels in `*.dist-info/variant.json`: a wheel with a label has that file, and the
        file describes that label and no other; a wheel without a label has no such file. The label `null` has no
        properties.

    Why it is bad:
        Installers that know variants read the properties of a wheel from this file, and refuse a wheel without it.

    Example:
        `foo-1.0-cp313-cp313-manylinux_2_28_x86_64-x86_64_v3.whl` whose variant.json describes `x86_64_v4`.

    How to fix:
        Build the variant again with a build backend that knows variants.

    Known limits:
        PEP 825 is a draft, so this is a note, and may change. Whether the properties are true is not judged.

    References:
        PEP 825 (draft), "Variant label" and "Variant metadata".
    """
    name, info = wheel.promise.name, wheel.dist_info
    if name is None or not info.folder:
        return
    path = f"{info.folder}/variant.json"
    have = info.variant
    if have is None:
        if name.variant:
            yield Problem(
                f"the file name has variant label {name.variant}, but {path} is missing",
                evidence={"have": "none", "need": path},
            )
        return
    if what := _variant_fault(have, name.variant):
        yield Problem(
            f"{path}: {what}",
            path,
            evidence={"have": ", ".join(have.labels[:10]) or "none", "need": name.variant or "none"},
        )


def _variant_fault(have: Variant, label: str) -> str:
    """Return how variant.json contradicts the label of the file name, as a clause, or nothing."""
    listed = ", ".join(have.labels[:10]) or "no variant"
    if not label:
        return f"it describes {listed}, but the file name has no variant label"
    if have.problem:
        return have.problem
    if have.labels != (label,):
        return f"it describes {listed}, but the file name has variant label {label}"
    if label == "null" and have.properties:
        return f"label null has no properties, but it lists {have.properties}"
    return ""


@rule("WA020", "broken-bill", Family.METADATA, Severity.NOTE, remedies=("rebuild-bill",))
def broken_bill(wheel: Wheel) -> Iterator[Problem]:
    """A software bill of materials in the wheel cannot be read as what its name says.

    What it does:
        Parses the first eight files under `*.dist-info/sboms/`: `.json` as JSON, `.xml` as XML. A `.cdx.json` or
        `.cyclonedx.json` has the field bomFormat, a `.spdx.json` spdxVersion or `@context`.

    Why it is bad:
        Scanners skip the document, so what the wheel bundles is not known to them.

    Example:
        `foo-1.0.dist-info/sboms/auditwheel.cdx.json` that was cut off.

    How to fix:
        Let the tool that writes the document write it again, after the last change of the wheel.

    Known limits:
        Documents of more than 1 MiB, and those with other names, are not judged. Neither is what a document says.

    References:
        PEP 770; CycloneDX 1.6 JSON reference, bomFormat; SPDX 2.3, clause 6.1.
    """
    for path, problem in wheel.dist_info.bad_bills:
        yield Problem(f"{path} is not the bill of materials that its name says: {problem}", path)


@rule("WA021", "record-signature", Family.METADATA, Severity.NOTE, remedies=("leave-out-signature",))
def record_signature(wheel: Wheel) -> Iterator[Problem]:
    """The wheel has a signature that no installer checks: RECORD.jws or RECORD.p7s.

    What it does:
        Looks for the two files in the `*.dist-info` folder.

    Why it is bad:
        It promises a security that it does not give. PEP 815 takes both files out of the format.

    Example:
        `foo-1.0.dist-info/RECORD.jws`, as old releases of wheel wrote it.

    How to fix:
        Leave the file out, and publish attestations on the index instead.

    Known limits:
        The signature is not checked.

    References:
        PEP 815; PEP 740; Binary distribution format (packaging.python.org), "Signed wheel files".
    """
    for path in wheel.dist_info.signatures:
        yield Problem(f"{path} is a signature that no installer checks", path)
