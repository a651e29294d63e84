"""Every bound of `Limits` can be set, is hit by a file, and is named by the finding."""

import gzip
import importlib.util
import io
import struct
import tarfile
import zipfile
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import wheelarch
from support.images import image
from support.program import run
from support.wheels import build_wheel
from wheelarch import Depth, Limits, WheelReport
from wheelarch.container.zip_directory import read_directory
from wheelarch.container.zip_member import Budget, MemberView, read_heads
from wheelarch.limits import DEFAULT
from wheelarch.sources.local import BytesSource

PE = ("pkg-1.0-cp311-abi3-win_amd64.whl", "pkg/ext.pyd", "win_amd64-python3.pyd")
MACHO = (
    "pkg-1.0-cp311-cp311-macosx_11_0_universal2.whl",
    "pkg/ext.cpython-311-darwin.so",
    "macos-universal2.so",
)
ELF = (
    "pkg-1.0-cp311-cp311-manylinux2014_x86_64.manylinux_2_17_x86_64.whl",
    "pkg/ext.cpython-311-x86_64-linux-gnu.so",
    "linux-x86_64-v3.so",
)
WASM = (
    "pkg-1.0-cp313-cp313-pyodide_2025_0_wasm32.whl",
    "pkg/ext.cpython-313-wasm32-emscripten.so",
    "emscripten-wasm32.so",
)
WRONG = (PE[0], PE[1], "win_arm64-python3.pyd")
SDIST = "pkg-1.0.tar.gz"


class Hit(NamedTuple):
    """A file, and the bounds with which it must have a finding."""

    name: str
    data: bytes
    bounds: dict[str, int]
    """The bound that is hit comes first."""
    code: str


def hit(kind: tuple[str, str, str], code: str, **bounds: int) -> Hit:
    name, member, binary = kind
    return Hit(name, build_wheel(name, {member: image(binary)}), bounds, code)


def far_apart() -> bytes:
    """A Mach-O file whose symbols are so far after their names that the window no longer has the names.

    loader.h: LC_SYMTAB is 2; symoff, nsyms, stroff and strsize follow cmd and cmdsize; an nlist_64 has 16 bytes.
    """
    binary = image("macos-x86_64-11.0.so")
    at = 32
    while int.from_bytes(binary[at : at + 4], "little") != 2:
        at += int.from_bytes(binary[at + 4 : at + 8], "little")
    symbols, count, strings, size = struct.unpack_from("<4I", binary, at + 8)
    far = bytearray(26 << 20)
    far[: len(binary)] = binary
    far[25 << 20 : (25 << 20) + 16 * count] = binary[symbols : symbols + 16 * count]
    far[6 << 20 : (6 << 20) + size] = binary[strings : strings + size]
    struct.pack_into("<4I", far, at + 8, 25 << 20, count, 6 << 20, size)
    return bytes(far)


def commented() -> bytes:
    """A wheel in which two members have a comment."""
    stream = io.BytesIO(build_wheel(PE[0], {PE[1]: image(PE[2])}))
    with zipfile.ZipFile(stream, "a") as archive:
        for name in ("a.txt", "b.txt"):
            info = zipfile.ZipInfo(name)
            info.comment = b"?"
            archive.writestr(info, b"")
    return stream.getvalue()


