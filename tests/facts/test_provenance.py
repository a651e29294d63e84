"""What built a wheel: read from plain bytes, and from whole wheels."""

import json
import random
from collections.abc import Iterator, Mapping

import pytest

import wheelarch
from support.images import image
from support.wheels import build_wheel
from wheelarch import reading
from wheelarch.container.zip_member import MemberView
from wheelarch.facts import provenance
from wheelarch.metadata.promise import read_promise
from wheelarch.model import Finding
from wheelarch.view import BytesView

ABI3 = "pkg-1.0-cp39-abi3-win_amd64.whl"
SBOM = "pkg-1.0.dist-info/sboms/pkg.cyclonedx.json"
COMMIT = "1159e78c4747b02ef996e55082b704c09b970588"
PANICS = rb"C:\Users\runneradmin\.cargo\registry\src\index.crates.io-1949cf8c6b5b557f\pyo3-0.26.0\src\err\err_state.rs"


def sbom(**versions: str) -> bytes:
    """A list of crates as maturin writes it; `_` in a name means `-`."""
    crates = {name.replace("_", "-"): version for name, version in versions.items()}
    components = [
        {"type": "library", "name": name, "version": version, "purl": f"pkg:cargo/{name}@{version}"}
        for name, version in crates.items()
    ]
    return json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.5", "components": components}).encode()


@pytest.mark.parametrize(
    ("lines", "version"),
    [
        (["maturin (1.9.4)"], "1.9.4"),
        (["bdist_wheel (0.45.1)", "maturin (1.8.0-beta.1)"], "1.8.0-beta.1"),
        (["maturin 1.9.4"], ""),
        (["delocate 0.13.0"], ""),
        (["maturin (not a version)"], ""),
        (["maturin (" + "9" * 1000 + ")"], ""),
        ([], ""),
    ],
)
def test_maturin_signs(lines: list[str], version: str) -> None:
    """The version is in parentheses after the name; any other line is not from maturin."""
    assert provenance.maturin_version(lines) == version


@pytest.mark.parametrize(
    ("data", "version"),
    [
        (sbom(serde="1.0.228", pyo3="0.28.3", pyo3_ffi="0.28.3"), "0.28.3"),
        (sbom(pyo3_ffi="0.29.2"), "0.29.2"),
        (sbom(pyo3="0.28.3", pyo3_ffi="0.9.2"), "0.9.2"),
        (sbom(serde="1.0.228", pyo3_build_config="0.1.0"), ""),
        (sbom(pyo3="not a version"), ""),
        (sbom(pyo3="9" * 5000), ""),
        (
            b'{"components": [null, 1, {"name": ["pyo3"]}, {"name": "pyo3"}, {"name": "pyo3", "version": 1}]}',
            "",
        ),
        (b'{"components": {"name": "pyo3", "version": "0.26.0"}}', ""),
        (b"[" * 100_000, ""),
        (b"[1" + b"0" * 5000 + b"]", ""),
        (sbom(pyo3="0.28.3")[:-10], ""),
        (b"\xff\xfe\x00", ""),
        (b"", ""),
    ],
)
def test_a_list_of_materials(data: bytes, version: str) -> None:
    """The lowest version of PyO3 counts; text that is not such a list gives nothing."""
    assert provenance.read_sbom(data) == version


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (PANICS, ("0.26.0", "")),
        (b"/rustc/" + COMMIT.encode() + b"/library/core/src/fmt.rs\0" + PANICS, ("0.26.0", COMMIT)),
        (b"/pyo3-ffi-0.22.6/src/lib.rs", ("0.22.6", "")),
        (b"/pyo3-0.28.3/src/a.rs /pyo3-0.9.1/src/b.rs /pyo3-0.28.3/src/c.rs", ("0.9.1", "")),
        (b"/pyo3-0.23.0-rc.1/src/lib.rs", ("0.23.0-rc.1", "")),
        (b"pyo3-build-config-0.26.0/src pyo3-0.26/src pyo3-0.26.0", ("", "")),
        (b"", ("", "")),
    ],
)
def test_panic_paths(data: bytes, found: tuple[str, str]) -> None:
    """A path of the crate itself counts, with either slash; shorter and longer names do not."""
    assert provenance.search(BytesView(data)) == found


def test_a_path_across_two_pieces_is_found() -> None:
    """The search reads in pieces and finds a path wherever it is."""
    path = b"/pyo3-ffi-0.26.0/"
    for before in range((1 << 20) - len(path) - 1, (1 << 20) + 2):
        assert provenance.search(BytesView(bytes(before) + path)) == ("0.26.0", "")


