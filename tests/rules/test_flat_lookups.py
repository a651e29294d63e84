"""WA530 and WA531: names that no library brings."""

from collections.abc import Iterable
from typing import Any

import pytest

from support.images import image
from support.rules import problems, severities
from support.systems import ARM64, ERROR, MAC_ARM, MAC_BOTH, MAC_EXT, MAC_X86, WARNING, X86_64
from support.values import macho, member, wheel
from support.wheels import build_wheel
from wheelarch.api import audit
from wheelarch.facts.flat_lookups import FlatLookups, asked_names, may_bring
from wheelarch.facts.wheel import Wheel
from wheelarch.model import Dylib, Image, Kind, Machine, Member, Role, Severity, Symbol
from wheelarch.platforms.apple_symbols import may_be_apples

PYTHON = Symbol("PyModule_Create2", lookup="flat")
HELPER = "@rpath/libhelper.dylib"
BOTH_PATH = {ARM64: 0xC000, X86_64: 0x4000}


def looking(machine: Machine, *names: str, **more: Any) -> Image:
    """A slice that looks up names flat, as it does Python's."""
    flat = tuple(Symbol(name, lookup="flat") for name in names)
    return macho(
        machine,
        offset=BOTH_PATH[machine],
        imported=(PYTHON, *flat, *more.pop("bound", ())),
        hooks=("PyInit__core",),
        **more,
    )


def bound(machine: Machine, *names: str, library: str = HELPER, **more: Any) -> Image:
    """A slice that binds names to a library."""
    return looking(
        machine,
        bound=tuple(Symbol(name, library) for name in names),
        dylibs=(Dylib(library, "load"),),
        **more,
    )


def told(
    subject: Wheel,
    exported: Iterable[tuple[str, Machine, str]] = (),
    *,
    preloads: bool = False,
    requires: tuple[str, ...] = (),
) -> Wheel:
    """The wheel after its exports were read: names by path and machine."""
    held: dict[tuple[str, int], frozenset[str]] = {
        (one.path, part.offset): frozenset()
        for one in subject.members
        for part in one.images
        if part.macho is not None
    }
    for path, machine, name in exported:
        place = next(
            (one.path, part.offset)
            for one in subject.members
            for part in one.images
            if one.path == path and part.machine is machine
        )
        held[place] |= {name}
    return subject._replace(
        dist_info=subject.dist_info._replace(requires=requires), flat_lookups=FlatLookups(held, preloads)
    )


def universal(
    *images: Image, more: tuple[Member, ...] = (), role: Role = Role.EXTENSION, **known: Any
) -> Wheel:
    return told(wheel(MAC_BOTH, member(MAC_EXT, *images, role=role), *more), **known)


def thin(*names: str, more: tuple[Member, ...] = (), machine: Machine = ARM64, **known: Any) -> Wheel:
    filename = MAC_ARM if machine is ARM64 else MAC_X86
    return told(wheel(filename, member(MAC_EXT, looking(machine, *names)), *more), **known)


ONE_SLICE = universal(looking(X86_64, "answer"), bound(ARM64, "answer"))
LIBRARY = member("pkg/libhelper.dylib", macho(X86_64, kind=Kind.SHARED_LIBRARY), role=Role.LIBRARY)

