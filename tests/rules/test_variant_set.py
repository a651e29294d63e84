"""WA606: the variants of a set, and the file that lists them."""

from pathlib import Path

import pytest

import wheelarch
from support.rules import problems
from support.values import wheel
from support.wheels import build_wheel
from wheelarch.facts.wheel import Sibling, Wheel
from wheelarch.metadata.documents import Variant

V3 = "pkg-1.0-cp313-cp313-manylinux_2_28_x86_64-x86_64_v3.whl"
NULL = "pkg-1.0-cp313-cp313-manylinux_2_28_x86_64-null.whl"
PLAIN = "pkg-1.0-cp313-cp313-manylinux_2_28_x86_64.whl"


def in_set(name: str, *others: str, variants: Variant | None = None) -> Wheel:
    """A wheel of a set with these other wheels, and what the file beside them says."""
    siblings = tuple(Sibling(other, (), (), True) for other in others)
    return wheel(name)._replace(siblings=siblings, set_variants=variants)


HITS: dict[str, list[Wheel]] = {
    "WA606": [
        in_set(V3, PLAIN),
        in_set(V3, PLAIN, variants=Variant("it is not JSON")),
        in_set(NULL, V3, variants=Variant("", ("null",))),
        in_set(V3, PLAIN, variants=Variant("", ("x86_64_v3", "x86_64_v4"))),
    ]
}
CLEAN: dict[str, list[Wheel]] = {
    "WA606": [
        in_set(V3, NULL, PLAIN),
        in_set(PLAIN, V3),
        in_set(PLAIN, PLAIN.replace("cp313", "cp312")),
        wheel(V3),
        in_set(NULL, V3, variants=Variant("", ("null", "x86_64_v3"))),
    ]
}


@pytest.mark.parametrize(
    ("subject", "message"),
    [
        (HITS["WA606"][0], "the set has variants, but pkg-1.0-variants.json is not beside its wheels"),
        (HITS["WA606"][2], "pkg-1.0-variants.json does not list x86_64_v3"),
        (HITS["WA606"][3], "pkg-1.0-variants.json lists, but the set has no wheel for, x86_64_v4"),
    ],
)
def test_texts(subject: Wheel, message: str) -> None:
    """What is missing is named, and where."""
    assert [problem.message for problem in problems("WA606", subject)] == [message]


def test_the_file_is_read_beside_the_wheels(tmp_path: Path) -> None:
    """It is looked for in the folder of the wheels."""
    for name in (V3, PLAIN):
        (tmp_path / name).write_bytes(build_wheel(PLAIN, {}))
    paths = [tmp_path / V3, tmp_path / PLAIN]

    def found() -> list[str]:
        report = wheelarch.audit(paths, select=["WA606"])
        return [finding.message for one in report for finding in one.findings]

    assert len(found()) == 1
    listing = tmp_path / "pkg-1.0-variants.json"
    listing.write_text('{"variants": {"x86_64_v3": {"x86_64": {"level": ["v3"]}}}}', encoding="utf-8")
    assert found() == []
    listing.write_text("{", encoding="utf-8")
    assert found()[0].startswith("pkg-1.0-variants.json cannot be read")
