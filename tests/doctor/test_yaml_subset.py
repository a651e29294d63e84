"""Promises of the reader of workflow files."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.steps import assert_linear, steps
from wheelarch.doctor.yaml_subset import MAX_LINES, parse

WORKFLOWS = sorted((Path(__file__).parent / "projects" / "workflows").iterdir())

UNDERSTOOD = {
    "a: 1": {"a": "1"},
    "a: 1 # c\n# d\nb: 'x # y'": {"a": "1", "b": "x # y"},
    "---\na: 1\n...": {"a": "1"},
    "a:\n  b: c\n  d: e\nf: g": {"a": {"b": "c", "d": "e"}, "f": "g"},
    "a:\n- 1\n- 2\nb: 3": {"a": ["1", "2"], "b": "3"},
    "a:\n  - b: 1\n    c: 2\n  - b: 3": {"a": [{"b": "1", "c": "2"}, {"b": "3"}]},
    "a:\n  -\n    b: 1\n  - - 2\n    - 3": {"a": [{"b": "1"}, ["2", "3"]]},
    "a: [1, \"b, c\", 'd''e', [2], {f: g}]": {"a": ["1", "b, c", "d'e", ["2"], {"f": "g"}]},
    "a: {b: 1, c: [2, 3], d: }": {"a": {"b": "1", "c": ["2", "3"], "d": None}},
    "a:\n  [\n    1,\n    2,\n  ]\nb: 3": {"a": ["1", "2"], "b": "3"},
    "a: [1,\n  2]\nb: 3": {"a": ["1", "2"], "b": "3"},
    "a: |\n  b: c # d\n\n    e\nf: g": {"a": "b: c # d\n\n  e", "f": "g"},
    "a: >-\n  b\n  c\nf: g": {"a": "b c", "f": "g"},
    "- a: |\n    b\n  c: d": [{"a": "b", "c": "d"}],
    'a: "b\\n\\"c\\\\"': {"a": 'b\n"c\\'},
    '"a b": c': {"a b": "c"},
    "a: ${{ matrix.b == 'c' }}": {"a": "${{ matrix.b == 'c' }}"},
    "a: b::c": {"a": "b::c"},
    "a: 3.10\nb: yes\nc: ~\nd: null\ne:": {"a": "3.10", "b": "yes", "c": None, "d": None, "e": None},
    "a: b\r\nc: d\r\n": {"a": "b", "c": "d"},
}

UNKNOWN = {
    "a: &x 1\nb: 2": {"a": None, "b": "2"},
    "a: *x\nb: 2": {"a": None, "b": "2"},
    "a: !!str 1\nb: 2": {"a": None, "b": "2"},
    "a: &x\n  b: 1\nc: 2": {"a": None, "c": "2"},
    "a: b\n  c\nd: 2": {"a": None, "d": "2"},
    "a: 1\na: 2\nb: 3": {"a": None, "b": "3"},
    "a: [1, 2\nb: 3": {"a": None},
    "a: [1, {2}]\nb: 3": {"a": None, "b": "3"},
    "a: [1] 2\nb: 3": {"a": None, "b": "3"},
    'a: "\\q"\nb: 3': {"a": None, "b": "3"},
    "a: 'b\nc: 3": {"a": None, "c": "3"},
    "a: 'b' c\nd: 3": {"a": None, "d": "3"},
    "a:\n    b: 1\n  c: 2\nd: 3": {"a": {"b": "1"}, "d": "3"},
    "? a\n: b": None,
    "": None,
    "a": "a",
    "- a\nb: c": ["a"],
}


@pytest.mark.parametrize(("text", "value"), UNDERSTOOD.items())
def test_understood(text, value):
    """The YAML that workflow files use is read, and scalars stay strings."""
    assert parse(text) == value


@pytest.mark.parametrize(("text", "value"), UNKNOWN.items())
def test_unknown(text, value):
    """A value that is not understood is None, and the text around it is read as usual."""
    assert parse(text) == value


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_workflows_have_jobs(path):
    """Each workflow in the test data is read down to the steps of each job."""
    jobs = parse(path.read_text())["jobs"]
    assert all(isinstance(job["steps"], list) and all(map(bool, job["steps"])) for job in jobs.values())


@given(st.text(alphabet="ab-:#'\"[]{},|>&*! \n\t\\$?", max_size=200))
def test_every_text_has_an_answer(text):
    """No text raises an error, and keys are strings."""

    def walk(node):
        assert node is None or isinstance(node, str | list | dict)
        for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
            walk(child)

    walk(parse(text))


@pytest.mark.parametrize(
    "make",
    [
        lambda size: "[" * size,
        lambda size: "{a: " * size,
        lambda size: "- " * size,
        lambda size: "\n".join(" " * depth + "a:" for depth in range(size)),
        lambda size: "a: '" + "''" * size,
        lambda size: "a: |\n" + "  b\n" * size,
        lambda size: "\n".join(f"a{number}: [" for number in range(size)),
    ],
    ids=["flow", "flow mapping", "items", "blocks", "quotes", "scalar", "unclosed"],
)
def test_work_is_proportional_to_the_length(make):
    """Deep nesting and long texts take work in proportion to their length, and never raise."""
    assert_linear(parse, make, 500)
    parse(make(5_000))


def test_longer_documents_are_not_read():
    """A document with too many lines is unknown, without a look at any line."""
    text = "a: b\n" * (MAX_LINES + 1)
    assert parse(text) is None
    assert steps(parse, text) < 20
