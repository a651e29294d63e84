"""WA701 on plain values."""

import pytest

from support.values import elf, member, pe, wheel
from wheelarch.facts.provenance import Provenance
from wheelarch.facts.wheel import Wheel
from wheelarch.model import Depth, Machine, Member, Role, Severity
from wheelarch.rules import known_bad_toolchain as provenance
from wheelarch.rules.rule import Problem

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
        built("cp39-abi3-win_arm64", ("1.7.6", "0.23.3"), pyd("python3.dll", machine=ARM64)),
        built("cp312-cp312-win_arm64", ("1.9.4", "0.22.6"), pyd("python312.dll", machine=ARM64)),
    ],
}


def problems(subject: Wheel) -> list[Problem]:
    return list(provenance.known_bad_toolchain.check(subject))


@pytest.mark.parametrize("subject", HITS["WA701"])
def test_hits(subject: Wheel) -> None:
    """A suspect is named, affected or not."""
    assert problems(subject)


@pytest.mark.parametrize("subject", CLEAN["WA701"])
def test_clean(subject: Wheel) -> None:
    """Nothing is said outside the windows, nor where the module, or the version of PyO3 that counts, is not known."""
    assert problems(subject) == []


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
    """The message says what was found, and whether that is what the fault leaves behind."""
    found = problems(subject)
    assert len(found) == len(verdicts)
    assert all(problem.message.endswith(verdict) for problem, verdict in zip(found, verdicts, strict=True))


def test_only_the_affected_are_to_mend() -> None:
    """The affected module is named, with the triples and a remedy; a healthy wheel has none of these."""
    (hit,) = problems(built("cp39-abi3-win_amd64", BAD, pyd("python39.dll")))
    assert (hit.member, hit.tags, hit.remedies) == ("pkg/_core.pyd", ("cp39-abi3-win_amd64",), ("R14",))
    (healthy,) = problems(built("cp39-abi3-win_amd64", BAD, pyd("python3.dll")))
    assert (healthy.member, healthy.tags, healthy.remedies) == (None, (), ())
    assert provenance.known_bad_toolchain.severity is Severity.NOTE


def test_how_it_was_seen() -> None:
    """The evidence names each version with its source, the window, and the compiler where it was seen."""
    subject = built("cp39-abi3-win_amd64", BAD, pyd("python3.dll"))
    assert subject.provenance is not None
    (problem,) = problems(subject._replace(provenance=subject.provenance._replace(rustc="1159e78c")))
    assert problem.evidence == {
        "maturin": "1.9.4 (WHEEL)",
        "pyo3": "0.26.0 (panic paths of pkg/_core.pyd)",
        "window": "maturin >= 1.8.0, < 1.13.2; pyo3 < 0.27.0",
        "rustc": "1159e78c",
    }
    assert problem.message.startswith("built by maturin 1.9.4 with pyo3 0.26.0, as in WD07 and WD08 (")


def test_maturin_alone_may_decide() -> None:
    """Where no version of PyO3 counts and none is known, none is named."""
    (problem,) = problems(HITS["WA701"][-1])
    assert problem.message.startswith("built by maturin 1.7.7, as in WD02 (")
    assert problem.evidence == {"maturin": "1.7.7 (WHEEL)", "window": "maturin >= 1.7.7, < 1.7.8"}