HITS: dict[str, list[Wheel]] = {
    "WA530": [
        ONE_SLICE,
        # openmm, apple_foundation_models
        universal(looking(X86_64, "answer"), bound(ARM64, "answer"), role=Role.LIBRARY),
        universal(looking(X86_64, "answer"), bound(ARM64, "answer"), requires=("numpy",)),
        universal(looking(X86_64, "answer"), looking(ARM64), exported=[(MAC_EXT, ARM64, "answer")]),
        # rpy2_rinterface 3.6.7
        universal(
            looking(X86_64, "R_NaString"),
            bound(
                ARM64,
                "R_NaString",
                library="/Library/Frameworks/R.framework/Versions/4.6/Resources/lib/libR.dylib",
            ),
        ),
    ],
    "WA531": [
        thin("lib_fn"),
        thin("lib_fn", machine=X86_64),
        # bonsai: Apple's LDAP framework lacks the name, or the linker would have bound it.
        told(
            wheel(
                MAC_ARM,
                member(
                    MAC_EXT,
                    looking(
                        ARM64,
                        "ldap_install_tls",
                        dylibs=(Dylib("/System/Library/Frameworks/LDAP.framework/Versions/A/LDAP", "load"),),
                    ),
                ),
            )
        ),
        thin(
            "lib_fn", requires=('typing-extensions>=4; python_version < "3.8"', 'gevent; extra == "gevent"')
        ),
        thin("__kmpc_fork_call"),
        universal(looking(X86_64, "lib_fn"), looking(ARM64, "lib_fn")),
        thin("lib_fn", requires=("numpy>=1.20",)),
    ],
}

CLEAN: dict[str, list[Wheel]] = {
    "WA530": [
        # raylib 6.2: no tag needs the other slice.
        told(wheel(MAC_ARM, member(MAC_EXT, bound(ARM64, "answer"), looking(X86_64, "answer")))),
        # matplotlib, pyobjc: the system has it.
        universal(
            looking(X86_64, "objc_msgSend"), bound(ARM64, "objc_msgSend", library="/usr/lib/libobjc.A.dylib")
        ),
        universal(
            looking(X86_64),
            bound(ARM64, "PyLong_FromLong", library="@rpath/Python3.framework/Versions/3.11/Python3"),
        ),
        # A library of the wheel has the name for this machine.
        universal(
            looking(X86_64, "answer"),
            bound(ARM64, "answer"),
            more=(LIBRARY,),
            exported=[("pkg/libhelper.dylib", X86_64, "answer")],
        ),
        # Weak names may be missing.
        universal(
            looking(X86_64, bound=(Symbol("answer", weak=True, lookup="flat"),)), bound(ARM64, "answer")
        ),
        # The exports were not read.
        wheel(MAC_BOTH, member(MAC_EXT, looking(X86_64, "answer"), bound(ARM64, "answer"))),
        universal(looking(X86_64, "lib_fn"), looking(ARM64, "lib_fn")),
        thin("lib_fn"),
    ],
    "WA531": [
        ONE_SLICE,
        thin(),
        thin(
            "CFRelease",
            "kCFBooleanTrue",
            "OBJC_CLASS_$_NSString",
            "objc_msgSend",
            "__stack_chk_fail",
            "iconv",
        ),
        thin("_Znwm", "_ZNSt3__14coutE", "__gxx_personality_v0", "_Unwind_Resume"),
        # apple_foundation_models as a thin file: so many names are a design.
        thin(*(f"apple_{number}" for number in range(20))),
        thin("lib_fn", preloads=True),
        # cadquery_ocp: vtk has the names.
        thin("_Z26AddRegistrar_vtkCommonMathv", requires=("cadquery-ocp-proxy==8.0", "vtk==9.6.2")),
        # scipy: numpy has the names.
        thin("npy_copysign", requires=("numpy (>=1.17.3)",)),
        # Another module brings libraries from outside.
        thin(
            "lib_fn",
            more=(
                member(
                    "pkg/other.cpython-311-darwin.so",
                    macho(ARM64, dylibs=(Dylib("@rpath/libx.dylib", "load"),)),
                ),
            ),
        ),
        # netCDF4: a bundled library that the module needs indirectly has the name.
        thin(
            "H5get_libversion",
            more=(
                member(
                    "pkg/.dylibs/libhdf5.dylib", macho(ARM64, kind=Kind.SHARED_LIBRARY), role=Role.DEPENDENCY
                ),
            ),
            exported=[("pkg/.dylibs/libhdf5.dylib", ARM64, "H5get_libversion")],
        ),
        # A plugin of another program.
        told(wheel(MAC_ARM, member("pkg/plugin.so", looking(ARM64, "lib_fn"), role=Role.LIBRARY))),
        # -flat_namespace: the C library's names too are looked up flat.
        told(wheel(MAC_ARM, member(MAC_EXT, looking(ARM64, "malloc", "lib_fn", flags=0x4)))),
        told(wheel(MAC_ARM, member(MAC_EXT, looking(ARM64, bound=(Symbol("rb_ary_new", lookup="main"),))))),
    ],
}