def test_the_search_stops_where_it_knows() -> None:
    """The search ends with the piece that names PyO3, and never reads more than a piece at once."""
    reads: list[tuple[int, int]] = []

    class Watched(BytesView):
        def read_upto(self, offset: int, size: int) -> bytes:
            reads.append((offset, size))
            return super().read_upto(offset, size)

    provenance.search(Watched(bytes(3 << 20) + PANICS + bytes(9 << 20)))
    assert reads == [(piece << 20, 1 << 20) for piece in range(4)]


def test_noise_is_no_version() -> None:
    """A binary full of beginnings of paths is searched to its end and gives nothing."""
    assert provenance.search(BytesView(b"pyo3-0.26." * 500_000)) == ("", "")


@pytest.mark.parametrize(
    ("tag", "maturin", "pyo3", "codes"),
    [
        ("cp39-abi3-win_amd64", "1.9.4", "0.26.0", ["WD07"]),
        ("cp39-abi3-win32", "1.8.0", "0.16.4", ["WD07"]),
        ("cp39-abi3-win_amd64", "1.7.8", "0.26.0", []),
        ("cp39-abi3-win_amd64", "1.13.2", "0.26.0", []),
        ("cp39-abi3-win_amd64", "1.13.1", "0.27.0", []),
        ("cp39-abi3-win_amd64", "1.10.0", "", ["WD07"]),
        ("cp312-cp312-win_amd64", "1.9.4", "0.26.0", []),
        ("cp39-abi3-manylinux_2_17_x86_64", "1.9.4", "0.26.0", []),
        ("cp312-cp312-win_arm64", "1.9.4", "0.23.3", []),
        ("cp39-abi3-win_arm64", "1.7.6", "0.23.3", []),
        ("cp39-abi3-win_arm64", "1.9.4", "0.22.6", ["WD07"]),
        ("cp312-cp312-win_amd64", "1.7.7", "0.24.0", ["WD02"]),
        ("cp39-abi3-win_amd64", "1.7.7", "0.24.0", []),
        ("cp313-cp313t-win_amd64", "1.8.0", "0.23.1", ["WD09"]),
        ("pp310-pypy310_pp73-win_amd64", "1.8.0", "0.23.0", ["WD09"]),
        ("cp313-cp313-win_amd64", "1.8.0", "0.23.1", []),
        ("cp313-cp313t-win_amd64", "1.8.0", "0.22.6", []),
        ("cp39-abi3-mingw_x86_64", "1.14.1", "0.29.2", ["WD32"]),
        ("cp39-abi3-mingw_x86_64", "1.15.0", "0.29.2", []),
        ("cp39-abi3-win_amd64", "no version", "0.26.0", []),
        ("cp312-cp312-macosx_11_0_arm64", "1.7.7", "0.24.0", []),
        ("cp313-cp313t-manylinux_2_17_x86_64", "1.8.0", "0.23.1", []),
        ("cp314-cp314t-win_amd64", "1.8.0", "0.23.1", []),
        ("cp312-cp312-mingw_x86_64", "1.14.1", "0.29.2", []),
    ],
)
def test_windows(tag: str, maturin: str, pyo3: str, codes: list[str]) -> None:
    """A pair is a suspect from the first bad release up to the first good one, for the wheels that it concerns."""
    promise = read_promise(f"pkg-1.0-{tag}.whl")
    found = provenance.suspects(maturin, pyo3, promise.targets)
    assert [known.codes[0] for known in found] == codes


def test_what_leaves_no_trace_blames_no_wheel() -> None:
    """The doctor knows the window of a fault that no wheel shows, and no wheel is a suspect for it."""
    assert [str(window) for window in provenance.windows_of("WD01")] == ["pyo3 < 0.23.4"]
    assert "WD01" not in {code for known in provenance.KNOWN_BAD for code in known.codes}
    with pytest.raises(KeyError):
        provenance.windows_of("WD99")


def test_the_lowest_window_is_spelled_out() -> None:
    """A window prints like a requirement."""
    (known,) = provenance.suspects("1.9.4", "0.26.0", read_promise(ABI3).targets)
    assert [str(window) for window in known.windows] == ["maturin >= 1.8.0, < 1.13.2", "pyo3 < 0.27.0"]


# -- whole wheels


