"""Archives that readers read differently: the audit judges what an installer installs, or refuses the archive.

Each wheel below is tagged for x64 Windows and holds, in one way or another, an x64 and an ARM64 binary. pip, and uv
where it is at hand, really install it; the machine of each native file that lands on disk is then compared with the
machine that the audit reports for that file.
"""

import importlib.util
import json
import struct
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

import wheelarch
from support.archives import (
    Part,
    deflate,
    end_record,
    extra,
    lay,
    pack,
    part,
    unicode_path,
    zip64_locator,
    zip64_record,
)
from support.images import image
from wheelarch.errors import FormatError

X64, ARM64 = image("win_amd64-python3.pyd"), image("win_arm64-python3.pyd")
NAME = "pkg-1.0-cp311-abi3-win_amd64.whl"
FILE = "pkg/ext.pyd"
INFO = "pkg-1.0.dist-info"
UTF8 = 0x0800
DESCRIPTOR = 0x0008
WHEEL = b"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: false\nTag: cp311-abi3-win_amd64\n"
METADATA = b"Metadata-Version: 2.1\nName: pkg\nVersion: 1.0\n"

Installed = dict[str, str]
"""Machines by path."""


def binary(data: bytes, name: str | bytes = FILE, **more: object) -> Part:
    return part(name, data, **more)  # type: ignore[arg-type]  # fields of Part


def rest(*names: str) -> tuple[Part, ...]:
    """The metadata files of a wheel. RECORD has no hashes, so installers do not compare any."""
    record = "".join(
        f"{name},,\n" for name in (*names, *(f"{INFO}/{one}" for one in ("WHEEL", "METADATA", "RECORD")))
    )
    return (
        part(f"{INFO}/WHEEL", WHEEL),
        part(f"{INFO}/METADATA", METADATA),
        part(f"{INFO}/RECORD", record.encode()),
    )


def wheel(*parts: Part, names: tuple[str, ...] = (FILE,), **more: object) -> bytes:
    return pack(*parts, *rest(*names), **more)  # type: ignore[arg-type]  # fields of the end record


def two_archives(first: bytes, second: bytes) -> bytes:
    """One whole wheel after another; the offsets of the second count from its own start."""
    return first + second


def second_end_in_comment() -> bytes:
    """The comment of an x64 wheel contains the directory and the end record of an ARM64 wheel."""
    arm = lay(binary(ARM64), *rest(FILE))
    shift = len(lay(binary(X64), *rest(FILE)).data) + 22
    inner = lay(binary(ARM64), *rest(FILE), before=bytes(shift)).data[shift:]
    comment = inner + end_record(arm.count, arm.size, shift + arm.offset)
    return wheel(binary(X64), comment=comment)


def zip64_elsewhere() -> bytes:
    """The ZIP64 end record points to the ARM64 directory before it, the short one to an earlier x64 directory."""
    x64 = lay(binary(X64), *rest(FILE))
    both = lay(binary(ARM64), *rest(FILE), before=x64.data)
    record = zip64_record(both.count, both.size, both.offset)
    return both.data + record + zip64_locator(len(both.data)) + end_record(x64.count, x64.size, x64.offset)


def zip64_unlocated() -> bytes:
    """A ZIP64 end record for an ARM64 directory is before the short one, and no locator points to it."""
    arm = lay(binary(ARM64), *rest(FILE))
    both = lay(binary(X64), *rest(FILE), before=arm.data)
    return (
        both.data
        + zip64_record(arm.count, arm.size, arm.offset)
        + end_record(both.count, both.size, both.offset)
    )


def zip64_locator_elsewhere() -> bytes:
    """The locator points to the ZIP64 record of the ARM64 directory, but another record is directly before it."""
    arm = lay(binary(ARM64), *rest(FILE))
    start = arm.data + zip64_record(arm.count, arm.size, arm.offset)
    both = lay(binary(X64), *rest(FILE), before=start)
    tail = zip64_record(both.count, both.size, both.offset) + zip64_locator(len(arm.data))
    return both.data + tail + end_record(0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF)


def zip64_sizes() -> bytes:
    """The ZIP64 field has other sizes than the header, which are not sentinels."""
    field = extra(1, struct.pack("<QQ", 10, 10))
    return wheel(binary(X64, extra=field))


