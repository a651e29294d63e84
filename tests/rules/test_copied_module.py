"""WA605 on plain values."""

import pytest

from support.rule_cases import check_hit
from support.rules import each, problems, severities
from support.values import elf, macho, member, pe
from support.wheel_sets import among, sibling
from wheelarch.facts.python_linkage import python_linkage
from wheelarch.facts.wheel import NativeFile, Sibling, Wheel
from wheelarch.model import Image, Machine, Member, Role, Severity, Symbol

SHA = "A" * 43
LIMITED = ("PyModuleDef_Init", "PyLong_FromLong")
"""Names of the stable ABI."""
BOUND = (*LIMITED, "PyUnicode_New")
"""Names of which one is not in the stable ABI."""
FREE = (*LIMITED, "_Py_DecRefShared")
"""Names of which only free-threaded Pythons have one."""


def module(
    path: str, *names: str, image: Image | None = None, hooks: tuple[str, ...] = ("PyInit_x",)
) -> Member:
    """An extension module that takes these names from Python, with the bytes that `holder` has too."""
    given = elf(Machine.X86_64, hooks=hooks) if image is None else image
    given = given._replace(imported=tuple(Symbol(name, "", False) for name in names))
    plain = member(path, given, sha256=SHA, crc=7)
    return plain._replace(python=python_linkage(plain))


def holder(tag: str, path: str) -> Sibling:
    """A sibling with the same bytes under this path."""
    return sibling(tag)._replace(files=(NativeFile(path, 4096, 7, SHA),))


GNU = "x86_64-linux-gnu.so"
LINUX = "manylinux_2_17_x86_64"
T313, G313 = f"pkg/x.cpython-313t-{GNU}", f"pkg/x.cpython-313-{GNU}"
DLL313 = pe(Machine.X86_64, "python313.dll", hooks=("PyInit_x",))

HITS: dict[str, list[Wheel]] = {
    "WA605": [
        among(f"cp313-cp313t-{LINUX}", module(T313, *LIMITED), holder(f"cp313-cp313-{LINUX}", G313)),
        among(
            f"cp313-cp313t-{LINUX}", module("pkg/x.so", *BOUND), holder(f"cp313-cp313-{LINUX}", "pkg/x.so")
        ),
        # built for free-threaded Python: the wheel for the GIL is wrong
        among(f"cp313-cp313-{LINUX}", module(G313, *FREE), holder(f"cp313-cp313t-{LINUX}", T313)),
        # of two versions
        among(
            f"cp314-cp314t-{LINUX}", module("pkg/x.so", *LIMITED), holder(f"cp313-cp313-{LINUX}", "pkg/x.so")
        ),
        among(
            "cp313-cp313t-macosx_11_0_arm64",
            module("pkg/x.so", *LIMITED, image=macho(hooks=("PyInit_x",))),
            holder("cp313-cp313-macosx_11_0_universal2", "pkg/x.so"),
        ),
        among(
            "cp313-cp313t-win_amd64",
            module("pkg/x.cp313t-win_amd64.pyd", *BOUND, image=DLL313),
            holder("cp313-cp313-win_amd64", "pkg/x.pyd"),
        ),
        among(f"cp312-cp312-{LINUX}", module("pkg/x.so", *BOUND), holder(f"cp311-cp311-{LINUX}", "pkg/x.so")),
        among(
            f"cp312-cp312-{LINUX}",
            module(f"pkg/x.cpython-312-{GNU}", *BOUND),
            holder(f"cp311-cp311-{LINUX}", f"pkg/x.cpython-311-{GNU}"),
        ),
        among(
            f"pp311-pypy311_pp73-{LINUX}",
            module(f"pkg/x.pypy311-pp73-{GNU}", *BOUND),
            holder(f"cp311-cp311-{LINUX}", "pkg/x.so"),
        ),
        among(
            f"cp311-cp311-{LINUX}",
            module("pkg/x.so", "PyPyModule_Create2"),
            holder(f"pp311-pypy311_pp73-{LINUX}", f"pkg/x.pypy311-pp73-{GNU}"),
        ),
        # a module for both is possible only from 3.15 on
        among(
            f"cp314-cp314t-{LINUX}",
            module("pkg/x.so", *LIMITED, hooks=("PyInit_x", "PyModExport_x")),
            holder(f"cp314-cp314-{LINUX}", "pkg/x.so"),
        ),
        among(
            f"cp315-cp315t-{LINUX}", module("pkg/x.so", *BOUND), holder(f"cp315-cp315-{LINUX}", "pkg/x.so")
        ),
    ],
}