@pytest.mark.parametrize(
    ("subject", "severity"),
    [
        (ONE_SLICE, ERROR),
        (universal(looking(X86_64, "answer"), bound(ARM64, "answer"), preloads=True), WARNING),
        # Another module loads the same library on this machine.
        (
            universal(
                looking(X86_64, "answer"),
                bound(ARM64, "answer"),
                more=(member("pkg/other.cpython-311-darwin.so", bound(X86_64), bound(ARM64)),),
            ),
            WARNING,
        ),
        (universal(looking(X86_64, "a_b"), looking(ARM64), exported=[(MAC_EXT, ARM64, "a_b")]), ERROR),
        # scipy 1.8.1: numpy is imported first, and may have the name.
        (
            universal(
                looking(X86_64, "a_b"),
                looking(ARM64),
                exported=[(MAC_EXT, ARM64, "a_b")],
                requires=("numpy",),
            ),
            WARNING,
        ),
        (
            universal(looking(X86_64, "a_b"), bound(ARM64, "a_b", library="/opt/local/lib/libx.dylib")),
            WARNING,
        ),
        # Python may import torch first, but that does not bring a library of this wheel.
        (
            universal(
                looking(X86_64, "a_b"),
                bound(ARM64, "a_b", library="@rpath/libc10.dylib"),
                requires=("torch",),
            ),
            WARNING,
        ),
        (
            universal(
                looking(X86_64, "a_b"),
                bound(ARM64, "a_b"),
                more=(
                    member("pkg/libhelper.dylib", macho(ARM64, kind=Kind.SHARED_LIBRARY), role=Role.LIBRARY),
                ),
                requires=("torch",),
            ),
            ERROR,
        ),
        (
            universal(looking(X86_64, "inflate"), bound(ARM64, "inflate", library="@rpath/libz.1.dylib")),
            WARNING,
        ),
    ],
    ids=[
        "sure",
        "RTLD_GLOBAL",
        "loaded before",
        "own code",
        "own code, requirements",
        "absolute",
        "torch",
        "bundled",
        "Apple",
    ],
)
def test_what_may_bring_the_name_makes_it_a_warning(subject: Wheel, severity: Severity) -> None:
    """It is an error only if nothing that the wheel shows could bring the name into the process."""
    assert severities("WA530", subject) == [severity]


def test_one_problem_per_slice() -> None:
    """A problem names the first name, how many there are, and the library of the other slice."""
    (problem,) = problems("WA530", universal(looking(X86_64, "one", "two"), bound(ARM64, "one", "two")))
    assert problem.slice == "x86_64"
    assert problem.evidence == {"symbol": "one", "count": "2", "library": HELPER}
    assert "uses one and 1 more" in problem.message
    assert problem.consequence == "symbol not found in flat namespace '_one'"


def test_nothing_is_asked_of_normal_wheels() -> None:
    """Exports are read only if a name needs an answer: not for Python's, Apple's, and those of surplus slices."""
    for subject in (
        thin(),
        thin("objc_msgSend"),
        CLEAN["WA530"][0],
        thin(*(f"n_{one}" for one in range(20))),
    ):
        assert asked_names(subject) == set()
    assert asked_names(ONE_SLICE) == {"answer"}


def test_an_unread_image_may_have_the_name() -> None:
    """If the exports of one image could not be read, nothing is reported."""
    subject = thin("lib_fn")
    assert subject.flat_lookups is not None
    known = subject.flat_lookups._replace(exported={})
    assert problems("WA531", subject._replace(flat_lookups=known)) == []