def zip64_offset() -> bytes:
    """The ZIP64 field points to the ARM64 member, whose own entry is missing. Part of the header is a sentinel."""
    arm = binary(ARM64)
    start = arm.local_header() + arm.body
    field = extra(1, struct.pack("<Q", 0))
    return wheel(binary(X64, extra=field, offset=len(start), local={"extra": b""}), before=start)


def hidden_in_a_stored_member() -> bytes:
    """A stored member whose local header does not give its length contains the local header of another member."""
    inner = binary(ARM64)
    data = b"import this\n" + inner.local_header() + inner.body
    outer = part(
        "pkg/data.bin",
        data,
        method=0,
        flags=DESCRIPTOR,
        local={"crc": 0, "compressed": 0, "size": 0},
    )
    told = b"PK\7\x08" + struct.pack("<III", outer.crc, len(data), len(data))
    return wheel(outer._replace(descriptor=told), binary(X64), names=("pkg/data.bin", FILE))


def lying_descriptor() -> bytes:
    """The data descriptor says the sizes of the ARM64 binary."""
    one = binary(X64, flags=DESCRIPTOR, local={"crc": 0, "compressed": 0, "size": 0})
    told = b"PK\7\x08" + struct.pack("<III", one.crc ^ 1, len(deflate(ARM64)), len(ARM64))
    return wheel(one._replace(descriptor=told))


def same_bytes() -> bytes:
    """Two names for one member."""
    one = binary(X64)
    return wheel(one, part("pkg/other.pyd", X64, offset=0), names=(FILE, "pkg/other.pyd"))


def not_in_the_directory() -> bytes:
    """An ARM64 member of the same name is before the x64 one, and the directory leaves it out."""
    arm = binary(ARM64)
    return wheel(binary(X64), before=arm.local_header() + arm.body)


def plain() -> bytes:
    return wheel(binary(X64))


def bad() -> bytes:
    return wheel(binary(ARM64))


class Case(NamedTuple):
    """A wheel that readers may read differently."""

    make: Callable[[], bytes]
    codes: set[str]
    """Codes that the audit must report."""
    lands: str
    """The machine of what pip installs as `FILE`, or several if that depends on the Python and the file system;
    empty if it installs nothing there. pip on a newer Python may refuse."""