CLEAN: dict[str, list[Wheel]] = {
    "WA605": [
        # the wheel for which the module is built
        among(f"cp313-cp313-{LINUX}", module(G313, *LIMITED), holder(f"cp313-cp313t-{LINUX}", T313)),
        among(f"cp313-cp313t-{LINUX}", module(T313, *FREE), holder(f"cp313-cp313-{LINUX}", G313)),
        among(f"cp311-cp311-{LINUX}", module("pkg/x.so", *BOUND), holder(f"cp312-cp312-{LINUX}", "pkg/x.so")),
        among(
            f"cp311-cp311-{LINUX}",
            module("pkg/x.so", *BOUND),
            holder(f"pp311-pypy311_pp73-{LINUX}", f"pkg/x.pypy311-pp73-{GNU}"),
        ),
        # a stable ABI serves both
        among(
            f"cp315-abi3.abi3t-{LINUX}",
            module("pkg/x.abi3t.so", *LIMITED),
            holder(f"cp314-cp314-{LINUX}", "pkg/x.so"),
        ),
        among(
            f"cp315-cp315t-{LINUX}",
            module("pkg/x.so", *LIMITED, hooks=("PyModExport_x",)),
            holder(f"cp315-cp315-{LINUX}", "pkg/x.so"),
        ),
        among(
            f"cp312-cp312-{LINUX}", module("pkg/x.so", *LIMITED), holder(f"cp311-cp311-{LINUX}", "pkg/x.so")
        ),
        among(f"cp312-cp312-{LINUX}", module("pkg/x.so", *BOUND), holder(f"cp38-abi3-{LINUX}", "pkg/x.so")),
        among(f"cp312-cp312-{LINUX}", module("pkg/x.so", *BOUND), holder(f"py3-none-{LINUX}", "pkg/x.so")),
        among(f"cp313-none-{LINUX}", module("pkg/x.so", *BOUND), holder(f"cp313-cp313-{LINUX}", "pkg/x.so")),
        # nothing of Python is used
        among(f"cp313-cp313t-{LINUX}", module("pkg/x.so"), holder(f"cp313-cp313-{LINUX}", "pkg/x.so")),
        among(
            f"cp313-cp313t-{LINUX}", module("pkg/x.so", "memcpy"), holder(f"cp313-cp313-{LINUX}", "pkg/x.so")
        ),
        # a bundled library, a file that no import reaches, a debug build, another platform, other bytes
        among(
            f"cp313-cp313t-{LINUX}",
            module("pkg/libx.so", *BOUND)._replace(role=Role.DEPENDENCY),
            holder(f"cp313-cp313-{LINUX}", "pkg/libx.so"),
        ),
        among(f"cp313-cp313t-{LINUX}", module(G313, *BOUND), holder(f"cp313-cp313-{LINUX}", G313)),
        among(
            f"cp313-cp313d-{LINUX}", module("pkg/x.so", *BOUND), holder(f"cp313-cp313-{LINUX}", "pkg/x.so")
        ),
        among(
            f"cp313-cp313t-{LINUX}",
            module("pkg/x.so", *BOUND),
            holder("cp313-cp313-musllinux_1_2_x86_64", "pkg/x.so"),
        ),
        among(
            f"cp313-cp313t-{LINUX}",
            module("pkg/x.so", *BOUND)._replace(sha256="B" * 43),
            holder(f"cp313-cp313-{LINUX}", "pkg/x.so"),
        ),
        among(
            f"cp313-cp313t-{LINUX}",
            module("pkg/x.so", *BOUND)._replace(sha256=None),
            holder(f"cp313-cp313-{LINUX}", "pkg/x.so")._replace(
                files=(NativeFile("pkg/x.so", 4096, 7, None),)
            ),
        ),
        among(f"cp313-cp313t-{LINUX}", module("pkg/x.so", *BOUND)),
    ],
}


@each(HITS)
def test_hits(code: str, subject: Wheel) -> None:
    """A copied module is reported once."""
    check_hit(code, subject)
    assert len(problems(code, subject)) == 1


@pytest.mark.parametrize("subject", HITS["WA605"])
def test_only_versions_are_a_warning(subject: Wheel) -> None:
    """A module for another version may load by luck; one for another kind of Python does not."""
    versions = {one.version for one in (*subject.targets, *subject.siblings[0].targets)}
    kinds = {
        (one.implementation, one.free_threaded) for one in (*subject.targets, *subject.siblings[0].targets)
    }
    expected = Severity.WARNING if len(versions) == 2 and len(kinds) == 1 else Severity.ERROR
    assert severities("WA605", subject) == [expected]


def test_the_message_names_the_twins() -> None:
    """The finding says which wheels contain the same bytes, and for whom they are."""
    subject = among(
        f"cp313-cp313t-{LINUX}",
        module(T313, *LIMITED),
        holder(f"cp313-cp313-{LINUX}", G313),
        holder(f"cp312-cp312-{LINUX}", f"pkg/x.cpython-312-{GNU}"),
    )
    (problem,) = problems("WA605", subject)
    first = f"pkg-1.0-cp312-cp312-{LINUX}.whl"
    assert (
        problem.message
        == f"{T313} is identical to the file in {first} and 1 more, which is for Python with the GIL"
    )
    assert problem.remedies == ("gil-flavor",)
