"""What to do, in the words of the system that the wheel is for and of the tool that built it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import wheelarch.rules
from wheelarch.facts import provenance
from wheelarch.rules import RULES, Rule
from wheelarch.rules.remedies import (
    FAMILIES,
    REMEDIES,
    SYSTEMS,
    build_tool,
    listed,
    systems_of_rule,
    systems_of_tags,
    text,
)
from wheelarch.why.messages import MESSAGES, Message

TOOLS = {
    "": "",
    "setuptools": "setuptools (84.0)",
    "maturin": "maturin (1.16.0)",
    "scikit-build-core": "scikit-build-core 1.1.2",
    "meson-python": "meson",
    "hatchling": "hatchling 1.33.0",
    "poetry-core": "poetry-core 2.5.0",
    "flit-core": "flit 4.2.0",
    "pdm-backend": "pdm-backend (2.5.0)",
}
"""The Generator of each build tool; no text is for another tool."""

OWN_WORDS = {
    r"delocate|MACOSX|macosx|apple-darwin|CIBW_ARCHS_MACOS|\bbrew\b|dynamic_lookup|ARCHFLAGS|Homebrew": "macos",
    r"codesign|install_name_tool|\blipo\b|fixup_chains|xcrun|-framework|SDKROOT|CMAKE_OSX": "macos ios",
    r"IPHONEOS|apple-ios|--platform ios|iphonesimulator": "ios",
    r"manylinux|CIBW_ARCHS_LINUX|auditwheel|libpthread": "linux musl",
    r"musllinux": "linux musl",
    r"patchelf|noexecstack|max-page-size|ORIGIN": "linux musl android",
    r"\bNDK\b|linux-android|ANDROID|--platform android": "android",
    r"delvewheel|vcvarsall|CIBW_ARCHS_WINDOWS|windows-msvc|MSVC|py -3": "windows",
    r"python3t?\.lib|python3X\.lib|/MACHINE|-A x64": "windows",
    r"MSYS2|-lpython3`|DELAYLOAD|\.pyd`, not|Python DLL": "windows mingw",
    r"pyodide|emscripten": "wasm",
    r"QEMU|musllinux": "linux musl",
}
"""Words that belong to some systems only. Texts for other systems must not have them."""


def words_of_others(system: str, words: str) -> list[str]:
    """The words in a text that belong to other systems."""
    return [
        found[0]
        for pattern, systems in OWN_WORDS.items()
        if system not in systems.split()
        for found in re.finditer(pattern, words)
    ]


@pytest.mark.parametrize(
    ("generator", "tool"),
    [
        ("bdist_wheel (0.45.1)", "setuptools"),
        ("setuptools (78.1.0)", "setuptools"),
        ("maturin (1.9.4)", "maturin"),
        ("scikit-build-core 0.11.1", "scikit-build-core"),
        ("meson", "meson-python"),
        ("hatchling 1.27.0", "hatchling"),
        ("poetry-core 2.1.3", "poetry-core"),
        ("flit 3.12.0", "flit-core"),
        ("pdm-backend (2.4.3)", "pdm-backend"),
        ("bdist_wheel (0.45.1); delocate 0.13.0", "setuptools"),
        ("delocate 0.13.0; maturin (1.9.4)", "maturin"),
        ("bazel-wheelmaker 1.0", ""),
        ("setuptools-like 1", ""),
        ("", ""),
        (" ; ()", ""),
    ],
)
def test_build_tool(generator: str, tool: str) -> None:
    """The Generator in WHEEL says which backend built the wheel, whatever tool repaired it afterwards."""
    assert build_tool(generator) == tool


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.remedies], ids=lambda rule: rule.code)
def test_every_rule_system_and_tool_has_a_text(rule: Rule) -> None:
    """Each combination has a text. It names no tool of another system, and no id of a remedy."""
    for system in systems_of_rule(rule):
        for generator in TOOLS.values():
            words = text(rule.remedies, generator, (system,))
            assert words, (system, generator)
            assert not words_of_others(system, words), (system, generator, words)
            assert not any(f"`{each}`" in words or f"{each}:" in words for each in REMEDIES), words
            assert not re.search(r"\bR\d+\b", words), words


OWN_ERRORS = {
    r"DLL load failed|WinError|Win32|PE file": "windows mingw",
    r"mach-o file|flat namespace|Library not loaded": "macos ios",
    r"cannot open shared object file|wrong ELF class|GLIBC_": "linux musl",
    r"instead of EM_|-bit instead of": "android",
}
"""What only the loaders of some systems say."""


GLIBC_ONLY = {"WA311", "WA521", "WA523"}
"""These say what glibc says of a missing library, whatever the C library is."""


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_finding_fits_its_system(rule: Rule) -> None:
    """What is to be done and what users see are in the words of the system, for every finding of every rule."""
    from tests.rules.test_registry import HITS

    for problem in (problem for hit in HITS[rule.code] for problem in rule.check(hit)):
        systems = systems_of_tags(problem.tags)
        for system in systems if len(systems) == 1 else ():
            for generator in TOOLS.values():
                words = text(problem.remedies or rule.remedies, generator, (system,))
                assert not words_of_others(system, words), (system, generator, words)
            for pattern, owners in OWN_ERRORS.items() if rule.code not in GLIBC_ONLY else ():
                assert system in owners.split() or not re.search(pattern, problem.consequence), problem


@pytest.mark.parametrize("each", REMEDIES)
@pytest.mark.parametrize("system", SYSTEMS)
def test_no_text_names_the_tools_of_another_system(each: str, system: str) -> None:
    """The same for every remedy on every system, whether a rule can ask for it or not."""
    for generator in TOOLS.values():
        words = text((each,), generator, (system,))
        assert not words_of_others(system, words), words


def used() -> Iterator[str]:
    """The ids that rules, problems, messages and known-bad builds name."""
    for path in Path(wheelarch.rules.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "remedies":
                yield from (
                    one.value
                    for one in ast.walk(node.value)
                    if isinstance(one, ast.Constant) and isinstance(one.value, str)
                )
    yield from (each for message in MESSAGES for each in message.remedies)
    yield from (each for known in provenance.KNOWN_BAD for each in known.remedies)


def test_ids_are_used_and_known() -> None:
    """No rule, problem or message names an unknown remedy, and each remedy is named by something."""
    assert set(used()) == set(REMEDIES)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", each) for each in REMEDIES)


def test_a_rule_names_one_remedy() -> None:
    """The system chooses the text, not the rule."""
    assert all(len(rule.remedies) <= 1 for rule in RULES)


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.name)
def test_messages_have_texts(message: Message) -> None:
    """Each remedy of a message has a text on each system that the message can be about."""
    for system in FAMILIES.get(message.system, (message.system,)):
        for each in message.remedies:
            assert text((each,), "", (system,) if system else ()), (system, each)


TEXTS = [
    pytest.param(words, id=f"{each}-{system}-{tool or 'general'}")
    for each, remedy in REMEDIES.items()
    for system, texts in remedy._asdict().items()
    if texts
    for tool, words in {"": texts.text, **texts.tools}.items()
]


@pytest.mark.parametrize("words", TEXTS)
def test_form_of_a_text(words: str) -> None:
    """A text is one to three sentences. It starts with a capital, ends with a stop and closes its quotes."""
    assert re.match(r"[A-Z]|maturin|meson-python|scikit-build-core|flit-core", words)
    assert words.endswith(".")
    assert "  " not in words
    assert words.count("`") % 2 == 0
    assert len(re.findall(r"[a-z0-9)`]\.(?= [A-Z]|$)", words)) <= 3
    assert len(words) <= 330


@pytest.mark.parametrize("words", TEXTS)
def test_old_workarounds_are_not_printed(words: str) -> None:
    """The variable MATURIN_USE_XWIN is not a remedy: newer linkers refuse what it makes."""
    assert "XWIN" not in words


def test_tools_are_known() -> None:
    """A text for a tool has a name that `build_tool` returns; otherwise nobody would ever see it."""
    known = {build_tool(generator) for generator in TOOLS.values()} - {""}
    assert known == set(TOOLS) - {""}
    for remedy in REMEDIES.values():
        for texts in filter(None, remedy):
            assert set(texts.tools) <= known


@pytest.mark.parametrize(
    ("each", "generator", "system", "has", "lacks"),
    [
        ("build-for-machine", "bdist_wheel (0.45.1)", "macos", "ARCHFLAGS", "--target"),
        ("build-for-machine", "maturin (1.9.4)", "macos", "`universal2-apple-darwin`", "ARCHFLAGS"),
        ("build-for-machine", "", "macos", "CIBW_ARCHS_MACOS", "CARGO_BUILD_TARGET"),
        ("build-for-machine", "scikit-build-core 0.11.1", "macos", "CMAKE_OSX_ARCHITECTURES", "CARGO"),
        (
            "build-for-machine",
            "setuptools (78.1.0)",
            "windows",
            "`--plat-name` alone changes the tag",
            "CARGO",
        ),
        (
            "build-for-machine",
            "maturin (1.9.4); delvewheel 1.10",
            "windows",
            "aarch64-pc-windows-msvc",
            "vcvars",
        ),
        ("build-for-machine", "scikit-build-core 0.11.1", "windows", "-A ARM64", "vcvarsall"),
        ("build-for-machine", "", "ios", "cibuildwheel --platform ios", "CIBW_ARCHS_MACOS"),
        ("build-for-machine", "", "android", "NDK", "manylinux"),
        ("build-for-machine", "", "linux", "manylinux", "musllinux"),
        ("build-for-machine", "", "musl", "musllinux", "manylinux"),
        ("deployment-target", "", "ios", "IPHONEOS_DEPLOYMENT_TARGET", "MACOSX"),
        ("deployment-target", "", "macos", "MACOSX_DEPLOYMENT_TARGET", "IPHONEOS"),
        ("bundle-library", "", "windows", "delvewheel repair", "brew"),
        ("bundle-library", "", "macos", "delocate-wheel", "delvewheel"),
        ("bundle-library", "", "linux", "auditwheel repair", "delocate"),
        ("rebuild-archive", "maturin (1.9.4)", "linux", "python -m build", "target"),
        ("limited-api", "maturin (1.9.4)", "windows", "pyo3 >= 0.27", "define"),
        ("no-libpython", "setuptools (78.1.0)", "musl", "python3-config", "dynamic_lookup"),
    ],
)
def test_system_and_tool_choose_the_text(
    each: str, generator: str, system: str, has: str, lacks: str
) -> None:
    """A tool with its own command gets that one, every other tool the general text of the system."""
    words = text((each,), generator, (system,))
    assert has in words
    assert lacks not in words


def test_several_systems_get_each_text_once() -> None:
    """Each different text begins with its systems; a text that all share has no such beginning."""
    both = text(("deployment-target",), "", ("macos", "ios"))
    assert both.startswith("macOS: Set `MACOSX_DEPLOYMENT_TARGET`")
    assert " iOS: Set `IPHONEOS_DEPLOYMENT_TARGET`" in both
    assert text(("clean-build",), "", ("macos", "windows")) == text(("clean-build",), "")
    assert text(("no-libpython",), "", ("windows", "linux", "mingw")).startswith("Windows, Windows (MinGW): ")


def test_several_remedies_are_read_in_order() -> None:
    """Texts follow each other as the ids do, each once, and no id gives no text."""
    first, second = (REMEDIES[each].general for each in ("make-executable", "rebuild-file"))
    assert first is not None
    assert second is not None
    assert text(("make-executable", "rebuild-file", "make-executable"), "") == f"{first.text} {second.text}"
    assert text((), "maturin (1.9.4)") == ""


def test_systems_of_tags() -> None:
    """Tags are read by their platform. musl is its own system, dead tags count too, and each system comes once."""
    tags = (
        "cp311-abi3-win_amd64",
        "cp311-abi3-win_arm64",
        "cp311-cp311-musllinux_1_2_x86_64",
        "macosx_14_2_arm64",
    )
    assert systems_of_tags(tags) == ("windows", "musl", "macos")
    assert systems_of_tags(("linux_x86_64", "manylinux1_i686", "any", "beos_ppc")) == (
        "linux",
        "any",
        "other",
    )
    assert systems_of_tags(()) == ()


def test_list_of_a_rule() -> None:
    """A heading names the systems and the tool of a text; a text for all of them has no heading."""
    by_code = {rule.code: list(listed(rule)) for rule in RULES}
    assert [heading for heading, _ in by_code["WA001"]] == [""]
    assert by_code["WA102"] == []
    headings = [heading for heading, _ in by_code["WA201"]]
    assert headings[0] == "Windows"
    assert headings[-1] == "Other systems"
    assert "setuptools on Windows" in headings
    assert [heading for heading, _ in by_code["WA505"]] == [""]
    assert [heading for heading, _ in by_code["WA313"]] == ["iOS", "Android"]
    assert "maturin on macOS, other systems" in [heading for heading, _ in by_code["WA310"]]
