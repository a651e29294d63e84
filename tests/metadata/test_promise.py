"""Where the tags of a wheel come from, and that every triple is read."""

import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wheelarch.errors import UsageError
from wheelarch.limits import Limits
from wheelarch.metadata.promise import read_promise


def test_no_file_name() -> None:
    """Without a file name, a wheel promises what WHEEL says."""
    promise = read_promise(None, wheel_tags=("cp311-cp311-win_amd64",))
    assert (promise.name, promise.triples) == (None, ("cp311-cp311-win_amd64",))
    assert read_promise(None).triples == ()


def test_tag_option_wins() -> None:
    """The tag of the option is used instead of the file name and WHEEL."""
    promise = read_promise("foo-1.0-py3-none-any.whl", ("py3-none-any",), "cp311.cp312-abi3-win32")
    assert promise.triples == ("cp311-abi3-win32", "cp312-abi3-win32")
    assert promise.source == "option"
    assert promise.name is not None


@pytest.mark.parametrize("tag", ["", "py3", "py3-none", "py3-none-any-x", "3-none-any"])
def test_bad_tag_option(tag: str) -> None:
    """A tag option that is not a tag is a usage error, which says what was given and what a tag looks like."""
    with pytest.raises(UsageError) as caught:
        read_promise("foo-1.0-py3-none-any.whl", tag=tag)
    assert str(caught.value) == f"{tag!r} is not a wheel tag; expected one like cp311-abi3-win_amd64"


def test_too_many_triples() -> None:
    """Tag sets with more combinations than the limit are not expanded, wherever they come from."""
    tag = f"{'.'.join(f'cp3{i}' for i in range(30))}-abi3-{'.'.join(f'win{i}' for i in range(30))}"
    limits = Limits(tag_combinations=899)
    for promise in (
        read_promise(f"foo-1.0-{tag}.whl", limits=limits),
        read_promise("foo-1.0-py3-none-any.whl", tag=tag, limits=limits),
        read_promise(None, (tag,), limits=limits),
        read_promise(None, [f"cp3{i}-abi3-win32" for i in range(900)], limits=limits),
    ):
        assert promise.too_many
        assert (promise.triples, promise.targets, promise.dead) == ((), (), ())
    named = read_promise(f"foo-1.0-{tag}.whl", limits=limits).name
    assert named is not None
    assert (named.project, named.triples) == ("foo", ())
    assert len(read_promise(f"foo-1.0-{tag}.whl", limits=Limits(tag_combinations=900)).triples) == 900


_PART = st.text(st.sampled_from("abcpy0123_.-\u00e9\u0661\udcff"), max_size=12)


@settings(max_examples=300, deadline=None)
@given(st.lists(_PART, max_size=8).map("-".join), st.lists(_PART, max_size=4))
def test_any_text_gives_a_promise(stem: str, lines: list[str]) -> None:
    """No file name and no Tag line raises, and every triple is alive or dead."""
    for filename in (stem, f"{stem}.whl", f"foo-1.0-{stem}.whl"):
        promise = read_promise(filename, lines)
        assert len(promise.targets) + len(promise.dead) == len(promise.triples)
        assert (promise.name is None) == bool(promise.name_problem)


def test_merged_wheel() -> None:
    """In a merged wheel, dead and living combinations are separated."""
    promise = read_promise("foo-1.0-cp38.cp39-cp38.cp39-win_amd64.whl")
    assert [one.triple for one in promise.targets] == ["cp38-cp38-win_amd64", "cp39-cp39-win_amd64"]
    assert [one.triple for one in promise.dead] == ["cp38-cp39-win_amd64", "cp39-cp38-win_amd64"]


def test_importing_tags_loads_no_third_party_module() -> None:
    """Packaging is imported when a name is read, not before."""
    import subprocess

    source = Path(__file__).parents[2] / "src"
    code = "import sys, wheelarch.metadata.promise; sys.exit(any(name.startswith('packaging') for name in sys.modules))"
    subprocess.run([sys.executable, "-c", code], check=True, env={"PYTHONPATH": str(source)})
