"""What a process finds when it loads one file of a wheel."""

import pytest

from support.steps import assert_linear
from support.values import elf, macho, member, pe
from wheelarch.loading.graph import Edge, by_name, links
from wheelarch.loading.simulate import (
    Answer,
    Outcome,
    Steps,
    Surroundings,
    alone,
    load,
    needs_by_image,
    outcome,
)
from wheelarch.model import Dylib, Image, Machine, Member

ARM64, X86_64, X86 = Machine.ARM64, Machine.X86_64, Machine.X86


def nothing(edge: Edge) -> tuple[Answer, str, tuple[str, ...]]:
    """Outside of the wheel there is only libc."""
    known = edge.name.startswith("libc.")
    return (Answer.SYSTEM if known else Answer.UNKNOWN), "", ()


def around(members: list[Member], musl: bool = False) -> Surroundings:
    """What the loads of these members meet."""
    return Surroundings(needs_by_image(links(members, musl)), by_name(members), nothing, musl)


def answers(*members: Member, musl: bool = False) -> list[tuple[str, str, str]]:
    """Each step of the load of the first member: what is needed, what answers, and which file."""
    root = members[0]
    steps = load(root, root.images[0], around(list(members), musl), Steps())
    return [(step.name, step.answer.value, step.by) for step in steps]


def so(path: str, *names: str, **more: object) -> Member:
    """An ELF file that needs these libraries."""
    return member(path, elf(X86_64, *names, **more))


def mac(path: str, *names: str, **more: object) -> Member:
    """A Mach-O file that needs these libraries."""
    return member(path, macho(ARM64, dylibs=tuple(Dylib(name, "load") for name in names), **more))


def test_steps_go_breadth_first() -> None:
    """A loader first maps all that a file needs, then what these need; what it has already answers again."""
    found = answers(
        so("m.so", "a.so", "b.so", "libc.so.6", runpath=("$ORIGIN",)),
        so("a.so", "c.so", "b.so", runpath=("$ORIGIN",)),
        so("b.so", "gone.so"),
        so("c.so"),
    )
    assert found == [
        ("a.so", "wheel", "a.so"),
        ("b.so", "wheel", "b.so"),
        ("libc.so.6", "system", ""),
        ("c.so", "wheel", "c.so"),
        ("b.so", "loaded", "b.so"),
        ("gone.so", "unknown", ""),
    ]


@pytest.mark.parametrize(
    ("kind", "musl", "answer"),
    [("rpath", False, "wheel"), ("runpath", False, "unknown"), ("runpath", True, "wheel")],
)
def test_run_paths_of_the_root(kind: str, musl: bool, answer: str) -> None:
    """Glibc hands DT_RPATH down and not DT_RUNPATH, musl hands both down."""
    root = so("m.so", "a.so", **{kind: ("$ORIGIN/lib",)})
    steps = answers(root, so("lib/a.so", "b.so"), so("lib/b.so"), musl=musl)
    assert steps[1][:2] == ("b.so", answer)


def test_another_root_with_other_run_paths() -> None:
    """A library finds its own library from one module, whose DT_RPATH leads there, and not from another."""
    library = so("lib/a.so", "b.so")
    first = so("m1.so", "a.so", rpath=("$ORIGIN/lib", "$ORIGIN/deep"))
    second = so("m2.so", "a.so", runpath=("$ORIGIN/lib",))
    rest = [library, so("deep/b.so")]
    assert answers(first, second, *rest)[1] == ("b.so", "wheel", "deep/b.so")
    assert answers(second, first, *rest)[1] == ("b.so", "unknown", "")


def test_handed_through_a_file_with_a_run_path_of_its_own() -> None:
    """A file with DT_RUNPATH keeps it to itself, and hands down the DT_RPATH that was handed to it."""
    root = so("m.so", "a.so", rpath=("$ORIGIN/lib", "$ORIGIN/deep"))
    between = so("lib/a.so", "b.so", runpath=("$ORIGIN",))
    steps = answers(root, between, so("lib/b.so", "c.so"), so("deep/c.so"))
    assert steps[2] == ("c.so", "wheel", "deep/c.so")


def test_a_library_is_in_the_process_under_its_soname() -> None:
    """A later need by the soname is answered whatever the run paths say: ld.so has the library already."""
    root = so("m.so", "a.so", "b.so", runpath=("$ORIGIN",))
    library = so("a.so", soname="liba.so.1")
    assert answers(root, library, so("b.so", "liba.so.1"))[2] == ("liba.so.1", "loaded", "a.so")


