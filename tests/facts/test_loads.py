"""Which files of a wheel are loaded for themselves, and what answers what they need."""

import pytest

from support.needed import WIN, X86_64, elf_module, pe_module
from support.steps import assert_linear
from support.systems import BARE_LINUX, ELF_EXT, MAC_ARM, MANYLINUX, MUSLLINUX
from support.values import elf, macho, member, pe, wheel
from wheelarch.facts import loads as facts
from wheelarch.facts.loads import is_mangled, loads, trace
from wheelarch.facts.wheel import Wheel
from wheelarch.loading.simulate import Answer, Outcome, Steps
from wheelarch.metadata.dist_info import DistInfo
from wheelarch.model import Dylib, Machine, Role


def answers(subject: Wheel) -> list[tuple[str, str, str, str]]:
    """For each open step: the root, the library, what answers and by whom."""
    return [
        (load.root.path, step.name, step.answer.value, step.by)
        for load in loads(subject)
        for step in load.steps
    ]


def test_most_wheels_have_no_open_load() -> None:
    """A wheel whose needs its tags promise is not simulated."""
    assert loads(elf_module("libc.so.6", "libstdc++.so.6")) == ()


def test_roots() -> None:
    """A library that a module needs is loaded with it; one that nothing needs, and a program, for themselves."""
    subject = wheel(
        MANYLINUX,
        member(ELF_EXT, elf(X86_64, "liba.so", runpath=("$ORIGIN",))),
        member("pkg/liba.so", elf(X86_64, "libgone.so"), role=Role.DEPENDENCY),
        member("pkg/plug.so", elf(X86_64, "libgone.so"), role=Role.LIBRARY),
        member("pkg/tool", elf(X86_64, "libgone.so"), role=Role.EXECUTABLE),
        member("pkg/data.so", elf(X86_64, "libgone.so"), role=Role.TEST_DATA),
    )
    assert [root for root, *_ in answers(subject)] == [ELF_EXT, "pkg/plug.so", "pkg/tool"]


def test_libraries_that_need_each_other_are_loaded_once_each() -> None:
    """In a circle without a module, nothing is first; each is a root."""
    subject = wheel(
        MANYLINUX,
        member("pkg/a.so", elf(X86_64, "b.so", "libgone.so", runpath=("$ORIGIN",)), role=Role.LIBRARY),
        member("pkg/b.so", elf(X86_64, "a.so", runpath=("$ORIGIN",)), role=Role.LIBRARY),
    )
    assert [root for root, *_ in answers(subject)] == ["pkg/a.so", "pkg/b.so"]


@pytest.mark.parametrize(
    ("subject", "answer", "by"),
    [
        (elf_module("libgone.so"), Answer.UNKNOWN, ""),
        (elf_module("libgone.so", name=BARE_LINUX), None, ""),
        (elf_module("/home/me/libgone.so"), Answer.LOST, ""),
        (elf_module("libz-1a2b3c4d.so.1"), Answer.LOST, ""),
        (elf_module("libcublas.so.12"), Answer.DISTRIBUTION, "nvidia-cublas"),
        (elf_module("libodbc.so.2"), Answer.SOFTWARE, "unixODBC"),
        (pe_module("MSVCP140.dll"), Answer.RUNTIME, ""),
        (pe_module("VCRUNTIME140.dll"), None, ""),
        (elf_module("ld-linux-x86-64.so.2", name=MUSLLINUX), None, ""),
    ],
)
def test_what_answers(subject: Wheel, answer: Answer | None, by: str) -> None:
    """The system and Python first, then who is known to bring the library, then nobody."""
    found = [(step.answer, step.by) for load in loads(subject) for step in load.steps]
    assert found == ([] if answer is None else [(answer, by)])


def test_a_program_does_not_see_what_is_beside_python() -> None:
    """vcruntime140.dll answers a module, and not a program in a virtual environment."""
    library = member("pkg/x.dll", pe(X86_64, "VCRUNTIME140.dll"), role=Role.LIBRARY)
    tool = member("pkg/tool.exe", pe(X86_64, "x.dll"), role=Role.EXECUTABLE)
    assert answers(wheel(WIN, library)) == []
    assert answers(wheel(WIN, library, tool)) == [("pkg/tool.exe", "VCRUNTIME140.dll", "runtime", "")]


