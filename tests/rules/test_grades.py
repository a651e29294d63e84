"""Severities as data: a fact has one severity on every system, or a system differs for a reason that a table gives."""

import ast
import inspect
import textwrap
from collections.abc import Iterator
from types import FunctionType
from typing import Any

import pytest

from support.rules import severities
from support.values import elf, entry, macho, member, pe, wheel
from wheelarch.facts.python_code import PythonCode
from wheelarch.facts.wheel import Wheel
from wheelarch.model import Dylib, Image, Machine, Member, Role, Severity, Symbol, VersionNeed
from wheelarch.rules import BY_CODE, RULES, Rule
from wheelarch.rules.grades import Deviation, Grade, Grades
from wheelarch.rules.remedies import SYSTEMS, systems_of_rule

GRADED = [rule for rule in RULES if rule.grades]
TABLES = list({table.fact: table for rule in GRADED for table in rule.grades}.values())

each_graded = pytest.mark.parametrize("rule", GRADED, ids=lambda rule: rule.code)
each_table = pytest.mark.parametrize("table", TABLES, ids=lambda table: table.fact)


@each_table
def test_a_system_that_differs_has_a_reason(table: Grades) -> None:
    """A deviation names known systems, each once, another severity than the rest has, and why."""
    for grade in table.grades.values():
        systems = [system for one in grade.deviations for system in one.systems]
        assert set(systems) <= set(SYSTEMS)
        assert len(systems) == len(set(systems))
        for deviation in grade.deviations:
            assert deviation.systems
            assert deviation.severity is not grade.severity
            assert deviation.why
            assert deviation.why != grade.why
        assert grade.why
        assert not any(each.endswith(".") for each in (table.fact, grade.files, grade.why))


def test_one_fact_has_one_table() -> None:
    """Rules for several systems that report the same fact share its table."""
    for rule in GRADED:
        for table in rule.grades:
            assert table in TABLES


@each_graded
def test_a_rule_with_tables_names_no_severity_itself(rule: Rule) -> None:
    """Its function, and what it calls in its file, take every severity from the tables; its own is one of them."""
    for function in called_by(rule.check):
        (node,) = ast.parse(textwrap.dedent(inspect.getsource(function))).body
        assert isinstance(node, ast.FunctionDef)
        named = [
            one.attr
            for statement in node.body
            for one in ast.walk(statement)
            if isinstance(one, ast.Attribute)
            and isinstance(one.value, ast.Name)
            and one.value.id == "Severity"
        ]
        assert not named, function.__name__
    assert rule.severity in {grade.severity for table in rule.grades for grade in table.grades.values()}


def called_by(check: Any) -> Iterator[FunctionType]:
    """The function, and every function of its module that it calls, directly or not."""
    waiting, seen = [inspect.unwrap(check)], set()
    while waiting:
        function = waiting.pop()
        if function in seen:
            continue
        seen.add(function)
        yield function
        names = {
            one.id
            for one in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(function))))
            if isinstance(one, ast.Name)
        }
        for name in names:
            other = inspect.unwrap(function.__globals__.get(name, None) or len)
            if isinstance(other, FunctionType) and other.__module__ == function.__module__:
                waiting.append(other)


def test_deviations_count_only_on_their_systems() -> None:
    """A system without a deviation has the grade's own severity, and so has an unknown one."""
    grade = Grade("a file", Severity.ERROR, "it fails", (Deviation(("musl",), None, "musl does not look"),))
    table = Grades("A file is odd", {"file": grade})
    assert table.of("file", "musl") is None
    assert table.of("file", "linux") is table.of("file", "haiku") is Severity.ERROR


# --- the same fact on every system: what is reported is what the table says

PLATFORMS = {
    "windows": "win_arm64",
    "macos": "macosx_11_0_arm64",
    "ios": "ios_13_0_arm64_iphoneos",
    "linux": "manylinux_2_17_aarch64",
    "musl": "musllinux_1_2_aarch64",
    "android": "android_24_arm64_v8a",
}
SUFFIX = {"windows": ".pyd"}


def an_image(system: str, machine: Machine, *needed: str, hooks: tuple[str, ...] = ()) -> Image:
    """A library or module for the system that needs these libraries."""
    if system == "windows":
        return pe(machine, *needed, hooks=hooks)
    if system in ("macos", "ios"):
        return macho(machine, platform=system, hooks=hooks, needed=needed)
    return elf(machine, *needed, hooks=hooks)


def tagged(system: str, *members: Member) -> Wheel:
    """A wheel for CPython 3.13 on ARM64 of that system."""
    return wheel(f"pkg-1.0-cp313-cp313-{PLATFORMS[system]}.whl", *members)


def module(system: str, machine: Machine, *needed: str) -> Member:
    """The extension module pkg._core."""
    image = an_image(system, machine, *needed, hooks=("PyInit__core",))
    return member(f"pkg/_core{SUFFIX.get(system, '.so')}", image)


def wrong_module(system: str) -> Wheel:
    return tagged(system, module(system, Machine.X86_64))


def wrong_needed(system: str) -> Wheel:
    name = "foo.dll" if system == "windows" else "libfoo.so"
    asked = "@loader_path/libfoo.so" if system in ("macos", "ios") else name
    library = member(f"pkg/{name}", an_image(system, Machine.X86_64), role=Role.DEPENDENCY)
    return tagged(system, module(system, Machine.ARM64, asked), library)


def wrong_opened(system: str) -> Wheel:
    library = member("pkg/libfoo.dll", an_image(system, Machine.X86_64), role=Role.LIBRARY)
    return tagged(system, module(system, Machine.ARM64), library)