def test_install_names_must_be_spelled_alike() -> None:
    """Dyld takes a library that it has only if the name that is asked for is its install name."""
    root = mac("m.so", "@loader_path/a.dylib", "@loader_path/b.dylib")
    for install_name, answer in (("@rpath/a.dylib", "loaded"), ("/DLC/a.dylib", "unknown")):
        library = mac("a.dylib", install_name=install_name)
        assert answers(root, library, mac("b.dylib", "@rpath/a.dylib"))[2][:2] == ("@rpath/a.dylib", answer)


def test_a_library_for_another_machine_is_passed_over() -> None:
    """Where the search leads to a file that the process cannot load, what is outside decides."""
    root = so("m.so", "a.so", runpath=("$ORIGIN",))
    assert answers(root, member("a.so", elf(ARM64))) == [("a.so", "unknown", "")]
    assert answers(root, member("a.so")) == [("a.so", "wheel", "a.so")]


def test_names_of_dlls_have_no_case() -> None:
    """A DLL that is in the process answers to its name in any case."""
    root = member("p/m.pyd", pe(X86_64, "A.dll", "b.DLL"))
    found = answers(root, member("p/a.dll", pe(X86_64)), member("p/b.dll", pe(X86_64, "a.DLL")))
    assert found == [
        ("A.dll", "wheel", "p/a.dll"),
        ("b.DLL", "wheel", "p/b.dll"),
        ("a.DLL", "loaded", "p/a.dll"),
    ]


@pytest.mark.parametrize(
    ("image", "ends"),
    [
        (elf(X86_64, "libc.so.6"), Outcome.LOADS),
        (elf(X86_64, "x.so"), Outcome.DEPENDS),
        (pe(X86_64, delayed=("x.dll",)), Outcome.LOADS),
        (macho(ARM64, dylibs=(Dylib("@rpath/x", "weak"),)), Outcome.LOADS),
    ],
)
def test_outcome(image: Image, ends: Outcome) -> None:
    """An open need makes the load depend on what is outside, unless the slice loads without it."""
    root = member("m", image)
    assert outcome(load(root, image, around([root]), Steps())) is ends


def test_a_need_that_nothing_can_bring_fails() -> None:
    """A lost library, or one for another machine, ends the load."""
    root = so("m.so", "x.so")
    (step,) = load(root, root.images[0], around([root]), Steps())
    for answer in (Answer.LOST, Answer.UNFIT):
        assert outcome([step._replace(answer=answer)]) is Outcome.FAILS
        assert outcome([step._replace(answer=answer, optional=True)]) is Outcome.LOADS


def test_steps_are_bounded() -> None:
    """A hostile wheel of many roots and long chains spends what the wheel may spend, and no more."""
    chain = [so(f"c/l{one}.so", f"l{one + 1}.so", "gone.so", rpath=("$ORIGIN",)) for one in range(50)]
    budget, surroundings = Steps(500), around(chain)
    taken = sum(len(list(load(root, root.images[0], surroundings, budget))) for root in chain)
    assert budget.left < 0
    assert taken <= 500
    assert [
        step.name for step in alone(surroundings.needs["c/l0.so", id(chain[0].images[0])], surroundings)
    ] == ["gone.so"]


def test_work_grows_with_the_libraries() -> None:
    """Twice as many libraries take twice the work."""

    def make(count: int) -> list[Member]:
        names = [f"l{one}.so" for one in range(count)]
        return [so("m.so", *names, runpath=("$ORIGIN",)), *(so(name, "libc.so.6") for name in names)]

    def run(members: list[Member]) -> None:
        list(load(members[0], members[0].images[0], around(members), Steps()))

    assert_linear(run, make, 100)


def test_a_path_from_the_asking_file_is_another_file_for_another() -> None:
    """What answered `@loader_path/a/libz.dylib` for one file does not answer it for one in another folder."""
    root = mac("pkg/m.so", "@loader_path/a/libz.dylib", "@loader_path/b/libq.dylib")
    library = mac("pkg/b/libq.dylib", "@loader_path/a/libz.dylib")
    assert answers(root, library, mac("pkg/a/libz.dylib"))[2][:2] == ("@loader_path/a/libz.dylib", "unknown")


def test_musl_does_not_know_sonames() -> None:
    """Only the name by which a search found a library answers again."""
    root = so("m.so", "libfoo.so", "libbar.so", runpath=("$ORIGIN",))
    foo, bar = so("libfoo.so", soname="libfoo.so.1"), so("libbar.so", "libfoo.so.1")
    assert answers(root, foo, bar)[2][:2] == ("libfoo.so.1", "loaded")
    assert answers(root, foo, bar, musl=True)[2][:2] == ("libfoo.so.1", "unknown")