def sdist(code: str, *, name: str = "pkg-1.0/pkg/ext.so", times: int = 1, **bounds: int) -> Hit:
    """A source distribution that contains a binary, in `times` gzip members."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as archive:
        info = tarfile.TarInfo(name)
        info.size = len(image(MACHO[2]))
        archive.addfile(info, io.BytesIO(image(MACHO[2])))
    data = stream.getvalue()
    step = -(-len(data) // times)
    parts = [gzip.compress(data[at : at + step], mtime=0) for at in range(0, len(data), step)]
    return Hit(SDIST, b"".join(parts), bounds, code)


HITS = {
    "entries": [hit(PE, "WA007", entries=2), sdist("WA007", entries=0)],
    "name_bytes": [hit(PE, "WA007", name_bytes=5), sdist("WA007", name_bytes=5)],
    "member_bytes": [hit(PE, "WA007", member_bytes=1000)],
    "wheel_bytes": [hit(PE, "WA007", wheel_bytes=1500), sdist("WA007", wheel_bytes=1000)],
    "ratio": [
        hit(PE, "WA007", ratio=1, ratio_from_bytes=1000),
        sdist("WA007", ratio=1, ratio_from_bytes=1000),
    ],
    "ratio_from_bytes": [hit(PE, "WA007", ratio_from_bytes=1000, ratio=1)],
    "rewinds": [Hit(MACHO[0], build_wheel(MACHO[0], {MACHO[1]: far_apart()}), {"rewinds": 0}, "WA903")],
    "wheel_metadata_bytes": [hit(PE, "WA011", wheel_metadata_bytes=10)],
    "problems": [Hit(PE[0], commented(), {"problems": 1}, "WA007")],
    "metadata_bytes": [
        hit(PE, "WA015", metadata_bytes=10),
        hit(PE, "WA007", metadata_bytes=10),
        sdist("WA007", name=f"pkg-1.0/{'long/' * 60}ext.so", metadata_bytes=10),
    ],
    "tag_combinations": [hit(ELF, "WA104", tag_combinations=1)],
    "gzip_members": [sdist("WA007", times=3, gzip_members=2)],
    "sdist_file_bytes": [sdist("WA903", sdist_file_bytes=16_384)],
    "fat_slices": [hit(MACHO, "WA903", fat_slices=1)],
    "load_commands": [hit(MACHO, "WA903", load_commands=2)],
    "load_command_bytes": [hit(MACHO, "WA903", load_command_bytes=64)],
    "trie_nodes": [hit(MACHO, "WA903", trie_nodes=1)],
    "trie_depth": [hit(MACHO, "WA903", trie_depth=0)],
    "sections": [hit(PE, "WA903", sections=1), hit(WASM, "WA903", sections=1)],
    "imported_libraries": [hit(PE, "WA903", imported_libraries=0)],
    "thunks_per_library": [hit(PE, "WA903", thunks_per_library=1)],
    "thunks": [hit(PE, "WA903", thunks=1), hit(WASM, "WA903", thunks=0)],
    "exports": [hit(one, "WA903", exports=0) for one in (PE, MACHO, WASM)],
    "program_headers": [hit(ELF, "WA903", program_headers=1)],
    "dynamic_entries": [hit(ELF, "WA903", dynamic_entries=3)],
    "version_needs": [
        hit((ELF[0], ELF[1], "linux-x86_64-glibc.so"), "WA903", version_needs=0),
    ],
    "note_bytes": [hit(ELF, "WA903", note_bytes=20)],
    "symbols": [hit(ELF, "WA903", symbols=1), hit(MACHO, "WA903", symbols=1)],
    "binary_name_bytes": [hit(one, "WA903", binary_name_bytes=3) for one in (ELF, MACHO, PE, WASM)],
    "symbol_bytes": [hit(one, "WA903", symbol_bytes=3) for one in (ELF, MACHO, PE)],
    "member_tags": [
        Hit(
            ELF[0],
            build_wheel(ELF[0], dict.fromkeys((ELF[1], "b.so"), image(ELF[2]))),
            {"member_tags": 2},
            "WA007",
        )
    ],
    "findings": [Hit(WRONG[0], build_wheel(PE[0], {WRONG[1]: image(WRONG[2])}), {"findings": 1}, "WA007")],
    "native_members": [hit(PE, "WA007", native_members=0)],
    "directory_bytes": [hit(PE, "WA007", directory_bytes=100)],
    "table_bytes": [
        hit(PE, "WA903", table_bytes=500),
        hit((ELF[0], ELF[1], "linux-x86_64-glibc.so"), "WA903", table_bytes=600),
    ],
    "opinion_bytes": [hit(WRONG, "WA201", opinion_bytes=100)],
    "opinion_members": [hit(WRONG, "WA201", opinion_members=0)],
    "opinion_seconds": [hit(WRONG, "WA201", opinion_seconds=0)],
    "opinion_wheel_seconds": [hit(WRONG, "WA201", opinion_wheel_seconds=-1)],
}


def judge(case: Hit, limits: Limits) -> WheelReport:
    opinion = "errors" if case.code == "WA201" else "off"
    (report,) = wheelarch.audit(
        case.data, name=case.name, limits=limits, depth=Depth.SYMBOLS, second_opinion=opinion
    )
    return report


def told(report: WheelReport, name: str) -> set[str]:
    """The codes of the findings that name the bound."""
    return {
        finding.code
        for finding in report.findings
        if any(f"limit {name}" in text for text in (finding.message, *finding.evidence.values()))
    }


def test_every_bound_has_a_file_that_hits_it() -> None:
    """Every bound has a test."""
    assert set(HITS) == set(Limits._fields)


@pytest.mark.parametrize("name", Limits._fields)
def test_a_bound_that_is_hit_is_a_finding_that_names_it(name: str) -> None:
    """The finding says which bound to raise. With the defaults, no finding names a bound."""
    for case in HITS[name]:
        assert next(iter(case.bounds)) == name
        assert case.code in told(judge(case, Limits(**case.bounds)), name)
        assert told(judge(case, Limits()), "") == set()


def test_what_a_bound_leaves_unsaid_fails_the_gate() -> None:
    """Thousands of notes must not push an error of the same rule out of the report."""
    (case,) = HITS["findings"]
    report = judge(case, Limits(**case.bounds))
    assert {finding.severity.value for finding in report.findings if finding.code == "WA007"} == {"error"}


def test_the_budget_counts_what_is_inflated_and_not_what_is_claimed() -> None:
    """The first bytes of every member count, whole members count, and bytes that are inflated again count again."""
    name, member, binary = PE
    data = build_wheel(name, {member: image(binary), "far.so": far_apart()})
    source = BytesSource(data)
    entries = read_directory(source).entries
    budget = Budget()
    start = budget.left
    assert all(problem is None for _, _, problem in read_heads(source, entries, 64, DEFAULT, budget))
    assert start - budget.left == sum(min(64, entry.size) for entry in entries)

    by_name = {entry.name: entry for entry in entries}
    start = budget.left
    MemberView(source, by_name[member], DEFAULT, budget).finish()
    assert start - budget.left == by_name[member].size

    start = budget.left
    view = MemberView(source, by_name["far.so"], DEFAULT, budget)
    view.read(25 << 20, 16)
    view.read(5 << 20, 16)
    assert 30 << 20 < start - budget.left < 31 << 20


def test_heads_stop_where_the_budget_ends() -> None:
    """A member beyond the budget has a problem that names the bound, whether its header is plain or not."""
    data = build_wheel(PE[0], {PE[1]: image(PE[2])})
    limits = Limits(wheel_bytes=64)
    source = BytesSource(data)
    first, *others = read_heads(source, read_directory(source).entries, 64, limits)
    assert first[2] is None
    for _, head, problem in others:
        assert problem is not None
        assert (head, problem.kind) == (b"", "limit")
        assert "wheel_bytes=64" in problem.what


GIVEN: dict[str, tuple[str, str]] = {
    "name": ("member_bites=1", "unknown limit 'member_bites' (did you mean 'member_bytes'?)"),
    "nothing": ("", "unknown limit ''; expected one of "),
    "value": ("member_bytes=lots", "member_bytes must be a whole number"),
    "negative": ("member_bytes=-1", "member_bytes must be a whole number"),
    "no value": ("member_bytes", "member_bytes must be a whole number"),
    "suffix alone": ("member_bytes=K", "member_bytes must be a whole number"),
    "too many digits": (f"member_bytes={'9' * 40}", "member_bytes must be a whole number"),
}


@pytest.mark.parametrize("case", GIVEN)
def test_a_wrong_limit_is_the_users_mistake(case: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The message helps: the nearest name, or what a value looks like; the exit code is 2."""
    from wheelarch.cli import main

    text, message = GIVEN[case]
    assert main(["audit", "nothing.whl", "--limit", text]) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("bounds", "hits"),
    [
        (["member_bytes=1K"], {"WA007"}),
        (["member_bytes=1k", "entries=5"], {"WA007"}),
        (["member_bytes=1", "member_bytes=1M"], set()),
        (["member_bytes=1G"], set()),
    ],
)
def test_limits_on_the_command_line(bounds: list[str], hits: set[str], tmp_path: Path) -> None:
    """`--limit` accepts K, M and G as powers of 1,024. The last one of a name counts. `show` accepts it, too."""
    name, member, binary = PE
    wheel = tmp_path / name
    wheel.write_bytes(build_wheel(name, {member: image(binary)}))
    options: list[Any] = [word for bound in bounds for word in ("--limit", bound)]
    done = run("audit", str(wheel), *options, "--select", "WA007")
    assert done.returncode == bool(hits)
    assert ("the limit member_bytes=1024" in done.stdout) == bool(hits)
    assert run("show", str(wheel), *options).returncode == 0


def test_the_page_about_limits_is_fresh() -> None:
    """docs/limits.md says what the docstrings say, and names every bound."""
    path = Path(__file__).resolve().parents[1] / "docs" / "build_limits_page.py"
    spec = importlib.util.spec_from_file_location("build_limits_page", path)
    assert spec is not None
    assert spec.loader is not None
    builder = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(builder)
    assert builder.PAGE.read_text(encoding="utf-8") == builder.page()
    assert [name for group in builder.rows().values() for name in group] == list(Limits._fields)
