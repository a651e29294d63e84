"""WA0xx on plain values."""

import pytest

from support.values import elf, entry, macho, member, pe, wheel
from wheelarch.container.zip_layout import ArchiveProblem, Entry
from wheelarch.facts.wheel import Wheel
from wheelarch.metadata.dist_info import DistInfo
from wheelarch.model import Role, Severity
from wheelarch.rules import RULES as ALL_RULES
from wheelarch.rules.member_names import unsafe_member_name
from wheelarch.rules.rule import Problem

WIN = "pkg-1.0-cp311-cp311-win_amd64.whl"
MAC = "pkg-1.0-cp311-cp311-macosx_11_0_arm64.whl"
LINUX = "pkg-1.0-cp311-cp311-manylinux_2_17_x86_64.whl"
ANY = "pkg-1.0-py2.py3-none-any.whl"
FOLDER = "pkg-1.0.dist-info"
EXT = "pkg/_core.abi3.so"
SHA = "n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg"
"""Of `test`, as RECORD writes it."""

RULES = {rule.code: rule for rule in ALL_RULES if rule.code.startswith("WA0")}


def problem(kind: str, name: str | None = None) -> ArchiveProblem:
    return ArchiveProblem(kind, name, f"something {kind}", {"have": "1"})


def told(kind: str, name: str | None = None, filename: str = LINUX) -> Wheel:
    return wheel(filename, problems=[problem(kind, name)])


def named(*names: str, filename: str = WIN) -> Wheel:
    return wheel(filename, entries=[entry(name) for name in names])


def info(filename: str = LINUX, **changes: object) -> Wheel:
    plain = wheel(filename)
    return plain._replace(dist_info=plain.dist_info._replace(**changes))


def recorded(row: str | None, sha256: str | None = SHA, size: int = 4) -> Wheel:
    made = wheel(LINUX, member(EXT, elf(), size=size, sha256=sha256))
    record = {} if row is None else {EXT: row}
    return made._replace(dist_info=made.dist_info._replace(record=record))


def script(
    filename: str, mode: int | None, *images: object, path: str = "pkg-1.0.data/scripts/tool"
) -> Wheel:
    return wheel(filename, member(path, *images, role=Role.SCRIPT, mode=mode))  # type: ignore[arg-type]  # images


def pure(filename: str, path: str, role: Role, *images: object) -> Wheel:
    made = wheel(filename, member(path, *images, role=role))  # type: ignore[arg-type]  # images
    return made._replace(dist_info=made.dist_info._replace(root_is_purelib=True))


HITS: dict[str, list[Wheel]] = {
    "WA001": [told("unreadable")],
    "WA002": [told("ambiguous"), told("ambiguous", EXT)],
    "WA003": [
        told("duplicate", EXT),
        told("overlap", EXT),
        named("pkg/A.py", "pkg/a.py"),
        named("pkg/A.py", "pkg/a.py", filename=MAC),
        named("pkg/A.py", "pkg/a.py", filename=ANY),
        named("pkg/\u00e4.py", "pkg/a\u0308.py", filename=MAC),
    ],
    "WA004": [told("encrypted", EXT)],
    "WA005": [told("method", EXT), told("zstandard", EXT)],
    "WA006": [
        told("unsafe-name", "../x"),
        *(
            named(name)
            for name in ("a/aux.py", "NUL", "a/Com1", "lpt9.txt.gz", "a./b", "a ", "b.", "a:b", "a/what?")
        ),
        named("con/a.py", filename=ANY),
    ],
    "WA007": [told("limit"), told("limit", EXT), told("limit", "data.bin")],
    "WA008": [told("corrupt", EXT)],
    "WA009": [told("unusual"), told("unusual", EXT), told("comment")],
    "WA010": [
        info(folder="", folders=()),
        info(folder="", folders=("a-1.dist-info", "b-1.dist-info")),
        info(folder="pkg-1.1.dist-info", folders=("pkg-1.1.dist-info",)),
        info(folder="other-1.0.dist-info", folders=("other-1.0.dist-info",)),
        info(folder="Pkg-1.0.0.dist-info", folders=("Pkg-1.0.0.dist-info",)),
    ],
    "WA011": [info(has_wheel=False), info(wheel_problem="WHEEL holds a NUL character")],
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
    ],
    "WA014": [pure(LINUX, EXT, Role.EXTENSION, elf()), pure(ANY, "pkg/x.dll", Role.LIBRARY, pe())],
    "WA015": [
        recorded(None),
        recorded(",5"),
        recorded("sha256=" + "A" * 43 + ",4"),
        recorded("sha256=" + "0" * 64 + ",4"),
        info(record=None, record_problem="there is no RECORD"),
    ],
    "WA016": [told("special", "pkg/libx.so")],
    "WA017": [
        script(LINUX, 0o100644, elf()),
        script(LINUX, 0o755, elf()),
        script(MAC, None, macho()),
        script(ANY, 0o100644, macho()),
    ],
}

