"""WA019 to WA021 on plain values."""

import pytest

from support.rule_cases import LINUX
from support.rules import problems
from support.values import wheel
from wheelarch.facts.wheel import Wheel
from wheelarch.metadata.documents import Variant

FOLDER = "pkg-1.0.dist-info"
LABELED = LINUX.replace(".whl", "-x86_64_v3.whl")
NULL = LINUX.replace(".whl", "-null.whl")
V3 = Variant("", ("x86_64_v3",), 1, 3)


def info(filename: str, **changes: object) -> Wheel:
    """A wheel whose dist-info folder has something more."""
    plain = wheel(filename)
    return plain._replace(dist_info=plain.dist_info._replace(**changes))


HITS: dict[str, list[Wheel]] = {
    "WA019": [
        info(LABELED),
        info(LABELED, variant=Variant("it is not JSON: x")),
        info(LABELED, variant=V3._replace(labels=("x86_64_v4",))),
        info(LABELED, variant=V3._replace(labels=("x86_64_v3", "x86_64_v4"))),
        info(LINUX, variant=V3),
        info(NULL, variant=V3._replace(labels=("null",))),
    ],
    "WA020": [info(LINUX, bad_bills=((f"{FOLDER}/sboms/a.cdx.json", "it is not JSON: x"),))],
    "WA021": [info(LINUX, signatures=(f"{FOLDER}/RECORD.jws",))],
}
CLEAN: dict[str, list[Wheel]] = {
    "WA019": [
        wheel(LINUX),
        info(LABELED, variant=V3),
        info(NULL, variant=Variant("", ("null",))),
        wheel("nonsense.whl"),
    ],
    "WA020": [wheel(LINUX)],
    "WA021": [wheel(LINUX)],
}


@pytest.mark.parametrize(
    ("subject", "message"),
    [
        (info(LABELED), f"the file name has variant label x86_64_v3, but {FOLDER}/variant.json is missing"),
        (
            info(LINUX, variant=V3),
            f"{FOLDER}/variant.json: it describes x86_64_v3, but the file name has no variant label",
        ),
        (
            info(NULL, variant=V3._replace(labels=("null",))),
            f"{FOLDER}/variant.json: label null has no properties, but it lists 1",
        ),
    ],
)
def test_messages(subject: Wheel, message: str) -> None:
    """A message says what the name has, and what the file has."""
    assert [one.message for one in problems("WA019", subject)] == [message]
