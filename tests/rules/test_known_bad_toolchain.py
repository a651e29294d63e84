"""WA701 on plain values."""

import pytest

from support.rules import problems, severities
from support.values import elf, member, pe, wheel
from wheelarch.facts.provenance import Provenance
from wheelarch.facts.wheel import Wheel
from wheelarch.model import Depth, Machine, Member, Role, Severity

ARM64, X86_64 = Machine.ARM64, Machine.X86_64
BAD = ("1.9.4", "0.26.0")


def pyd(*dlls: str, machine: Machine = X86_64, path: str = "pkg/_core.pyd", **more: object) -> Member:
    return member(path, pe(machine, "KERNEL32.dll", *dlls, hooks=("PyInit__core",), **more))


def built(tag: str, by: tuple[str, str], *members: Member) -> Wheel:
    made = Provenance(*by, "panic paths of pkg/_core.pyd")
    return wheel(f"pkg-1.0-{tag}.whl", *members)._replace(provenance=made)


HITS: dict[str, list[Wheel]] = {
    "WA701": [
        built("cp39-abi3-win_amd64", BAD, pyd("python39.dll")),
        built("cp39-abi3-win_amd64", BAD, pyd("python39.dll", depth=Depth.LINKAGE)),
        built("cp311-abi3-win_amd64", BAD, pyd("python3.dll")),
        built("cp39-abi3-win_arm64", ("1.9.4", "0.22.6"), pyd("python3.dll", machine=ARM64)),
        built("cp312-cp312-win_amd64", ("1.7.7", "0.22.6"), pyd("python312.dll", machine=ARM64)),
        built("cp313-cp313t-win_amd64", ("1.8.0", "0.23.1"), pyd("python3.dll")),
        built("cp39-abi3-mingw_x86_64", ("1.14.1", "0.29.2"), pyd("python3.dll")),
        built("cp312-cp312-win_amd64", ("1.7.7", ""), pyd("python312.dll")),
    ],
}

CLEAN: dict[str, list[Wheel]] = {
    "WA701": [
        wheel("pkg-1.0-cp39-abi3-win_amd64.whl", pyd("python39.dll"), generator="maturin (1.9.4)"),
        built("cp39-abi3-win_amd64", ("1.9.4", ""), pyd("python39.dll")),
        built("cp39-abi3-win_amd64", ("1.9.4", "0.27.0"), pyd("python39.dll")),
        built("cp39-abi3-win_amd64", ("1.13.2", "0.26.0"), pyd("python39.dll")),
        built("cp312-cp312-win_amd64", BAD, pyd("python312.dll")),
        built("cp39-abi3-manylinux_2_17_x86_64", BAD, member("pkg/_core.abi3.so", elf())),
        built("cp39-abi3-win_amd64", BAD, member("pkg/tool.exe", pe(), role=Role.EXECUTABLE)),
        built("cp39-abi3-win_amd64", BAD, pyd(depth=Depth.HEADER)),
        built(
            "cp39-abi3-win_amd64", BAD, member("pkg/_core.pyd", elf(Machine.X86_64, "libpython3.9.so.1.0"))
        ),
        built("cp39-abi3-win_arm64", ("1.7.6", "0.23.3"), pyd("python3.dll", machine=ARM64)),
        built("cp312-cp312-win_arm64", ("1.9.4", "0.22.6"), pyd("python312.dll", machine=ARM64)),
    ],
}


@pytest.mark.parametrize(
    ("subject", "verdicts"),
    [
        (built("cp39-abi3-win_amd64", BAD, pyd("python39.dll")), ["imports python39.dll: affected"]),
        (
            built("cp39-abi3-win_amd64", BAD, pyd("python3.dll", "python39.dll")),
            ["imports python39.dll: affected"],
        ),
        (built("cp39-abi3-win_amd64", BAD, pyd("PYTHON3.DLL")), ["imports python3.dll: not affected"]),
        (built("cp39-abi3-win_amd64", BAD, pyd()), ["imports no Python DLL: not affected"]),
        (
            built("cp39-abi3-win_amd64", BAD, pyd("python3.dll"), pyd("python3.dll", path="pkg/_b.pyd")),
            ["imports python3.dll, and 1 more like it: not affected"],
        ),
        (
            built("cp39-abi3-win_amd64", BAD, pyd("python3.dll"), pyd("python39.dll", path="pkg/_b.pyd")),
            ["pkg/_b.pyd imports python39.dll: affected"],
        ),
        (
            built("cp39-abi3-win_arm64", ("1.9.4", "0.22.6"), pyd("python39.dll", machine=ARM64)),
            ["imports python39.dll: affected"],
        ),
        (
            built("cp312-cp312-win_amd64", ("1.7.7", "0.22.6"), pyd("python312.dll", machine=ARM64)),
            ["is arm64: affected"],
        ),
        (
            built("cp312-cp312-win_amd64", ("1.7.7", ""), pyd("python312.dll", machine=ARM64)),
            ["is arm64: affected"],
        ),
        (
            built("pp310-pypy310_pp73-win_amd64", ("1.8.0", "0.23.1"), pyd("libpypy3.10-c.dll")),
            ["imports libpypy3.10-c.dll: not affected"],
        ),
        (
            built("cp313-cp313t-win_amd64", ("1.8.0", "0.23.1"), pyd("python313t.dll")),
            ["imports python313t.dll: not affected"],
        ),
    ],
)
def test_verdicts(subject: Wheel, verdicts: list[str]) -> None:
    """The message says what was found, and whether the fault leaves that behind; whichever it is, it is a note."""
    found = problems("WA701", subject)
    assert len(found) == len(verdicts)
    assert severities("WA701", subject) == [Severity.NOTE] * len(verdicts)
    assert all(problem.message.endswith(verdict) for problem, verdict in zip(found, verdicts, strict=True))


