"""Which library of a wheel answers when a binary asks for one."""

import tracemalloc
from collections import Counter

import pytest

from support.steps import assert_linear
from support.values import elf, macho, member, pe
from wheelarch.loading import graph
from wheelarch.loading.graph import Edge, can_load, links, reachable
from wheelarch.model import Dylib, Image, Kind, Machine, Member, Role

ARM64, X86_64, X86 = Machine.ARM64, Machine.X86_64, Machine.X86


def dylibs(*names: str, kind: str = "load", **more: object) -> dict[str, object]:
    """Facts of a Mach-O slice that needs these libraries."""
    return {"dylibs": tuple(Dylib(name, kind) for name in names), **more}


def mac(path: str, *names: str, machine: Machine = ARM64, **more: object) -> Member:
    """A Mach-O file that needs these libraries."""
    return member(path, macho(machine, **dylibs(*names), **more))


def so(path: str, *names: str, machine: Machine = X86_64, **more: object) -> Member:
    """An ELF file that needs these libraries."""
    return member(path, elf(machine, *names, **more))


def dll(path: str, *names: str, machine: Machine = X86_64, **more: object) -> Member:
    """A PE file that needs these libraries."""
    return member(path, pe(machine, *names, **more))


def answers(*members: Member) -> list[tuple[list[str], bool]]:
    """For each name that the first member asks for: which members answer, and whether the search path leads there."""
    return [
        ([one.path for one in edge.found], edge.by_path)
        for edge in links(members)
        if edge.loader is members[0]
    ]


@pytest.mark.parametrize(
    ("name", "rpaths", "library", "by_path"),
    [
        ("@loader_path/.dylibs/libx.dylib", (), "pkg/.dylibs/libx.dylib", True),
        ("@loader_path/../other/libx.dylib", (), "other/libx.dylib", True),
        ("@loader_path/../../other/libx.dylib", (), "other/libx.dylib", False),
        ("@rpath/libx.dylib", ("@loader_path/lib",), "pkg/lib/libx.dylib", True),
        ("@rpath/libx.dylib", ("@loader_path",), "pkg/libx.dylib", True),
        ("@rpath/libx.dylib", ("@loader_path/",), "pkg/libx.dylib", True),
        ("@rpath/libx.dylib", ("/opt/lib", "@loader_path/a", "@loader_path/../lib"), "lib/libx.dylib", True),
        ("@rpath/libx.dylib", ("@loader_pathology",), "pkg/libx.dylib", False),
        ("@rpath/libx.dylib", (), "pkg/libx.dylib", False),
        ("@rpath/Q.framework/Versions/A/Q", ("@loader_path/lib",), "pkg/lib/Q.framework/Versions/A/Q", True),
        ("@executable_path/libx.dylib", (), "pkg/libx.dylib", False),
        ("/opt/homebrew/lib/libx.dylib", (), "pkg/libx.dylib", False),
        ("libx.dylib", (), "pkg/libx.dylib", False),
    ],
)
def test_install_names(name: str, rpaths: tuple[str, ...], library: str, by_path: bool) -> None:
    """Dyld's search is followed. A library that only has the name also answers, if it was loaded before."""
    loader = mac("pkg/_core.so", name, rpaths=rpaths)
    assert answers(loader, mac(library)) == [([library], by_path)]


def test_an_install_name_of_the_system_is_never_answered_by_the_wheel() -> None:
    """A bundled libz does not replace the system's."""
    assert answers(mac("pkg/_core.so", "/usr/lib/libz.1.dylib"), mac("pkg/libz.1.dylib")) == [([], False)]


def test_a_program_finds_libraries_by_its_own_folder() -> None:
    """@executable_path is the program's folder. For a library it is unknown which program that will be."""
    tool = mac("pkg/bin/tool", "@executable_path/../lib/libx.dylib", kind=Kind.EXECUTABLE)
    assert answers(tool, mac("pkg/lib/libx.dylib")) == [(["pkg/lib/libx.dylib"], True)]