OTHER_KINDS = (
    "unreadable",
    "ambiguous",
    "duplicate",
    "encrypted",
    "method",
    "unsafe-name",
    "limit",
    "corrupt",
)


def others(*kinds: str) -> Wheel:
    """A wheel with every problem but these."""
    rest = [kind for kind in (*OTHER_KINDS, "unusual", "special") if kind not in kinds]
    return wheel(LINUX, problems=[problem(kind, EXT) for kind in rest])


CLEAN: dict[str, list[Wheel]] = {
    "WA001": [others("unreadable"), wheel(LINUX)],
    "WA002": [others("ambiguous")],
    "WA003": [
        others("duplicate"),
        named("pkg/A.py", "pkg/a.py", filename=LINUX),
        named("pkg/a.py", "pkg/b.py", "pkg/\u00e4.py"),
        told("duplicate", EXT)._replace(problems=(), entries=(entry("x"), entry("x"))),
    ],
    "WA004": [others("encrypted")],
    "WA005": [others("method")],
    "WA006": [
        others("unsafe-name"),
        named("pkg/auxiliary.py", "pkg/console/null.py", "pkg/.hidden", "pkg/a.b", "com10"),
        named("pkg/aux.py", "pkg/a:b", "x.", filename=LINUX),
    ],
    "WA007": [others("limit")],
    "WA008": [others("corrupt")],
    "WA009": [others("unusual")],
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
    "WA014": [
        wheel(LINUX, member(EXT, elf())),
        pure(LINUX, f"pkg-1.0.data/platlib/{EXT}", Role.EXTENSION, elf()),
        pure(ANY, "pkg/t64.exe", Role.EXECUTABLE, pe()),
        pure(ANY, "pkg/fake.so", Role.EXTENSION),
    ],
    "WA015": [
        recorded(f"sha256={SHA},4"),
        recorded(f"sha256={SHA}=,4"),
        recorded("sha256=9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08,4"),
        recorded("sha512=other,"),
        recorded("sha256=other,4", sha256=None),
        info(folder="", folders=(), record=None),
    ],
    "WA016": [others("special")],
    "WA017": [
        script(LINUX, 0o100755, elf()),
        script(WIN, None, pe()),
        script(ANY, None, pe()),
        script(LINUX, 0o100644),
        wheel(LINUX, member("pkg/tool", elf(), role=Role.EXECUTABLE, mode=0o100644)),
    ],
}


def problems(code: str, judged: Wheel) -> list[Problem]:
    return list(RULES[code].check(judged))


def severities(code: str, judged: Wheel) -> set[Severity]:
    return {one.severity or RULES[code].severity for one in problems(code, judged)}


def test_every_rule_is_here() -> None:
    """Both tables have every rule of the family, and the family has every code."""
    assert set(RULES) == set(HITS) == set(CLEAN) == {f"WA{number:03}" for number in range(1, 18)}


@pytest.mark.parametrize(("code", "judged"), [(code, one) for code, hits in HITS.items() for one in hits])
def test_hits(code: str, judged: Wheel) -> None:
    """Each bad wheel is told, in one sentence without a full stop."""
    found = problems(code, judged)
    assert found
    for one in found:
        assert one.message
        assert not one.message.endswith(".")
        assert all(isinstance(value, str) for value in one.evidence.values())