@pytest.mark.parametrize(
    ("subject", "remedies"),
    [
        (built("cp39-abi3-win_amd64", BAD, pyd("python39.dll")), ("upgrade-maturin-or-pyo3",)),
        (
            built("cp312-cp312-win_amd64", ("1.7.7", "0.22.6"), pyd("python312.dll", machine=ARM64)),
            ("upgrade-maturin",),
        ),
        (built("cp313-cp313t-win_amd64", ("1.8.0", "0.23.1"), pyd("python3.dll")), ("upgrade-pyo3",)),
        (
            built("cp39-abi3-mingw_x86_64", ("1.14.1", "0.29.2"), pyd("python3.dll")),
            ("upgrade-maturin-for-mingw",),
        ),
    ],
)
def test_an_affected_module_has_a_remedy(subject: Wheel, remedies: tuple[str, ...]) -> None:
    """The affected module is named, with the triples and what to upgrade."""
    (hit,) = problems("WA701", subject)
    assert (hit.member, hit.tags, hit.remedies) == ("pkg/_core.pyd", subject.promise.triples, remedies)


def test_a_wheel_that_is_not_affected_has_no_remedy() -> None:
    """There is no member to blame, no tag to change and nothing to do."""
    (healthy,) = problems("WA701", built("cp39-abi3-win_amd64", BAD, pyd("python3.dll")))
    assert (healthy.member, healthy.tags, healthy.remedies) == (None, (), ())


def test_only_the_tags_that_are_concerned_are_named() -> None:
    """A wheel for several platforms has the fault only where the known releases have it."""
    subject = built("cp39-abi3-manylinux_2_17_x86_64.win_amd64", BAD, pyd("python39.dll"))
    (hit,) = problems("WA701", subject)
    assert hit.tags == ("cp39-abi3-win_amd64",)


def test_each_affected_module_is_a_problem() -> None:
    """Two affected modules make two problems; a module beside them that is not affected makes none."""
    modules = [
        pyd("python39.dll"),
        pyd("python3.dll", path="pkg/_a.pyd"),
        pyd("python39.dll", path="pkg/_b.pyd"),
    ]
    found = problems("WA701", built("cp39-abi3-win_amd64", BAD, *modules))
    assert [one.member for one in found] == ["pkg/_core.pyd", "pkg/_b.pyd"]


def test_how_it_was_seen() -> None:
    """The evidence has each version with its source, the window, and the compiler if it is known."""
    subject = built("cp39-abi3-win_amd64", BAD, pyd("python3.dll"))
    assert subject.provenance is not None
    (problem,) = problems("WA701", subject._replace(provenance=subject.provenance._replace(rustc="1159e78c")))
    assert problem.evidence == {
        "maturin": "1.9.4 (WHEEL)",
        "pyo3": "0.26.0 (panic paths of pkg/_core.pyd)",
        "window": "maturin >= 1.8.0, < 1.13.2; pyo3 < 0.27.0",
        "rustc": "1159e78c",
    }
    assert problem.message.startswith("built by maturin 1.9.4 with pyo3 0.26.0 (see WD07, WD08: ")


def test_maturin_alone_may_decide() -> None:
    """If the version of PyO3 does not count and is not known, it is not named."""
    (problem,) = problems("WA701", HITS["WA701"][-1])
    assert problem.message.startswith("built by maturin 1.7.7 (see WD02: ")
    assert problem.evidence == {"maturin": "1.7.7 (WHEEL)", "window": "maturin >= 1.7.7, < 1.7.8"}
