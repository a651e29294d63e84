"""Tests of `wheelarch.report.document`."""

import json

import jsonschema
import pytest

import wheelarch
from support.reports import everywhere, finding, judged
from support.schema import SCHEMA, check
from support.values import elf, macho, member, pe
from wheelarch.model import Fault, Grid, Machine, PythonLinkage, Role, Severity
from wheelarch.report.document import Report, Summary

ERROR, WARNING, NOTE = Severity

FAULTS = (Fault("outside", 8, "DT_STRTAB"), Fault("outside", 16, "a note", loaded=False))

EVERYTHING = Report(
    (
        judged(
            "dist/demo-1.0-cp311-abi3-win_amd64.whl",
            finding(),
            finding(
                WARNING,
                member=None,
                slice="arm64",
                confirmed_by=("lief 1.0.0",),
                predicted_by=("WD07",),
                evidence={},
            ),
            members=(
                member(
                    "demo/_demo.pyd",
                    pe(Machine.ARM64, "python3.dll", "KERNEL32.dll", hooks=["PyInit__demo"]),
                    python=PythonLinkage("python3.dll", ("PyInit__demo",), "gil"),
                ),
                member("demo/_bad.pyd", faults=(Fault("truncated", 64, "the PE header", 3),), head=b"MZ"),
            ),
            honest_tags=("cp311-abi3-win_arm64",),
        ),
        judged(
            "dist/other-1.0-cp311-cp311-macosx_11_0_universal2.whl",
            generator="",
            rebuild=("other/lib.so",),
            members=(
                member("other/_o.so", macho(), macho(Machine.X86_64, (10, 9, 0), offset=65_536)),
                member("other/lib.so", elf(faults=FAULTS), role=Role.LIBRARY),
            ),
        ),
        judged(
            "dist/page.whl",
            finding(NOTE, code="WA001", name="not-a-zip", member=None),
            status="unreadable",
            tags=(),
        ),
    ),
    (Grid("demo 1.0", ("ios_arm64", "win_amd64"), ("cp311", "cp313"), (("", "missing"), ("ok", "wrong"))),),
)


def test_the_document_is_as_the_interface_says():
    """Every field has its name, place and value."""
    document = EVERYTHING.to_dict()
    assert list(document) == ["schema", "tool", "inputs", "summary", "grids"]
    assert document["schema"] == 1
    assert document["tool"] == {"name": "wheelarch", "version": wheelarch.__version__}
    assert document["summary"] == {"inputs": 3, "clean": 1, "errors": 1, "warnings": 1, "notes": 1}
    first, second, third = document["inputs"]
    assert first == {
        "path": "dist/demo-1.0-cp311-abi3-win_amd64.whl",
        "kind": "wheel",
        "status": "findings",
        "tags": ["cp311-abi3-win_amd64"],
        "generator": "maturin (1.9.4)",
        "honest_tags": ["cp311-abi3-win_arm64"],
        "members": [
            {
                "path": "demo/_demo.pyd",
                "role": "extension",
                "size": 4096,
                "images": [
                    {
                        "format": "pe",
                        "machine": "arm64",
                        "variant": "",
                        "code": 43620,
                        "bits": 64,
                        "offset": 0,
                        "kind": "shared-library",
                        "minos": None,
                        "depth": "symbols",
                        "needed": ["python3.dll", "KERNEL32.dll"],
                        "faults": [],
                        "unread_faults": [],
                    }
                ],
                "faults": [],
                "python": {
                    "runtime": "python3.dll",
                    "hooks": ["PyInit__demo"],
                    "gil": "gil",
                    "stable_abi": None,
                },
            },
            {
                "path": "demo/_bad.pyd",
                "role": "extension",
                "size": 4096,
                "images": [],
                "faults": ["the PE header (found 3) at byte 0x40"],
                "python": None,
            },
        ],
        "findings": [
            {
                "code": "WA201",
                "name": "wrong-machine",
                "severity": "error",
                "member": "demo/_demo.pyd",
                "slice": None,
                "tags": ["cp311-abi3-win_amd64"],
                "message": "demo/_demo.pyd is built for arm64, the wheel's tag asks for x86_64",
                "evidence": {"have": "arm64", "need": "x86_64"},
                "consequence": "ImportError: DLL load failed while importing _demo: "
                "%1 is not a valid Win32 application",
                "remedy": "Build for the machine in the tag.",
                "confirmed_by": [],
                "predicted_by": [],
            },
            {
                "code": "WA201",
                "name": "wrong-machine",
                "severity": "warning",
                "member": None,
                "slice": "arm64",
                "tags": ["cp311-abi3-win_amd64"],
                "message": "demo/_demo.pyd is built for arm64, the wheel's tag asks for x86_64",
                "evidence": {},
                "consequence": "ImportError: DLL load failed while importing _demo: "
                "%1 is not a valid Win32 application",
                "remedy": "Build for the machine in the tag.",
                "confirmed_by": ["lief 1.0.0"],
                "predicted_by": ["WD07"],
            },
        ],
        "rebuild": [],
    }
    assert second["rebuild"] == ["other/lib.so"]
    assert document["grids"] == [
        {
            "title": "demo 1.0",
            "platforms": ["ios_arm64", "win_amd64"],
            "pythons": ["cp311", "cp313"],
            "cells": [[None, "missing"], ["ok", "wrong"]],
        }
    ]
    assert [image["minos"] for image in second["members"][0]["images"]] == ["11.0.0", "10.9.0"]
    image = second["members"][1]["images"][0]
    assert image["faults"] == ["DT_STRTAB at byte 0x8", "a note at byte 0x10"]
    assert image["unread_faults"] == ["a note at byte 0x10"]
    assert third["status"] == "unreadable"
    assert third["honest_tags"] is None


