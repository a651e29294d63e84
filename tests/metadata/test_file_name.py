"""The parts of file names, and that those parsed without packaging are parsed alike."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.tags import parse_tag
from packaging.utils import parse_wheel_filename

from wheelarch.limits import DEFAULT
from wheelarch.metadata.file_name import _is_plain_head, _is_plain_tag, _read_head, expand_tag
from wheelarch.metadata.promise import read_promise


@pytest.mark.parametrize(
    ("filename", "project", "version", "build", "triples"),
    [
        ("Foo_Bar-1.0-py3-none-any.whl", "foo-bar", "1.0", "", ("py3-none-any",)),
        (
            "black-22.10.0-1fixedarch-cp38-cp38-macosx_10_16_x86_64.whl",
            "black",
            "22.10.0",
            "1fixedarch",
            ("cp38-cp38-macosx_10_16_x86_64",),
        ),
        ("foo-1.0-007-py2.py3-none-any.whl", "foo", "1.0", "007", ("py2-none-any", "py3-none-any")),
        ("foo-1.0+Local.1-py3-none-any.whl", "foo", "1.0+local.1", "", ("py3-none-any",)),
        ("foo-1.0-CP311-ABI3-Win_AMD64.whl", "foo", "1.0", "", ("cp311-abi3-win_amd64",)),
    ],
)
def test_file_name(filename: str, project: str, version: str, build: str, triples: tuple[str, ...]) -> None:
    """A wheel name has a project, a version, a build tag as written, and sorted triples."""
    promise = read_promise(filename, wheel_tags=("py3-none-win32",))
    assert promise.name is not None
    assert promise.name[:4] == (project, version, build, triples)
    assert (promise.triples, promise.source, promise.name_problem) == (triples, "name", "")


@pytest.mark.parametrize(
    "filename",
    [
        "",
        "foo",
        "foo.whl",
        ".whl",
        "foo-1.0-py3-none-any.zip",
        "foo-1.0-py3-none-any.WHL",
        "foo-1.0-py3-none.whl",
        "foo__bar-1.0-py3-none-any.whl",
        "foo bar-1.0-py3-none-any.whl",
        "-1.0-py3-none-any.whl",
        "foo-bar-1.0-py3-none-any.whl",
        "foo-bad-py3-none-any.whl",
        "foo-1.0-x1-py3-none-any.whl",
        "foo-1.0-rc1-cp311-cp311-win_amd64.whl",
        "foo-1.0-1-2-py3-none-any.whl",
        "foo-1.0-py3..py2-none-any.whl",
        "foo-1.0-3py-none-any.whl",
        "foo-1.0-py3-none-any-.whl",
        "foo-1.0-py3-none-any-Bad!.whl",
        f"foo-{'1' * 5000}-py3-none-any.whl",
        f"foo-1.0-{'1' * 5000}-py3-none-any.whl",
        "foo-1.0-py3-none-any\n.whl-",
    ],
)
def test_bad_file_name(filename: str) -> None:
    """What is wrong with a bad name is one clause that does not repeat the name. The tags come from WHEEL."""
    promise = read_promise(filename, wheel_tags=("py2.py3-none-any", "", "no tag", "a-b-c-d"))
    assert promise.name is None
    assert promise.name_problem
    assert "\n" not in promise.name_problem
    assert "foo" not in promise.name_problem
    assert (promise.triples, promise.source) == (("py2-none-any", "py3-none-any"), "WHEEL")


@pytest.mark.parametrize(
    ("filename", "problem"),
    [
        ("foo-1.0-py3-none.whl", "wrong number of parts"),
        ("foo-1.0-py3-none-any.zip", "extension must be '.whl'"),
        ("foo-bad-py3-none-any.whl", "invalid version"),
        ("foo-1.0-rc1-cp311-cp311-win_amd64.whl", "invalid build number"),
        ("foo__bar-1.0-py3-none-any.whl", "invalid project name"),
    ],
)
def test_name_problem(filename: str, problem: str) -> None:
    """What is wrong with a name is one clause."""
    assert read_promise(filename).name_problem == problem


@pytest.mark.parametrize(
    ("filename", "build", "variant", "triple"),
    [
        ("foo-1.0-cp311-cp311-linux_x86_64-x86_64_v3.whl", "", "x86_64_v3", "cp311-cp311-linux_x86_64"),
        ("foo-1.0-1-cp311-cp311-linux_x86_64-cu12.whl", "1", "cu12", "cp311-cp311-linux_x86_64"),
        ("foo-1.0-1-cp311-cp311-linux_x86_64.whl", "1", "", "cp311-cp311-linux_x86_64"),
    ],
)
def test_variant_label(filename: str, build: str, variant: str, triple: str) -> None:
    """A variant label (PEP 825) differs from a build tag, because a build tag starts with a digit."""
    name = read_promise(filename).name
    assert name is not None
    assert (name.build, name.variant, name.triples) == (build, variant, (triple,))


def test_written_sets() -> None:
    """The three tag parts are kept as written, without variant label and build tag."""
    for extra in ("", "1-"):
        name = read_promise(f"foo-1.0-{extra}py3.py2-none-any.whl").name
        assert name is not None
        assert name.sets == ("py3.py2", "none", "any")


ROOT = Path(__file__).parents[2]


REAL = [row["file"] for row in json.loads((ROOT / "benchmarks" / "corpus.json").read_text())]
REAL += [path.name for path in (ROOT / "testdata" / "wheels").glob("*.whl")]

heads = st.one_of(
    st.from_regex(r"[A-Za-z0-9]{1,4}(_[A-Za-z0-9]{1,3}){0,2}-[0-9]{1,3}(\.[0-9]{1,3}){0,4}", fullmatch=True),
    st.text("aZ_.-09!+", min_size=1, max_size=14),
    st.from_regex(r"\w{1,4}-[0-9]{1,3}(\.[0-9]{1,3}){0,3}", fullmatch=True),
)
triples = st.one_of(
    st.from_regex(r"[a-z]{2}[0-9]{1,3}(\.[a-z]{2}[0-9]){0,3}-[a-z0-9_]{1,6}(\.\w{1,4}){0,2}-[a-z0-9_.]{1,9}"),
    st.text("aZ_.-09", min_size=1, max_size=20),
)


def same_head(head: str) -> bool:
    """Compare with packaging; return whether the name was parsed without it."""
    if not _is_plain_head(head):
        return False
    project, version, build, _ = parse_wheel_filename(f"{head}-py3-none-any.whl")
    assert _read_head(head, True) == (project, str(version), "")
    assert not build
    return True


def same_tag(tag: str) -> bool:
    """Compare with packaging; return whether the tag was expanded without it."""
    if not _is_plain_tag([part.split(".") for part in tag.split("-")]):
        return False
    assert expand_tag(tag, DEFAULT) == tuple(sorted(map(str, parse_tag(tag))))
    return True


@given(heads)
def test_a_plain_project_and_version(head: str) -> None:
    """What is parsed without packaging, packaging parses to the same parts."""
    same_head(head)


@given(triples)
def test_a_plain_tag(tag: str) -> None:
    """What is expanded without packaging, packaging expands to the same triples."""
    same_tag(tag)


@pytest.mark.parametrize("name", REAL)
def test_real_names_need_no_packaging(name: str) -> None:
    """Real wheels have plain names, so nearly every audit works without packaging."""
    parts = name.removesuffix(".whl").split("-")
    assert same_head("-".join(parts[:2]))
    assert same_tag("-".join(parts[-3:]))


@pytest.mark.parametrize(
    "head", ["pkg-1.0-1", "pkg-01.0", "pkg-1.0rc1", "pkg-1.0+local", "a.b-1.0", "_a-1.0", "a__b-1.0", "é-1.0"]
)
def test_other_names_need_packaging(head: str) -> None:
    """Builds, versions that are not in normal form, and odd project names are parsed by packaging."""
    assert not _is_plain_head(head)