def misnamed(system: str) -> Wheel:
    suffix = {
        "windows": ".cp312-win_arm64.pyd",
        "macos": ".cpython-312-darwin.so",
        "ios": ".cpython-312-iphoneos.so",
        "musl": ".cpython-312-aarch64-linux-musl.so",
        "android": ".cpython-312-aarch64-linux-android.so",
    }.get(system, ".cpython-312-aarch64-linux-gnu.so")
    image = an_image(system, Machine.ARM64, hooks=("PyInit__core",))
    return tagged(system, member(f"pkg/_core{suffix}", image))


def other_hook(system: str) -> Wheel:
    image = an_image(system, Machine.ARM64, hooks=("PyInit_ops",))
    subject = tagged(system, member(f"pkg/_core{SUFFIX.get(system, '.so')}", image))
    return subject._replace(entries=(*subject.entries, entry("pkg/__init__.py")), code=PythonCode())


def gil_only(system: str) -> Wheel:
    symbols = (Symbol("_Py_Dealloc", "python313.dll" if system == "windows" else ""),)
    image = an_image(system, Machine.ARM64, "python313.dll", hooks=("PyInit__core",))
    core = member(f"pkg/_core{SUFFIX.get(system, '.so')}", image._replace(imported=symbols))
    return wheel(f"pkg-1.0-cp313-none-{PLATFORMS[system]}.whl", core)


def own_library(system: str) -> Wheel:
    names = {"macos": "/opt/homebrew/Python.framework/Versions/3.13/Python", "windows": "python313.dll"}
    core = module(system, Machine.ARM64, names.get(system, "libpython3.13.so"))
    if system == "macos":
        (image,) = core.images
        assert image.macho is not None
        dylibs = (Dylib(names["macos"], "load"),)
        core = core._replace(images=(image._replace(macho=image.macho._replace(dylibs=dylibs)),))
    return tagged(system, core)


def lacking(name: str) -> Any:
    """Wheels whose module needs a library of that name, as each system spells it."""

    def build(system: str) -> Wheel:
        spelled = {
            "windows": f"{name}.dll",
            "macos": f"@rpath/lib{name}.dylib",
            "ios": f"@rpath/lib{name}.dylib",
        }
        needed = spelled.get(system, f"lib{name}.so.2")
        core = module(system, Machine.ARM64, needed)
        (image,) = core.images
        if image.macho is not None:
            facts = image.macho._replace(dylibs=(Dylib(needed, "load"),))
            core = core._replace(images=(image._replace(macho=facts),))
        return tagged(system, core)

    return build


def software(system: str) -> Wheel:
    name = {"windows": "jvm", "macos": "jvm", "ios": "jvm"}.get(system, "jvm")
    subject = lacking(name)(system)
    if system in ("linux", "musl", "android"):
        core = module(system, Machine.ARM64, "libjvm.so")
        subject = tagged(system, core)
    return subject


def at_a_path(system: str) -> Wheel:
    path = "/home/build/libfoo.dylib"
    core = module(system, Machine.ARM64, path)
    (image,) = core.images
    if image.macho is not None:
        core = core._replace(
            images=(image._replace(macho=image.macho._replace(dylibs=(Dylib(path, "load"),))),)
        )
    return tagged(system, core)


def newer(system: str) -> Wheel:
    """A module that was built for a newer system than the tag's."""
    core = module(system, Machine.ARM64)
    (image,) = core.images
    if image.macho is not None:
        image = macho(Machine.ARM64, platform=system, hooks=("PyInit__core",), minos=(15, 0, 0))
    elif image.elf is not None:
        need = VersionNeed("libc.so.6", "GLIBC_2.34", False)
        asked = (need,) if system == "linux" else ()
        level = 31 if system == "android" else None
        image = image._replace(elf=image.elf._replace(version_needs=asked, android_api=level))
    return tagged(system, core._replace(images=(image,)))


@pytest.mark.parametrize(
    ("code", "systems"), [("WA501", ("macos", "ios")), ("WA520", ("linux",)), ("WA527", ("android",))]
)
def test_a_newer_system_is_one_fact(code: str, systems: tuple[str, ...]) -> None:
    """Three rules report it, each for its systems, by one table."""
    (table,) = BY_CODE[code].grades
    for system in systems:
        assert severities(code, newer(system)) == [table.of("needed", system)]


TRIED = [
    ("WA507", "needed", at_a_path),
    ("WA508", "needed", lacking("foo")),
    ("WA523", "needed", lacking("foo")),
    ("WA536", "needed", software),
    ("WA537", "needed", lacking("torch")),
    ("WA201", "module", wrong_module),
    ("WA203", "needed", wrong_needed),
    ("WA203", "opened", wrong_opened),
    ("WA311", "module", own_library),
    ("WA312", "module", own_library),
    ("WA316", "module", gil_only),
    ("WA401", "module", misnamed),
    ("WA404", "by-path", other_hook),
]
"""Rules, the rows of their tables, and wheels with that fact."""

TABLE = {"WA507": 0, "WA508": 1, "WA523": 1}
"""Which of its tables is tried of a rule with several that have the same rows."""


@pytest.mark.parametrize("system", PLATFORMS)
@pytest.mark.parametrize(("code", "kind", "build"), TRIED)
def test_what_is_reported_is_what_the_table_says(code: str, kind: str, build: Any, system: str) -> None:
    """The same fact in a wheel for each system has the severity that the page gives for it."""
    table = (
        BY_CODE[code].grades[TABLE.get(code, 0)]
        if code in TABLE
        else next(one for one in BY_CODE[code].grades if kind in one.grades)
    )
    expected = table.of(kind, system)
    if system not in systems_of_rule(BY_CODE[code]):
        assert severities(code, build(system)) == []
    else:
        assert severities(code, build(system)) == ([] if expected is None else [expected])