@pytest.mark.parametrize(("code", "judged"), [(code, one) for code, clean in CLEAN.items() for one in clean])
def test_clean(code: str, judged: Wheel) -> None:
    """Each good wheel passes, and so does a wheel that is bad in another way."""
    assert problems(code, judged) == []


E, W, N = Severity.ERROR, Severity.WARNING, Severity.NOTE


@pytest.mark.parametrize(
    ("code", "judged", "severity"),
    [
        ("WA003", told("duplicate", EXT), E),
        ("WA003", named("a", "A"), W),
        ("WA005", told("method", EXT), E),
        ("WA005", told("zstandard", EXT), W),
        ("WA006", told("unsafe-name", "../x"), E),
        ("WA006", named("aux"), W),
        ("WA007", told("limit"), E),
        ("WA007", told("limit", EXT), E),
        ("WA007", told("limit", "data.bin"), W),
        ("WA007", wheel(LINUX, member("a.so", elf()), problems=[problem("limit", "a.so")]), E),
        (
            "WA007",
            wheel(
                LINUX,
                member("a.so", elf(), role=Role.TEST_DATA),
                member("b.so", elf()),
                problems=[problem("limit", "a.so")],
            ),
            W,
        ),
        (
            "WA007",
            wheel(LINUX, member("tool", elf(), role=Role.EXECUTABLE), problems=[problem("limit", "tool")]),
            E,
        ),
        ("WA009", told("unusual"), W),
        ("WA009", told("comment"), N),
        ("WA010", HITS["WA010"][0], E),
        ("WA010", HITS["WA010"][2], E),
        ("WA010", HITS["WA010"][4], W),
        ("WA012", info(wheel_version="2.0"), E),
        ("WA012", info(wheel_version="1.1"), N),
        ("WA012", info(wheel_version="0.1"), N),
        ("WA013", info(tags=("cp311-cp311-linux_x86_64",)), W),
        ("WA013", info(tags=()), W),
        ("WA013", info(ANY, tags=("py2.py3-none-any",)), N),
        ("WA013", info("pkg-1.0-1-py3-none-any.whl", build="2"), W),
        ("WA013", info("pkg-1.0-1-py3-none-any.whl", build=""), N),
        ("WA013", info(build="1"), W),
    ],
)
def test_severities(code: str, judged: Wheel, severity: Severity) -> None:
    """How much a problem matters follows what depends on it."""
    assert severities(code, judged) == {severity}


def test_metadata_problems_name_their_file() -> None:
    """A problem of WHEEL is one of that member."""
    for code in ("WA012", "WA013", "WA014"):
        for judged in HITS[code]:
            assert {one.member for one in problems(code, judged)} == {f"{FOLDER}/WHEEL"}


def test_what_the_user_sees() -> None:
    """The words of the installer are filled in."""
    (one,) = problems("WA004", told("encrypted", EXT))
    assert one.consequence == f"RuntimeError: File '{EXT}' is encrypted, password required for extraction"
    (one,) = problems("WA010", HITS["WA010"][1])
    assert one.consequence == "pip: multiple .dist-info directories found: a-1.dist-info, b-1.dist-info"


def test_a_wheel_inside_a_wheel_is_recognised() -> None:
    """A wheel that only holds another one is told so."""
    entries: tuple[Entry, ...] = (entry("dist/inner-1.0-py3-none-any.whl"),)
    (one,) = problems("WA010", HITS["WA010"][0]._replace(entries=entries))
    assert "another wheel inside: dist/inner-1.0-py3-none-any.whl" in one.message


def test_many_tags_are_cut() -> None:
    """Evidence shows twenty tags and counts the rest."""
    tags = tuple(f"cp3{number}-none-any" for number in range(30))
    (one,) = problems("WA013", info(ANY, tags=tags))
    assert one.evidence["have"].endswith("and 10 more")


def test_odd_names_are_found_among_many() -> None:
    """Names are searched many at once, and each that Windows refuses is named all the same."""
    odd = {250: "pkg/aux.py", 256: "pkg/a:b", 999: "con"}
    names = [odd.get(number, f"pkg/console{number}/a.py") for number in range(1000)]
    found = [one.member for one in unsafe_member_name.check(named(*names))]
    assert found == [odd[250], odd[256], odd[999]]
