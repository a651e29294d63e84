"""Tests of `wheelarch.report.as_json`."""

import json

from support.reports import finding, judged
from support.schema import check
from support.values import member, pe
from wheelarch.report import as_json
from wheelarch.report.document import Report

REPORT = Report((judged("größe/x.whl", finding(), members=(member("日本/_x.pyd", pe()),)), judged("y.whl")))


def test_the_text_is_the_document():
    """The output is `Report.to_dict`, valid and with the same order of keys."""
    document = json.loads(as_json.render(REPORT))
    check(document)
    assert document == REPORT.to_dict()
    assert json.dumps(document) == json.dumps(REPORT.to_dict())


def test_the_same_report_gives_the_same_bytes():
    """Two outputs are equal, in pure ASCII, and end with one line feed."""
    text = as_json.render(REPORT)
    assert text == as_json.render(Report(REPORT.wheels))
    assert text.isascii()
    assert text.endswith("}\n")
