"""WA010 to WA013 and WA018 on plain values."""

import pytest

from support.rule_cases import ANY, LINUX, MAC
from support.rules import problems, severities
from support.values import entry, wheel
from wheelarch.facts.wheel import Wheel
from wheelarch.metadata.dist_info import DistInfo
from wheelarch.metadata.promise import read_promise
from wheelarch.model import Severity

FOLDER = "pkg-1.0.dist-info"
E, W, N = Severity.ERROR, Severity.WARNING, Severity.NOTE


def info(filename: str = LINUX, **changes: object) -> Wheel:
    """A wheel whose dist-info folder says something else."""
    plain = wheel(filename)
    return plain._replace(dist_info=plain.dist_info._replace(**changes))


HITS: dict[str, list[Wheel]] = {
    "WA010": [
        info(folder="", folders=()),
        info(folder="", folders=("a-1.dist-info", "b-1.dist-info")),
        info(folder="pkg-1.1.dist-info", folders=("pkg-1.1.dist-info",)),
        info(folder="other-1.0.dist-info", folders=("other-1.0.dist-info",)),
        info(folder="Pkg-1.0.0.dist-info", folders=("Pkg-1.0.0.dist-info",)),
    ],
    "WA011": [info(has_wheel=False), info(wheel_problem="WHEEL contains a NUL character")],
    "WA012": [info(wheel_version=version) for version in ("2.0", "1.1", "0.1", "10")],
    "WA013": [
        info(tags=("cp311-cp311-linux_x86_64",)),
        info(tags=()),
        info(tags=("cp311-cp311-manylinux_2_17_x86_64", "cp311-cp311-manylinux_2_28_x86_64")),
        info(ANY, tags=("py2.py3-none-any",)),
        info(ANY, tags=("nonsense",)),
        info(ANY, tags=("-".join([".".join(["a"] * 30)] * 3),)),
        info(build="1"),
        info("pkg-1.0-1-py3-none-any.whl", build="2"),
        info("pkg-1.0-1-py3-none-any.whl", build=""),
        info(tags=("cp311-cp311-manylinux_2_17_aarch64",)),
        info("pkg-1.0-py3-none-win_amd64.whl", tags=("py3-none-any",)),
    ],
    "WA018": [
        info(name="other"),
        info(version="1.0+cu128"),
        info("pkg-1.0+cu128-py3-none-any.whl", version="1.0"),
        info("pkg-1.0+cu128-py3-none-any.whl", version="1.0+cu129"),
        info(version="1.0.post1"),
        info(version="1.0-foo.x"),
        info(name=""),
        info(version=""),
        info(has_metadata=False, metadata_read=False, name="", version=""),
    ],
}

CLEAN: dict[str, list[Wheel]] = {
    "WA010": [
        wheel(LINUX),
        wheel("Foo.Bar-1.0.post1-py3-none-any.whl"),
        wheel("nonsense.whl", dist_info=DistInfo(folder="a-1.dist-info", folders=("a-1.dist-info",))),
        info()._replace(filename=None),
    ],
    "WA011": [wheel(LINUX), info(folder="", folders=())],
    "WA012": [
        wheel(LINUX),
        info(wheel_version="1"),
        info(wheel_version="", wheel_problem="WHEEL has no Wheel-Version"),
    ],
    "WA013": [
        wheel(LINUX),
        wheel(ANY),
        info(ANY, tags=("py3-none-any", "Py2-none-any")),
        wheel("black-22.10.0-1fixedarch-cp38-cp38-macosx_10_16_x86_64.whl"),
        info(has_wheel=False, tags=()),
        wheel("nonsense.whl", dist_info=DistInfo(FOLDER, (FOLDER,), has_wheel=True, tags=("py3-none-any",))),
    ],
    "WA018": [
        wheel(LINUX),
        info(name="PKG", version="1.0.0"),
        info("Foo_.Bar-1.0-py3-none-any.whl", name="foo-bar"),
        info("pkg-1.0rc1-py3-none-any.whl", version="1.0-RC.1"),
        info("pkg-1.0+cu_128-py3-none-any.whl", version="1.0+cu.128"),
        info("pkg-1!1.0-py3-none-any.whl", version="1!1"),
        # the headers could not be read, the folder is missing, or the name is not a wheel name
        info(metadata_read=False, name="", version=""),
        info(folder="", folders=(), has_metadata=False),
        info(name="other")._replace(promise=read_promise("nonsense.whl")),
    ],
}