CASES: dict[str, Case] = {
    # Every reader reads these in the same way.
    "plain": Case(plain, set(), "x86_64"),
    "plain and wrong": Case(bad, {"WA201"}, "arm64"),
    "honest data descriptor": Case(
        lambda: wheel(
            (one := binary(X64, flags=DESCRIPTOR))._replace(
                descriptor=b"PK\7\x08" + struct.pack("<III", one.crc, len(one.body), one.size)
            )
        ),
        {"WA009"},
        "x86_64",
    ),
    # A name twice: the last one wins, the first one, or none.
    "last duplicate wrong": Case(lambda: wheel(binary(X64), binary(ARM64)), {"WA003"}, "arm64"),
    "last duplicate right": Case(lambda: wheel(binary(ARM64), binary(X64)), {"WA003"}, "x86_64"),
    "duplicate through a dot": Case(
        lambda: wheel(binary(X64), binary(ARM64, "pkg/./ext.pyd")), {"WA006"}, "arm64"
    ),
    "duplicate through a slash": Case(
        lambda: wheel(binary(X64), binary(ARM64, "pkg//ext.pyd")), {"WA006"}, "arm64"
    ),
    "duplicate through a parent": Case(
        lambda: wheel(binary(X64), binary(ARM64, "pkg/x/../ext.pyd")), {"WA006"}, "arm64"
    ),
    "duplicate through a NUL": Case(
        lambda: wheel(binary(X64), binary(ARM64, b"pkg/ext.pyd\0.txt")), {"WA006"}, "arm64"
    ),
    "backslash": Case(lambda: wheel(binary(X64), binary(ARM64, "pkg\\ext.pyd")), {"WA006"}, "x86_64 arm64"),
    # Names that are the same on some file systems.
    "case": Case(
        lambda: wheel(binary(X64), binary(ARM64, "pkg/EXT.pyd"), names=(FILE, "pkg/EXT.pyd")),
        {"WA003"},
        "x86_64 arm64",
    ),
    "normalisation": Case(
        lambda: wheel(
            *(
                binary(data, f"pkg/{unicodedata.normalize(form, 'é')}.pyd", flags=UTF8)
                for form, data in (("NFC", X64), ("NFD", ARM64))
            ),
            names=tuple(f"pkg/{unicodedata.normalize(form, 'é')}.pyd" for form in ("NFC", "NFD")),
        ),
        {"WA003"},
        "",
    ),
    "trailing dot": Case(
        lambda: wheel(binary(X64), binary(ARM64, "pkg/ext.pyd.")), {"WA006"}, "x86_64 arm64"
    ),
    # One header or the other.
    "local name": Case(lambda: wheel(binary(ARM64, local={"name": b"pkg/doc.txt"})), {"WA002"}, ""),
    "local method": Case(lambda: wheel(binary(X64, local={"method": 0})), {"WA002"}, "x86_64"),
    "local CRC": Case(lambda: wheel(binary(X64, local={"crc": 1})), {"WA002"}, "x86_64"),
    "local size": Case(lambda: wheel(binary(X64, local={"size": 10})), {"WA002"}, "x86_64"),
    "local compressed size": Case(lambda: wheel(binary(X64, local={"compressed": 10})), {"WA002"}, "x86_64"),
    "local encryption": Case(lambda: wheel(binary(X64, local={"flags": 1})), {"WA002"}, "x86_64"),
    "central size": Case(lambda: wheel(binary(X64, size=10, local={"size": len(X64)})), {"WA002"}, ""),
    "Unicode path": Case(
        lambda: wheel(
            binary(X64), binary(ARM64, "pkg/doc.txt", extra=unicode_path(FILE.encode(), b"pkg/doc.txt"))
        ),
        {"WA002"},
        "x86_64 arm64",
    ),
    "folder with content": Case(
        lambda: wheel(binary(X64), binary(ARM64, "pkg/ext.pyd/")), {"WA002"}, "x86_64"
    ),
    # Where the directory is.
    "prefix": Case(lambda: b"#!/bin/sh\n" + plain(), {"WA002"}, "x86_64"),
    "prefix that is counted": Case(lambda: wheel(binary(X64), before=b"#!/bin/sh\n"), {"WA002"}, "x86_64"),
    "two archives, wrong last": Case(lambda: two_archives(plain(), bad()), {"WA002"}, "arm64"),
    "two archives, right last": Case(lambda: two_archives(bad(), plain()), {"WA002"}, "x86_64"),
    "not in the directory": Case(not_in_the_directory, {"WA002"}, "x86_64"),
    "bytes behind": Case(lambda: plain() + b"\0" * 30, {"WA002"}, "x86_64"),
    "end record in the comment": Case(second_end_in_comment, {"WA002"}, "arm64"),
    "end record cut into the comment": Case(
        lambda: wheel(binary(X64), comment=b"PK\5\6" + bytes(18)), {"WA002"}, ""
    ),
    "count": Case(lambda: wheel(binary(X64), count=1), {"WA002"}, "x86_64"),
    "same bytes": Case(same_bytes, {"WA003"}, ""),
    # ZIP64.
    "ZIP64 record elsewhere": Case(zip64_elsewhere, {"WA002"}, "arm64"),
    "ZIP64 record without locator": Case(zip64_unlocated, {"WA002"}, ""),
    "ZIP64 locator elsewhere": Case(zip64_locator_elsewhere, {"WA002"}, "x86_64"),
    "ZIP64 sizes": Case(zip64_sizes, {"WA002"}, "x86_64"),
    "ZIP64 offset": Case(zip64_offset, {"WA002"}, "x86_64"),
    # Data descriptors.
    "hidden in a stored member": Case(hidden_in_a_stored_member, {"WA009"}, "x86_64"),
    "lying descriptor": Case(lying_descriptor, {"WA002"}, "x86_64"),
}
REFUSALS = {"WA002", "WA003", "WA006"}


def read_machine(path: Path) -> str:
    try:
        return "+".join(one.machine for one in wheelarch.inspect(path, wheelarch.Depth.HEADER))
    except FormatError:
        return ""


