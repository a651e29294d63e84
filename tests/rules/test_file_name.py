"""WA101, WA104 and WA106 on plain values."""

from support.rule_cases import tagged
from support.rules import problems, severities
from support.values import wheel
from wheelarch.facts.wheel import Wheel
from wheelarch.limits import Limits
from wheelarch.metadata.promise import read_promise
from wheelarch.model import Severity


def too_many(filename: str) -> Wheel:
    return wheel(filename)._replace(promise=read_promise(filename, limits=Limits(tag_combinations=3)))


HITS: dict[str, list[Wheel]] = {
    "WA101": [
        wheel("pkg-1.0-rc1-cp311-cp311-win_amd64.whl"),
        wheel("download"),
        wheel("pkg-1.0-py3-none.whl"),
        wheel("pkg__x-1.0-py3-none-any.whl"),
    ],
    "WA104": [too_many("pkg-1.0-py2.py3-none-win32.win_amd64.whl")],
    "WA106": [
        tagged("cp311-cp311-manylinux_2_5_i686.manylinux1_i686"),
        tagged("py3.py2-none-any"),
    ],
}

CLEAN: dict[str, list[Wheel]] = {
    "WA101": [
        tagged("py3-none-any"),
        wheel("black-22.10.0-1fixedarch-cp38-cp38-macosx_10_16_x86_64.whl"),
        wheel("x")._replace(filename=None),
    ],
    "WA104": [tagged("py2.py3-none-any")],
    "WA106": [tagged("py2.py3-none-any"), tagged("cp311-cp311-manylinux2014_x86_64.manylinux_2_17_x86_64")],
}


def test_severity() -> None:
    """A name that is not a wheel name is an error that names no member."""
    assert severities("WA101", HITS["WA101"][0]) == [Severity.ERROR]
    (found,) = problems("WA101", HITS["WA101"][0])
    assert found.member is None
    assert found.message.startswith("pkg-1.0-rc1-cp311-cp311-win_amd64.whl is not a wheel file name: ")


def test_a_later_format_is_named() -> None:
    """A `.whlx` file is not just a bad name: the message says what it is."""
    (problem,) = problems("WA101", wheel("pkg-1.0-py3-none-any.whlx"))
    assert "a .whlx file is a wheel of a later format (PEP 777, a draft)" in problem.message