def test_run_paths_of_the_loaders_count() -> None:
    """Dyld uses the run paths of whatever loads a library, relative to the file that has them."""
    inner = mac("pkg/deep/libb.dylib", "@rpath/libc.dylib")
    outer = mac("pkg/_core.so", "@loader_path/deep/liba.dylib", rpaths=("@loader_path/lib",))
    between = mac("pkg/deep/liba.dylib", "@loader_path/libb.dylib")
    assert answers(inner, between, outer, mac("pkg/lib/libc.dylib")) == [(["pkg/lib/libc.dylib"], True)]
    assert answers(inner, between, mac("pkg/lib/libc.dylib")) == [(["pkg/lib/libc.dylib"], False)]


@pytest.mark.parametrize(
    ("facts", "library", "by_path"),
    [
        ({"rpath": ("$ORIGIN/../pkg.libs",)}, "pkg.libs/libx.so.1", True),
        ({"runpath": ("${ORIGIN}",)}, "pkg/libx.so.1", True),
        ({"runpath": ("$ORIGIN/lib",), "rpath": ("$ORIGIN",)}, "pkg/libx.so.1", False),
        ({"runpath": ("/usr/lib",)}, "pkg/libx.so.1", False),
        ({}, "pkg/libx.so.1", False),
    ],
)
def test_elf_run_paths(facts: dict[str, tuple[str, ...]], library: str, by_path: bool) -> None:
    """DT_RUNPATH hides DT_RPATH, both know $ORIGIN, and without them a library may be loaded already."""
    assert answers(so("pkg/_core.so", "libx.so.1", **facts), so(library)) == [([library], by_path)]


def test_run_paths_of_files_at_the_top() -> None:
    """An extension module directly in site-packages finds what is beside it or below."""
    assert answers(so("_core.so", "libx.so", rpath=("$ORIGIN",)), so("libx.so")) == [(["libx.so"], True)]
    assert answers(so("_core.so", "libx.so", rpath=("$ORIGIN/lib",)), so("lib/libx.so")) == [
        (["lib/libx.so"], True)
    ]
    core = mac("_core.so", "@rpath/../libx.dylib", rpaths=("@loader_path/lib",))
    assert answers(core, mac("libx.dylib")) == [(["libx.dylib"], True)]
    core = mac("_core.so", "@rpath/sub/libx.dylib", rpaths=("@loader_path",))
    assert answers(core, mac("sub/libx.dylib"), mac("libx.dylib")) == [(["sub/libx.dylib"], True)]


def test_the_first_run_path_counts() -> None:
    """Of two copies, the one is taken whose folder comes first in the run paths."""
    for first, second in (("a", "b"), ("b", "a")):
        core = so("pkg/_core.so", "libx.so", runpath=(f"$ORIGIN/{first}", f"$ORIGIN/{second}"))
        assert answers(core, so("pkg/a/libx.so"), so("pkg/b/libx.so")) == [([f"pkg/{first}/libx.so"], True)]


@pytest.mark.parametrize(
    ("outer", "inner", "by_path"), [("rpath", "", True), ("runpath", "", False), ("rpath", "runpath", False)]
)
def test_only_dt_rpath_is_handed_down(outer: str, inner: str, by_path: bool) -> None:
    """ld.so uses the loaders' DT_RPATH, but not for a library with its own DT_RUNPATH."""
    core = so("pkg/_core.so", "libb.so", "libx.so", **{outer: ("$ORIGIN/lib", "$ORIGIN")})
    asking = so("pkg/libb.so", "libx.so", **({inner: ("$ORIGIN/empty",)} if inner else {}))
    assert answers(asking, core, so("pkg/lib/libx.so")) == [(["pkg/lib/libx.so"], by_path)]


def test_a_library_is_known_by_its_soname() -> None:
    """A loaded library answers to its DT_SONAME, whatever its file name is."""
    library = so("pkg/libx-3.so", soname="libx.so.3")
    assert answers(so("pkg/_core.so", "libx.so.3"), library) == [(["pkg/libx-3.so"], False)]
    mangled = so("pkg.libs/libf-1a2b3c4d.so.6", "libf-1a2b3c4d.so.6")
    assert answers(mangled) == [(["pkg.libs/libf-1a2b3c4d.so.6"], False)]