def test_requirements_for_this_system_count() -> None:
    """A requirement brings its library where its marker holds."""
    subject = elf_module("libtorch.so")
    for line, by in (("torch", "torch"), ("torch; sys_platform == 'linux'", "torch")):
        required = subject._replace(dist_info=DistInfo(requires=(line,)))
        assert [step[2:] for step in answers(required)] == [("distribution", by)]
        assert facts.requirements(required) == ("torch",)
    elsewhere = subject._replace(dist_info=DistInfo(requires=("torch; sys_platform == 'win32'",)))
    assert facts.requirements(elsewhere) == ()


def test_too_many_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """If a hostile wheel spends all steps, each file is looked at by itself, and nothing is overlooked."""
    modules = [member(f"pkg/m{one}.so", elf(X86_64, f"libgone{one}.so")) for one in range(20)]
    monkeypatch.setattr(facts, "Steps", lambda: Steps(5))
    found = {name for _, name, *_ in answers(wheel(MANYLINUX, *modules))}
    assert found == {f"libgone{one}.so" for one in range(20)}


def test_a_trace_has_every_step() -> None:
    """Also what is found, and how the load ends."""
    subject = elf_module("libc.so.6", "libgone.so")
    (load,) = trace(subject, subject.members[:1])
    assert [(step.name, step.answer) for step in load.steps] == [
        ("libc.so.6", Answer.SYSTEM),
        ("libgone.so", Answer.UNKNOWN),
    ]
    assert load.outcome is Outcome.DEPENDS


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("libz-1a2b3c4d.so.1.2", True),
        ("zlib-0123456789abcdef0123456789abcdef.dll", True),
        ("libz-1a2b3c.so", False),
        ("libz.so.1", False),
    ],
)
def test_names_that_repair_tools_make(name: str, expected: bool) -> None:
    """Auditwheel adds eight digits of a hash, delvewheel 32."""
    assert is_mangled(name) is expected


def test_a_library_that_is_loaded_first_has_needs_of_its_own() -> None:
    """Whoever preloads a library meets what it lacks: the loads go on through it."""
    lost = "libssl-12345678.so.1.1"
    subject = wheel(
        MANYLINUX,
        member(ELF_EXT, elf(X86_64, "libA.so")),
        member("pkg/lib/libA.so", elf(X86_64, lost, soname="libA.so"), role=Role.DEPENDENCY),
    )
    assert answers(subject) == [
        (ELF_EXT, "libA.so", "preloaded", "pkg/lib/libA.so"),
        (ELF_EXT, lost, "lost", ""),
    ]


def test_what_a_delayed_dll_lacks_does_not_keep_the_module_from_loading() -> None:
    """The module loads; the DLL is loaded for itself, when code calls it."""
    lost = "z-0123456789abcdef0123456789abcdef.dll"
    subject = wheel(
        WIN,
        member("pkg/_core.pyd", pe(X86_64, delayed=("h.dll",))),
        member("pkg/h.dll", pe(X86_64, lost), role=Role.DEPENDENCY),
    )
    assert answers(subject) == [("pkg/h.dll", lost, "lost", "")]


def test_the_systems_swift_by_a_run_path() -> None:
    """Swift's own libraries are asked for by @rpath, with /usr/lib/swift as a run path."""
    needing = macho(
        Machine.ARM64, dylibs=(Dylib("@rpath/libswiftCore.dylib", "load"),), rpaths=("/usr/lib/swift",)
    )
    assert loads(wheel(MAC_ARM, member("pkg/_core.so", needing))) == ()
    assert loads(
        wheel(MAC_ARM, member("pkg/_core.so", needing._replace(macho=needing.macho._replace(rpaths=()))))
    )


def test_many_needs_and_run_paths_take_few_steps() -> None:
    """In a hostile file, where run paths lead is worked out once for the file, and not for each need."""

    def make(count: int) -> Wheel:
        paths = tuple(f"$ORIGIN/r{one}" for one in range(300))
        return elf_module(*(f"libgone{one}.so" for one in range(count)), runpath=paths)

    assert_linear(loads, make, 60)


def test_libraries_that_all_need_each_other() -> None:
    """A trace of all files of a hostile wheel spends what is allowed for the wheel, and no more."""
    names = [f"l{one}.so" for one in range(60)]
    members = [
        member(f"pkg/{name}", elf(X86_64, *names, runpath=("$ORIGIN",)), role=Role.LIBRARY) for name in names
    ]
    subject = wheel(MANYLINUX, *members)
    taken = sum(len(load.steps) for load in trace(subject, members))
    assert taken <= facts._TRACED
