"""WA907 on plain values."""

import pytest

from support.rule_cases import LINUX, MAC, WIN
from support.rules import problems, severities
from support.values import elf, macho, member, pe, wheel
from wheelarch.facts.wheel import Wheel
from wheelarch.model import Fault, Image, Kind, Machine, Member, Role, Severity

ERROR, NOTE = Severity.ERROR, Severity.NOTE

PYD = "pkg/_core.cp311-win_amd64.pyd"
GOOD = member("pkg/_good.cp311-win_amd64.pyd", pe(Machine.X86_64, "python311.dll"))
LFS = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a"


def text(
    path: str, head: bytes, *, size: int | None = None, role: Role = Role.EXTENSION, mode: int | None = None
) -> Member:
    """A member that is not native although its name promises it."""
    return member(path, role=role, size=len(head) if size is None else size, head=head, mode=mode)


HITS: dict[str, list[Wheel]] = {
    "WA907": [
        wheel(WIN, text(PYD, b"", size=0)),
        wheel(WIN, text(PYD, LFS)),
        wheel(LINUX, text("pkg/libfoo.so", b"INPUT ( libfoo.so.1 )", role=Role.LIBRARY)),
        wheel(LINUX, text("pkg/libfoo.so", b"GROUP(libfoo.so.1 AS_NEEDED(x))", role=Role.LIBRARY)),
        wheel(WIN, text("pkg/tool.exe", b"<!DOCTYPE html>", role=Role.LIBRARY)),
    ],
}

CLEAN: dict[str, list[Wheel]] = {
    "WA907": [
        wheel(WIN, GOOD),
        wheel(WIN, member(PYD, faults=(Fault("truncated", 60, "section table", 4096),))),
        # WA016 reports it
        wheel(LINUX, text("pkg/libfoo.so", b"libfoo.so.1", role=Role.LIBRARY, mode=0o120777)),
    ],
}


@pytest.mark.parametrize(
    ("path", "role", "severity"),
    [
        (PYD, Role.EXTENSION, ERROR),
        ("pkg/_core.pyd", Role.EXTENSION, ERROR),
        ("pkg/_core.cpython-311-x86_64-linux-gnu.so", Role.EXTENSION, ERROR),
        ("pkg/_core.abi3.so", Role.EXTENSION, ERROR),
        ("pkg/_core.so", Role.EXTENSION, NOTE),
        ("pkg/not-a-module.pyd", Role.LIBRARY, NOTE),
        ("pkg/foo.dll", Role.LIBRARY, NOTE),
    ],
)
def test_a_misnamed_extension_is_an_error(path: str, role: Role, severity: Severity) -> None:
    """Python imports by suffix, so a file with an extension's suffix fails; another name may be chance."""
    (problem,) = problems("WA907", wheel(WIN, text(path, LFS, role=role)))
    assert problem.severity is severity
    assert bool(problem.consequence) is (severity is ERROR)


@pytest.mark.parametrize(
    ("head", "size", "content"),
    [
        (b"", 0, "an empty file"),
        (LFS, 130, "a git-lfs pointer"),
        (b"/* GNU ld script\n   Use the shared library", 300, "a linker script"),
        (b"\n<!doctype HTML><html>", 4000, "an HTML page"),
        (b"#!/bin/sh\nexec", 40, "a script"),
        (b"PK\x03\x04....", 400, "a zip archive"),
        (b"\x00\x01\x02\x03\x04", 4096, "not native code (it starts with 00 01 02 03)"),
    ],
)
def test_content(head: bytes, size: int, content: str) -> None:
    """The message says what the file is instead, so that the mistake of the build can be guessed."""
    (problem,) = problems("WA907", wheel(LINUX, text("pkg/_core.abi3.so", head, size=size)))
    assert problem.message == f"pkg/_core.abi3.so is {content}"
    assert problem.consequence == ("file too short" if not size else "invalid ELF header")


@pytest.mark.parametrize(
    ("filename", "image", "consequence"),
    [
        (WIN, pe(kind=Kind.EXECUTABLE), "%1 is not a valid Win32 application."),
        (MAC, macho(kind=Kind.EXECUTABLE, filetype=2), "cannot dlopen a main executable '_core.abi3.so'"),
        (MAC, macho(kind=Kind.OBJECT, filetype=1), "unloadable mach-o file type 1 '_core.abi3.so'"),
        (MAC, elf(kind=Kind.OBJECT), "not a mach-o file"),
        (LINUX, elf(kind=Kind.OBJECT), "only ET_DYN and ET_EXEC can be loaded"),
        (LINUX, macho(kind=Kind.OBJECT, filetype=1), "invalid ELF header"),
    ],
)
def test_a_program_or_object_file_is_no_module(filename: str, image: Image, consequence: str) -> None:
    """A native file that no process loads as a library is an error, with what the loader says."""
    subject = wheel(filename, member("pkg/_core.abi3.so", image))
    assert severities("WA907", subject) == [ERROR]
    (problem,) = problems("WA907", subject)
    what = "a program" if image.kind is Kind.EXECUTABLE else "an object file"
    assert problem.message == f"pkg/_core.abi3.so has the name of an extension module, but is {what}"
    assert (problem.consequence, problem.remedies) == (consequence, ("clean-build",))
