"""Names that are read without packaging are read as packaging reads them."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.tags import parse_tag
from packaging.utils import parse_wheel_filename

from wheelarch.limits import DEFAULT
from wheelarch.metadata.file_name import _is_plain_head, _is_plain_tag, _read_head, expand_tag

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
    """Compare, and return whether packaging was not asked."""
    if not _is_plain_head(head):
        return False
    project, version, build, _ = parse_wheel_filename(f"{head}-py3-none-any.whl")
    assert _read_head(head, True) == (project, str(version), "")
    assert not build
    return True


def same_tag(tag: str) -> bool:
    """Compare, and return whether packaging was not asked."""
    if not _is_plain_tag([part.split(".") for part in tag.split("-")]):
        return False
    assert expand_tag(tag, DEFAULT) == tuple(sorted(map(str, parse_tag(tag))))
    return True


@given(heads)
def test_a_plain_project_and_version(head: str) -> None:
    """Whatever the quick way takes, packaging takes, and says the same of it."""
    same_head(head)


@given(triples)
def test_a_plain_tag(tag: str) -> None:
    """Whatever the quick way expands, packaging expands to the same triples."""
    same_tag(tag)


@pytest.mark.parametrize("name", REAL)
def test_real_names_go_the_quick_way(name: str) -> None:
    """Real wheels are named plainly, so nearly every audit does without packaging."""
    parts = name.removesuffix(".whl").split("-")
    assert same_head("-".join(parts[:2]))
    assert same_tag("-".join(parts[-3:]))


@pytest.mark.parametrize(
    "head", ["pkg-1.0-1", "pkg-01.0", "pkg-1.0rc1", "pkg-1.0+local", "a.b-1.0", "_a-1.0", "a__b-1.0", "é-1.0"]
)
def test_what_is_not_plain_is_left_to_packaging(head: str) -> None:
    """Builds, versions that need normalising and odd project names go the long way."""
    assert not _is_plain_head(head)