def test_the_document_keeps_its_schema():
    """A report with every kind of value, and an empty one, are valid."""
    check(EVERYTHING.to_dict())
    check(Report(()).to_dict())


def test_the_schema_is_open_to_readers_and_closed_to_us():
    """A field that a later release adds passes the published schema, but not the check of our tests."""
    later = {**EVERYTHING.to_dict(), "added": 1}
    jsonschema.Draft202012Validator(SCHEMA).validate(later)
    with pytest.raises(jsonschema.ValidationError, match="added"):
        check(later)


def _paths(value, path=()):
    """Yield the path of every field of a document."""
    children = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, child in children:
        if isinstance(value, dict):
            yield (*path, key)
        yield from _paths(child, (*path, key))


DOCUMENT = json.loads(json.dumps(EVERYTHING.to_dict()))
REQUIRED = [path for path in _paths(DOCUMENT) if path[-2:-1] != ("evidence",)]


@pytest.mark.parametrize("path", REQUIRED, ids=lambda path: "/".join(map(str, path)))
def test_every_field_is_required_and_typed(path):
    """The schema rejects a missing field, and a field of another type."""
    for spoil in (lambda parent: parent.pop(path[-1]), lambda parent: parent.update({path[-1]: 1.5})):
        document = json.loads(json.dumps(DOCUMENT))
        parent = document
        for step in path[:-1]:
            parent = parent[step]
        spoil(parent)
        with pytest.raises(jsonschema.ValidationError):
            check(document)


def test_no_string_of_the_file_stays_raw():
    """A hostile string is escaped in every field."""
    hostile = "\x1b[2J\u202e\udc80"
    grid = Grid(hostile, (hostile,), (hostile,), (("ok",),))
    document = Report((everywhere(hostile),), (grid,)).to_dict()
    check(document)
    text = json.dumps(document, ensure_ascii=False)
    assert text.isprintable()
    assert text.count(r"\\x1b[2J\\u202e\\udc80") >= 22


@pytest.mark.parametrize(
    ("severities", "codes"),
    [
        ((), {"error": 0, "warning": 0, "note": 0, "never": 0}),
        ((NOTE,), {"error": 0, "warning": 0, "note": 1, "never": 0}),
        ((WARNING, NOTE), {"error": 0, "warning": 1, "note": 1, "never": 0}),
        ((NOTE, ERROR), {"error": 1, "warning": 1, "note": 1, "never": 0}),
    ],
)
def test_the_exit_code_counts_from_the_severity_asked_for(severities, codes):
    """A finding below `fail_on` does not fail, one at it or above does."""
    report = Report((judged("a.whl"), judged("b.whl", *map(finding, severities))))
    assert {fail_on: report.exit_code(fail_on) for fail_on in codes} == codes
    assert report.ok == (codes["error"] == 0)


def test_a_report_on_nothing_is_no_success():
    """Without an input the exit code is 3, for every `fail_on`."""
    assert [Report(()).exit_code(fail_on) for fail_on in ("error", "never")] == [3, 3]


def test_an_unreadable_input_is_no_success():
    """An input that cannot be read fails even if no selected rule has a finding about it."""
    report = Report((judged(status="unreadable"),))
    assert not report.ok
    assert {fail_on: report.exit_code(fail_on) for fail_on in ("error", "note", "never")} == {
        "error": 1,
        "note": 1,
        "never": 0,
    }


def test_an_unknown_severity_is_refused():
    """`fail_on` accepts the severities and `never`, nothing else."""
    with pytest.raises(ValueError, match="fatal"):
        Report((judged(),)).exit_code("fatal")


def test_a_report_is_a_sequence_of_inputs():
    """Iteration, length, findings and counts follow the order of the inputs."""
    assert [wheel.path for wheel in EVERYTHING] == [wheel.path for wheel in EVERYTHING.wheels]
    assert len(EVERYTHING) == 3
    assert [one.severity for one in EVERYTHING.findings] == [ERROR, WARNING, NOTE]
    assert EVERYTHING.summary == Summary(inputs=3, clean=1, errors=1, warnings=1, notes=1)
    assert repr(EVERYTHING) == "<Report of 3 inputs, 3 findings>"