@pytest.mark.parametrize(
    ("libraries", "found"),
    [
        ({"pkg/Foo.dll": X86_64}, ["pkg/Foo.dll"]),
        ({"pkg.libs/foo.dll": X86_64}, ["pkg.libs/foo.dll"]),
        ({"pkg.libs/foo.dll": X86_64, "pkg/foo.dll": X86_64}, ["pkg/foo.dll"]),
        (
            {"pkg/foo.dll": X86, "pkg/x64/foo.dll": X86_64},
            ["pkg/foo.dll"],
        ),  # It fails: Windows does not search on.
        ({"other/foo.dll": X86, "pkg/x64/foo.dll": X86_64}, ["pkg/x64/foo.dll"]),
        ({"pkg/foo.dll": X86, "pkg/x86/foo.dll": X86}, ["pkg/foo.dll"]),
        ({"a/foo.dll": X86, "b/foo.dll": X86}, ["a/foo.dll", "b/foo.dll"]),
        ({"pkg/bar.dll": X86_64}, []),
    ],
)
def test_dlls(libraries: dict[str, Machine], found: list[str]) -> None:
    """Case does not matter, and any folder may be added. A DLL that fits beside the file that asks comes first."""
    members = [dll(path, machine=machine) for path, machine in libraries.items()]
    assert answers(dll("pkg/_core.pyd", "FOO.dll"), *members) == [(found, bool(found))]


@pytest.mark.parametrize(
    ("name", "library", "found"),
    [
        ("winmm.dll", "pkg/hooks/winmm.dll", False),
        ("winmm.dll", "pkg/winmm.dll", True),
        ("vcruntime140.dll", "pkg.libs/vcruntime140.dll", False),
        ("kernel32.dll", "pkg/kernel32.dll", False),
        ("api-ms-win-crt-heap-l1-1-0.dll", "pkg/api-ms-win-crt-heap-l1-1-0.dll", False),
        ("python3.dll", "pkg/embedded/python3.dll", False),
        ("python3.dll", "pkg/python3.dll", True),
        ("msvcp140.dll", "pkg.libs/msvcp140.dll", True),
    ],
)
def test_dlls_of_windows_and_python(name: str, library: str, found: bool) -> None:
    """Only a copy beside the file that asks replaces the system's, and for KnownDLLs and API sets not even that."""
    assert answers(dll("pkg/_core.pyd", name), dll(library)) == [([library] if found else [], found)]


@pytest.mark.parametrize(
    ("needed", "library", "facts", "found"),
    [
        (("libc.so.6",), "pkg/rootfs/lib/libc.so.6", {}, False),
        (("libstdc++.so.6",), "pkg/root/libstdc++.so.6", {}, False),
        (("libstdc++.so.6",), "pkg.libs/libstdc++.so.6", {"rpath": ("$ORIGIN/../pkg.libs",)}, True),
        (("libc.musl-x86_64.so.1",), "pkg/root/libc.musl-x86_64.so.1", {}, False),
        (("libstdc++.so.6", "libc.musl-x86_64.so.1"), "pkg/libstdc++.so.6", {}, True),
        (("libpython3.12.so.1.0",), "pkg/lib/libpython3.12.so.1.0", {}, False),
    ],
)
def test_libraries_of_the_system(
    needed: tuple[str, ...], library: str, facts: dict[str, tuple[str, ...]], found: bool
) -> None:
    """A copy of a library of glibc, musl or Python replaces the system's only if a run path leads to it."""
    first, *_ = answers(so("pkg/_core.so", *needed, **facts), so(library))
    assert first[0] == ([library] if found else [])


def test_a_handed_down_run_path_leads_to_a_copy_of_the_systems() -> None:
    """A library without run paths finds a bundled libstdc++ by the DT_RPATH of what loads it."""
    core = so("pkg/_core.so", "libx.so", rpath=("$ORIGIN/../pkg.libs",))
    asking = so("pkg.libs/libx.so", "libstdc++.so.6")
    assert answers(asking, core, so("pkg.libs/libstdc++.so.6")) == [(["pkg.libs/libstdc++.so.6"], True)]