def on_disk(target: Path) -> Installed:
    files = (file for file in target.rglob("*") if file.is_file() and INFO not in file.parts)
    machines = {file.relative_to(target).as_posix(): read_machine(file) for file in files}
    return {name: machine for name, machine in machines.items() if machine}


PIP = "pip install --no-deps --no-index --no-compile --only-binary=:all: --disable-pip-version-check --no-cache-dir"
PIP += " --platform win_amd64 --python-version 3.11 --implementation cp --abi abi3"
PIP_MANY_TIMES = """
import json, runpy, sys
for wheel, target in json.load(sys.stdin):
    sys.argv = [*sys.argv[:COUNT], "--target", target, wheel]
    try:
        runpy.run_module("pip", run_name="__main__")
    except SystemExit as end:
        print(end.code or 0, file=sys.__stderr__)
"""
"""`python -m pip install` for each wheel, in one process: importing pip takes most of its time."""
UV = "uv pip install --no-deps --no-index --offline --no-cache --link-mode copy"
UV += " --python-platform x86_64-pc-windows-msvc --python-version 3.11"


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    found = {}
    for name, case in CASES.items():
        found[name] = tmp_path_factory.mktemp("case") / NAME
        found[name].write_bytes(case.make())
    return found


@pytest.fixture(scope="module")
def by_pip(wheels: dict[str, Path]) -> dict[str, Installed | None]:
    """What pip installs from each wheel; None if it refuses."""
    options = PIP.split()
    jobs = [(str(path), str(path.with_name("pip"))) for path in wheels.values()]
    done = subprocess.run(
        [sys.executable, "-c", PIP_MANY_TIMES.replace("COUNT", str(len(options))), *options[1:]],
        input=json.dumps(jobs),
        text=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=True,
    )
    codes = [line for line in done.stderr.splitlines() if line.isdigit()]
    assert len(codes) == len(wheels)
    return {
        name: on_disk(path.with_name("pip")) if code == "0" else None
        for (name, path), code in zip(wheels.items(), codes, strict=True)
    }


def by_uv(path: Path) -> Installed | None:
    """What uv installs from a wheel; None if it refuses."""
    target = path.with_name("uv")
    command = [sys.executable, "-m", *UV.split(), "--target", str(target), str(path)]
    refused = subprocess.run(command, capture_output=True, check=False).returncode
    return None if refused else on_disk(target)


@pytest.mark.parametrize("name", CASES)
def test_the_audit_speaks_of_what_is_installed(
    name: str, wheels: dict[str, Path], by_pip: dict[str, Installed | None]
) -> None:
    """The audit either reports the machines that are installed, file by file, or refuses the wheel with an error."""
    case, path = CASES[name], wheels[name]
    report = wheelarch.audit(path, second_opinion="off")
    assert case.codes <= {finding.code for finding in report.findings}
    refused = any(
        one.code in REFUSALS and one.severity is wheelarch.Severity.ERROR for one in report.findings
    )
    told = {one.path: "+".join(image.machine for image in one.images) for one in report.wheels[0].members}

    landed = by_pip[name]
    assert landed is None or landed.get(FILE, "") in case.lands.split(" ")
    assert refused or landed == told
    if importlib.util.find_spec("uv") is not None:
        assert refused or by_uv(path) == told


def test_pip_takes_most_of_them(by_pip: dict[str, Installed | None]) -> None:
    """Most of the wheels can be installed, and the plain ones always, so the comparison has something to compare."""
    assert by_pip["plain"] == {FILE: "x86_64"}
    assert by_pip["plain and wrong"] == {FILE: "arm64"}
    assert sum(landed is not None for landed in by_pip.values()) > len(CASES) / 2


def test_the_machine_that_is_told_is_the_one_that_lands() -> None:
    """If a member of a refused wheel is read, its machine is that of the bytes that pip uses."""
    told = {}
    for name, case in CASES.items():
        (report,) = wheelarch.audit(case.make(), name=NAME, second_opinion="off")
        machines = [one.images[0].machine for one in report.members if one.path == FILE and one.images]
        if case.lands and machines:
            told[name] = machines[-1] in case.lands.split(" ")
    assert {name for name, same in told.items() if not same} == {
        f"duplicate through a {what}" for what in ("dot", "slash", "parent", "NUL")
    }
    assert len(told) > 20
