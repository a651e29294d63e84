"""Documents in `*.dist-info`: variant.json and bills of materials."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wheelarch.metadata.documents import Variant, bill_problem, read_variant

ENTITIES = b'<!DOCTYPE b [<!ENTITY a "aa"><!ENTITY c "&a;&a;">]><b>&c;</b>'


def variant(variants: object) -> Variant:
    return read_variant(json.dumps({"variants": variants}).encode())


@pytest.mark.parametrize(
    ("variants", "expected"),
    [
        ({"x86_64_v3": {"x86_64": {"level": ["v3"]}}}, Variant("", ("x86_64_v3",), 1, 3)),
        ({"a": {"x86_64": {"level": ["v4", "v2"]}}}, Variant("", ("a",), 2, 2)),
        ({"null": {}}, Variant("", ("null",), 0, 0)),
        ({"a": {"x86_64": {"level": "v3"}}, "b": []}, Variant("", ("a", "b"), 0, 0)),
        ([], Variant("it has no object `variants`")),
    ],
)
def test_variants(variants: object, expected: Variant) -> None:
    """Labels, the number of properties and the x86-64 level are read; anything else is passed over."""
    assert variant(variants) == expected


@pytest.mark.parametrize(
    ("name", "data", "problem"),
    [
        ("a.cdx.json", b'{"bomFormat": "CycloneDX"}', ""),
        ("a.cyclonedx.json", b'\xef\xbb\xbf{"bomFormat": "CycloneDX"}', ""),
        ("a.cdx.json", b'{"x": 1}', "it has no bomFormat, as .cdx.json has"),
        ("a.spdx.json", b'{"spdxVersion": "SPDX-2.3"}', ""),
        ("a.spdx.json", b'{"@context": "x"}', ""),
        ("a.spdx.json", b"{}", "it has no spdxVersion, as .spdx.json has"),
        ("bom.json", b"{}", ""),
        ("bom.json", b"[]", "it is not a JSON object"),
        ("bom.json", b'{"a"', "it is not JSON: "),
        ("bom.json", b"\xff", "it is not JSON: "),
        ("bom.json", b"[" * 100_000, "it is not JSON: nested too deep"),
        ("bom.xml", b"<bom/>", ""),
        ("bom.xml", b"<bom>", "it is not XML: "),
        ("bom.xml", b"{}", "it is not XML: "),
        ("bom.xml", ENTITIES, ""),
        ("a.spdx", b"\0", ""),
        ("README.md", b"\xff", ""),
    ],
)
def test_bills(name: str, data: bytes, problem: str) -> None:
    """The suffix says what a document has to be; of other suffixes nothing is expected."""
    found = bill_problem(name, data)
    assert found.startswith(problem)
    assert bool(found) == bool(problem)


@given(st.binary(max_size=200), st.sampled_from(["a.json", "a.xml", "a.cdx.json"]))
def test_any_bytes_give_a_clause(data: bytes, name: str) -> None:
    """No document raises."""
    assert isinstance(bill_problem(name, data), str)
    assert isinstance(read_variant(data), Variant)