@pytest.mark.parametrize(
    ("needed", "found"), [(("libx.so",), "b/libx.so"), (("libx.so", "libc.musl-x86_64.so.1"), "a/libx.so")]
)
def test_musl_takes_the_first_file_whatever_its_machine(needed: tuple[str, ...], found: str) -> None:
    """Glibc passes over a library for another machine, musl maps it."""
    core = so("_core.so", *needed, runpath=("$ORIGIN/a", "$ORIGIN/b"))
    assert answers(core, so("a/libx.so", machine=ARM64), so("b/libx.so"))[0] == ([found], True)


def test_formats_do_not_mix() -> None:
    """An ELF file does not answer a PE import, but a file that could not be parsed may be the library."""
    assert answers(dll("pkg/_core.pyd", "foo.dll"), so("pkg/foo.dll")) == [([], False)]
    assert answers(dll("pkg/_core.pyd", "foo.dll"), member("pkg/foo.dll")) == [(["pkg/foo.dll"], True)]


def test_each_slice_asks_for_itself() -> None:
    """scipy: each slice of a fat extension has its own thin copy of libgfortran."""
    core = member(
        "pkg/_core.so",
        macho(ARM64, **dylibs("@loader_path/arm64/libg.dylib")),
        macho(X86_64, **dylibs("@loader_path/x86_64/libg.dylib")),
    )
    copies = [mac("pkg/arm64/libg.dylib"), mac("pkg/x86_64/libg.dylib", machine=X86_64)]
    edges = links([core, *copies])
    assert [(edge.image.arch, edge.found[0].path) for edge in edges] == [
        ("arm64", "pkg/arm64/libg.dylib"),
        ("x86_64", "pkg/x86_64/libg.dylib"),
    ]


def test_purelib_and_platlib_are_one_place() -> None:
    """Paths are followed as installed: `.data/platlib` is site-packages."""
    core = mac("pkg-1.0.data/platlib/pkg/_core.so", "@loader_path/libx.dylib")
    assert answers(core, mac("pkg/libx.dylib")) == [(["pkg/libx.dylib"], True)]


@pytest.mark.parametrize(
    ("image", "optional"),
    [
        (macho(**dylibs("libx", kind="load")), False),
        (macho(**dylibs("libx", kind="reexport")), False),
        (macho(**dylibs("libx", kind="weak")), True),
        (macho(**dylibs("libx", kind="lazy")), True),
        (macho(dylibs=(Dylib("libx", "weak"), Dylib("libx", "load"))), False),
        (pe(X86_64, "libx"), False),
        (pe(X86_64, delayed=("libx",)), True),
        (pe(X86_64, "libx", delayed=("libx",)), False),
        (elf(X86_64, "libx"), False),
    ],
)
def test_optional_needs(image: Image, optional: bool) -> None:
    """Weak, lazy and delayed needs are optional, unless the same library is also needed in the ordinary way."""
    assert {edge.optional for edge in links([member("pkg/_core.so", image)])} == {optional}


@pytest.mark.parametrize(
    ("loader", "library", "fits"),
    [
        (elf(X86_64), elf(X86_64), True),
        (elf(X86_64), elf(ARM64), False),
        (elf(X86_64), elf(X86_64, bits=32), False),
        (elf(Machine.PPC64), elf(Machine.PPC64, little_endian=False), False),
        (pe(ARM64), pe(ARM64, variant="arm64x"), True),
        (pe(X86_64), elf(X86_64), False),
    ],
)
def test_which_images_can_load_which(loader: Image, library: Image, fits: bool) -> None:
    """Format, machine, class and byte order must be the same."""
    assert can_load(loader, library) is fits


def test_reachable() -> None:
    """Everything that the roots need is found once, even in circles, without the roots."""
    members = [
        so("a.so", "b.so"), so("b.so", "c.so", "b.so"), so("c.so", "a.so", "libc.so.6"), so("d.so", "c.so")
    ]  # fmt: skip
    assert reachable(links(members), ["a.so"]) == {"b.so", "c.so"}
    assert reachable(links(members), []) == set()