def judge(
    members: Mapping[str, bytes], name: str = ABI3, generator: str = "maturin (1.9.4)"
) -> tuple[Finding, ...]:
    return wheelarch.audit(
        build_wheel(name, members, generator=generator), name=name, select=["WA701"]
    ).findings


def test_an_affected_wheel_by_its_list_of_materials() -> None:
    """The binary shows the fault, and the finding says what built it and how that is known."""
    (finding,) = judge({"pkg/ext.pyd": image("win_amd64-python312.pyd"), SBOM: sbom(pyo3="0.26.0")})
    assert (finding.severity, finding.member) == ("note", "pkg/ext.pyd")
    assert finding.message.endswith("; pkg/ext.pyd imports python312.dll: affected")
    assert finding.evidence["pyo3"] == f"0.26.0 ({SBOM})"
    assert "pyo3 >= 0.27" in finding.remedy


def test_a_healthy_wheel_by_its_panic_paths() -> None:
    """The finding about a wheel that is not affected says so; it has no member and no remedy."""
    (finding,) = judge({"pkg/ext.pyd": image("win_amd64-python3.pyd") + PANICS})
    assert (finding.severity, finding.member, finding.remedy) == ("note", None, "")
    assert finding.message.endswith("; pkg/ext.pyd imports python3.dll: not affected")
    assert finding.evidence["pyo3"] == "0.26.0 (panic paths of pkg/ext.pyd)"


def test_a_right_wheel_for_arm_is_not_blamed() -> None:
    """An x64 import library leaves no trace in an ARM64 module, so a release that uses one is not reported."""
    name = "pkg-1.0-cp39-abi3-win_arm64.whl"
    members = {"pkg/ext.pyd": image("win_arm64-python3.pyd"), SBOM: sbom(pyo3="0.22.6")}
    data = build_wheel(name, members, generator="maturin (1.7.6)")
    assert wheelarch.audit(data, name=name).findings == ()


@pytest.fixture
def inflated(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """One item for each member that is searched for panic paths."""
    names: list[str] = []
    search = provenance.search

    def watched(view: MemberView) -> tuple[str, str]:
        names.append("searched")
        return search(view)

    monkeypatch.setattr(reading, "search", watched)
    return names


EXTENSION = {"pkg/ext.pyd": image("win_amd64-python3.pyd") + PANICS}


@pytest.mark.parametrize(
    ("members", "name", "generator", "searches"),
    [
        (EXTENSION, ABI3, "maturin (1.9.4)", 1),
        (EXTENSION, ABI3, "maturin (1.14.1)", 0),
        (EXTENSION, ABI3, "bdist_wheel (0.45.1)", 0),
        (EXTENSION, "pkg-1.0-cp312-cp312-win_amd64.whl", "maturin (1.9.4)", 0),
        ({**EXTENSION, SBOM: sbom(pyo3="0.29.0")}, ABI3, "maturin (1.9.4)", 0),
        ({**EXTENSION, SBOM: b"no list"}, ABI3, "maturin (1.9.4)", 1),
        ({f"pkg/ext{n}.pyd": image("win_amd64-python3.pyd") for n in range(9)}, ABI3, "maturin (1.9.4)", 4),
    ],
)
def test_binaries_are_searched_only_where_it_matters(
    inflated: list[str], members: Mapping[str, bytes], name: str, generator: str, searches: int
) -> None:
    """No binary is inflated to its end for a wheel outside all known windows, or for one with a list of materials."""
    judge(members, name, generator)
    assert len(inflated) == searches


def test_nothing_is_searched_for_rules_that_do_not_run(inflated: list[str]) -> None:
    """Without WA701 the audit does not search for what built the wheel."""
    data = build_wheel(ABI3, EXTENSION, generator="maturin (1.9.4)")
    wheelarch.audit(data, name=ABI3, ignore=["WA701"])
    assert inflated == []


def test_damage_ends_in_silence() -> None:
    """A list or a binary that cannot be inflated gives nothing, and the audit continues."""
    data = build_wheel(ABI3, {**EXTENSION, SBOM: sbom(pyo3="0.26.0")}, generator="maturin (1.9.4)")
    broken = bytearray(data)
    at = data.index(SBOM.encode()) + len(SBOM)
    broken[at : at + 40] = random.Random(0).randbytes(40)
    report = wheelarch.audit(bytes(broken), name=ABI3)
    (finding,) = (finding for finding in report.findings if finding.code == "WA701")
    assert "panic paths" in finding.evidence["pyo3"]