def test_too_many_names_are_not_looked_for() -> None:
    """Many names in many files are not read: such a wheel is made up."""
    files = [
        member(
            f"pkg/_{at}.cpython-311-darwin.so",
            looking(X86_64, *(f"f_{at}_{one}" for one in range(200))),
            looking(ARM64),
        )
        for at in range(30)
    ]
    assert len(asked_names(wheel(MAC_BOTH, *files[:10]))) == 2_000
    assert asked_names(wheel(MAC_BOTH, *files)) == set()


@pytest.mark.parametrize(
    ("requires", "name", "brings"),
    [
        ((), "x_y", False),
        (("Typing_Extensions>=4",), "x_y", False),
        (('tornado; extra == "tornado"',), "x_y", False),
        (("numpy (<2,>=1.17)",), "x_y", False),
        (("numpy",), "npy_log", True),
        (("numpy",), "", True),
        (("vtk==9.6.2",), "x_y", True),
        (('jpype1[x] ; sys_platform == "darwin"',), "x_y", True),
    ],
)
def test_what_requirements_bring(requires: tuple[str, ...], name: str, brings: bool) -> None:
    """A distribution that is always installed may have the name, except those that are known not to."""
    assert may_bring(requires, name) is brings


def test_names_of_apple() -> None:
    """Names are taken for Apple's by their spelling; with frameworks, camel case and BLAS count too."""
    apples = (
        "CFRelease",
        "__CFConstantStringClassReference",
        "_NSConcreteStackBlock",
        "sqlite3_open",
        "inflateEnd",
    )
    assert all(may_be_apples(name, frameworks=False) for name in apples)
    foreign = (
        "lib_fn",
        "_ZN6OpenMM5ForceC1Ev",
        "PQconnectdb",
        "dgemm_",
        "GOMP_parallel",
        "_gfortran_st_write",
    )
    assert not any(may_be_apples(name, frameworks=False) for name in foreign)
    assert may_be_apples("dgemm_", frameworks=True)
    assert may_be_apples("SomeFunction", frameworks=True)
    assert not may_be_apples("ldap_install_tls", frameworks=True)


UNIVERSAL_NAME = "pkg-1.0-cp312-cp312-macosx_10_9_universal2.whl"
ARM_NAME = "pkg-1.0-cp312-cp312-macosx_11_0_arm64.whl"
MODULE = "pkg/ext.cpython-312-darwin.so"
HELPER_PATH = "pkg/.dylibs/libhelper.dylib"


def codes(filename: str, members: dict[str, bytes]) -> list[tuple[str, str]]:
    """What the audit finds of these rules."""
    (report,) = audit(build_wheel(filename, members), name=filename, select=["WA53"], second_opinion="off")
    return [(one.code, one.severity.value) for one in report.findings]


def test_real_files() -> None:
    """The audit reads the exports of the wheel's own files, and finds the slice that lacks its library."""
    module = {MODULE: image("macos-universal2-flat-x86_64.so")}
    other = {HELPER_PATH: image("macos-arm64-helper.dylib")}
    assert codes(UNIVERSAL_NAME, module | other) == [("WA530", "error")]
    assert codes(UNIVERSAL_NAME, module | {HELPER_PATH: image("macos-x86_64-helper.dylib")}) == []
    assert codes(UNIVERSAL_NAME, {MODULE: image("macos-universal2.so")}) == []
    # The same bytes in a wheel for the slice that works.
    assert codes(ARM_NAME, module | other) == []


@pytest.mark.parametrize("python", [b"", b"import ctypes\nctypes.CDLL(path, mode=ctypes.RTLD_GLOBAL)\n"])
def test_real_thin_files(python: bytes) -> None:
    """A thin module whose name nothing explains is a warning, unless the wheel's code loads something for all."""
    members = {MODULE: image("macos-arm64-flat.so"), "pkg/__init__.py": python}
    assert codes(ARM_NAME, members) == ([] if python else [("WA531", "warning")])
    assert codes(ARM_NAME, members | {HELPER_PATH: image("macos-arm64-helper.dylib")}) == []
    assert codes(ARM_NAME, {MODULE: image("macos-arm64-helper-user.so")}) == []