def chain(count: int) -> list[Member]:
    """Libraries of which each needs the next."""
    return [so(f"c/l{one}.so", f"l{one + 1}.so") for one in range(count)]


def copies(count: int) -> list[Member]:
    """Many copies of 8 libraries that all need each other."""
    names = [f"x{one}.so" for one in range(8)]
    return [so(f"d{one}/{names[one % 8]}", *names, soname=f"n{one}") for one in range(count)]


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often the functions are called that take most of the time."""
    steps = Counter[str]()

    def count_calls(name: str) -> None:
        function = getattr(graph, name)

        def counted(*arguments: object) -> object:
            steps[name] += 1
            return function(*arguments)

        monkeypatch.setattr(graph, name, counted)

    for name in ("can_load", "run_folders", "inherits"):
        count_calls(name)
    return steps


def test_many_copies_take_few_steps(steps: Counter[str]) -> None:
    """In a hostile wheel with twice as many members, the steps are about twice as many, not four times."""
    taken = []
    for count in (300, 600):
        steps.clear()
        edges = links([*copies(count), *chain(count)])
        assert len(edges) == 9 * count
        assert len(reachable(edges, ["c/l0.so"])) == count - 1
        taken.append(Counter(steps))
    smaller, larger = taken
    assert all(larger[name] < 2.5 * smaller[name] for name in larger)


def test_a_long_chain_takes_few_steps(steps: Counter[str]) -> None:
    """The run paths of 180,000 pairs of file and loader could be asked for, but only 100,000 are."""
    assert len(links(chain(600))) == 600
    assert steps["inherits"] < 105_000


@pytest.mark.parametrize("kind", ["rpath", "runpath"])
def test_many_names_of_one_library_take_few_steps(kind: str) -> None:
    """What holds for the whole image, its C library and its run paths, is not worked out again for each name."""

    def make(count: int) -> list[Member]:
        names = [f"d{one}/q.so" for one in range(count)]
        paths = {kind: tuple(f"$ORIGIN/r{one}" for one in range(count))}
        return [so("p/ext.so", *names, **paths), so("p/away/q.so")]

    assert_linear(links, make, 200)


def test_run_paths_of_many_files_are_not_all_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a hostile wheel with twice as many files with long run paths, the memory is the same, and so are the edges."""
    home = "p" * 2_000

    def make(count: int) -> list[Member]:
        paths = tuple(f"$ORIGIN/r{one}" for one in range(500))
        return [*(so(f"{home}/l{one}.so", "q.so", rpath=paths) for one in range(count)), so("away/q.so")]

    unbounded = links(make(8))
    monkeypatch.setattr(graph, "_KEPT", 2_000_000)
    peaks = []
    for count in (8, 16):
        members = make(count)
        tracemalloc.start()
        edges = links(members)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert [(one.name, one.by_path) for one in edges[:8]] == [
            (one.name, one.by_path) for one in unbounded
        ]
    assert peaks[1] < 1.3 * peaks[0]


def test_an_edge_says_who_asked() -> None:
    """An edge names the member, its slice and the library as the file spells it."""
    core = dll("pkg/_core.pyd", "Foo.DLL")
    assert links([core]) == (Edge(core, core.images[0], "Foo.DLL", False),)


def test_links_follow_members_whose_roles_change() -> None:
    """If members with other roles are asked about, they are the members in the edges."""
    before = (dll("pkg/a.pyd", "b.dll"), dll("pkg/b.dll", "kernel32.dll"))
    assert [edge.found for edge in links(before)] == [(before[1],), ()]
    after = tuple(one._replace(role=Role.FAMILY) for one in before)
    assert [(edge.loader, edge.found) for edge in links(after)] == [(after[0], (after[1],)), (after[1], ())]


def test_links_follow_a_list_that_changes() -> None:
    """The answer for a list is not used again if the list's elements have changed."""
    members = [dll("pkg/a.pyd", "b.dll"), dll("pkg/b.dll")]
    assert [edge.found for edge in links(members)] == [(members[1],)]
    members[1] = dll("pkg/c.dll")
    assert [edge.found for edge in links(members)] == [()]