@pytest.mark.parametrize(
    ("code", "subject", "severity"),
    [
        ("WA010", HITS["WA010"][0], E),
        ("WA010", HITS["WA010"][1], E),
        ("WA010", HITS["WA010"][2], E),
        ("WA010", HITS["WA010"][4], W),
        ("WA012", info(wheel_version="2.0"), E),
        ("WA012", info(wheel_version="1.1"), N),
        ("WA012", info(wheel_version="0.1"), N),
        ("WA013", info(tags=("cp311-cp311-linux_x86_64",)), N),
        ("WA013", info(tags=("cp311-cp311-manylinux_2_28_x86_64",)), W),
        ("WA013", info("pkg-1.0-py3-none-win_amd64.whl", tags=("py3-none-any",)), N),
        ("WA013", info(MAC, tags=("cp311-cp311-macosx_10_9_universal2",)), N),
        (
            "WA013",
            info("pkg-1.0-cp311-cp311-macosx_10_9_universal2.whl", tags=("cp311-cp311-macosx_11_0_arm64",)),
            W,
        ),
        ("WA013", info(tags=("cp311-cp311-linux_x86_64", "cp312-cp312-linux_x86_64")), N),
        ("WA013", info(tags=("cp312-cp312-linux_x86_64",)), W),
        ("WA013", info(tags=()), W),
        ("WA013", info(ANY, tags=("py2.py3-none-any",)), N),
        ("WA013", info("pkg-1.0-1-py3-none-any.whl", build="2"), W),
        ("WA013", info("pkg-1.0-1-py3-none-any.whl", build=""), N),
        ("WA013", info(build="1"), W),
    ],
)
def test_severities(code: str, subject: Wheel, severity: Severity) -> None:
    """How much a problem matters follows from what installers do."""
    assert severities(code, subject) == [severity]


@pytest.mark.parametrize(
    ("code", "subject"), [(code, one) for code in ("WA012", "WA013") for one in HITS[code]]
)
def test_a_problem_of_wheel_names_it(code: str, subject: Wheel) -> None:
    """The member of the problem is the WHEEL file."""
    assert {one.member for one in problems(code, subject)} == {f"{FOLDER}/WHEEL"}


@pytest.mark.parametrize(
    ("code", "subject", "message"),
    [
        ("WA010", HITS["WA010"][0], "the wheel has no .dist-info folder"),
        ("WA010", HITS["WA010"][1], "the wheel has 2 .dist-info folders, but only one is allowed"),
        ("WA010", HITS["WA010"][2], "pkg-1.1.dist-info is for another release than the file name"),
        ("WA010", HITS["WA010"][4], "Pkg-1.0.0.dist-info is not spelled as in the file name"),
        (
            "WA012",
            info(wheel_version="2.0"),
            f"{FOLDER}/WHEEL has Wheel-Version 2.0, which installers refuse",
        ),
        ("WA012", info(wheel_version="1.1"), f"{FOLDER}/WHEEL has Wheel-Version 1.1 instead of 1.0"),
        ("WA013", info(tags=()), "WHEEL has no Tag line"),
        ("WA013", info(ANY, tags=("py2.py3-none-any",)), "WHEEL lists its tags unexpanded"),
        ("WA013", info(ANY, tags=("py2-none-any",)), "WHEEL has other tags than the file name"),
        ("WA013", info(build="1"), "WHEEL has build tag 1, but the file name has none"),
        (
            "WA013",
            info("pkg-1.0-1-py3-none-any.whl", build=""),
            "WHEEL has no build tag, but the file name has build tag 1",
        ),
        (
            "WA013",
            info(tags=("cp311-cp311-linux_x86_64",)),
            "WHEEL has other tags than the file name, but whoever installs the wheel accepts these too",
        ),
        ("WA018", info(version="1.0+cu1"), "METADATA says Version: 1.0+cu1, but the file name says 1.0"),
        ("WA018", info(name="Other"), "METADATA says Name: Other, but the file name says pkg"),
        ("WA018", info(version=""), "METADATA has no Version, but the file name says 1.0"),
        ("WA018", info(has_metadata=False, metadata_read=False), f"{FOLDER}/METADATA is missing"),
    ],
)
def test_messages(code: str, subject: Wheel, message: str) -> None:
    """A message says what is there, and what is expected."""
    assert [one.message for one in problems(code, subject)] == [message]


def test_what_the_user_sees() -> None:
    """The words of pip contain the names of the folders."""
    (one,) = problems("WA010", HITS["WA010"][1])
    assert one.consequence == "pip: multiple .dist-info directories found: a-1.dist-info, b-1.dist-info"


def test_a_wheel_inside_a_wheel_is_recognized() -> None:
    """The message about a wheel that only contains another one says so."""
    entries = (entry("dist/inner-1.0-py3-none-any.whl"),)
    (one,) = problems("WA010", HITS["WA010"][0]._replace(entries=entries))
    assert one.message.endswith("but contains another wheel, dist/inner-1.0-py3-none-any.whl")


def test_many_tags_are_cut() -> None:
    """Evidence shows twenty tags and counts the rest."""
    tags = tuple(f"cp3{number}-none-any" for number in range(30))
    (one,) = problems("WA013", info(ANY, tags=tags))
    assert one.evidence["have"].endswith("and 10 more")
