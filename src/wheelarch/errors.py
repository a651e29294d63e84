"""The errors that leave wheelarch. Anything else that reaches a caller is a bug."""

from __future__ import annotations

__all__ = [
    "ArchiveError",
    "AuditFailed",
    "FormatError",
    "SourceError",
    "UntaggedError",
    "UsageError",
    "WheelarchError",
]


class WheelarchError(Exception):
    """The base of every error that wheelarch raises on purpose."""


class UsageError(WheelarchError):
    """The caller asked for something that does not exist or makes no sense, such as an unknown rule code."""


class UntaggedError(UsageError):
    """A single binary came without a tag that says what it is for."""


class SourceError(WheelarchError):
    """The bytes cannot be read: the file is missing, is a folder, is not readable, or shrank during the audit."""


class ArchiveError(WheelarchError):
    """A zip record cannot be trusted.

    Attributes:
        kind: What is wrong, one of the words of `wheelarch.container.zip_layout.ProblemKind`.
        what: One sentence for the reader.
        evidence: The values that disagree, by field name.
    """

    def __init__(self, kind: str, what: str, evidence: dict[str, str | int] | None = None) -> None:
        super().__init__(what)
        self.kind = kind
        self.what = what
        self.evidence = evidence or {}


class FormatError(WheelarchError):
    """A binary breaks its format in a place that we read.

    Attributes:
        kind: What is wrong, one of the words of `wheelarch.model.FaultKind`.
        offset: Where, in bytes from the start of the member.
        what: The field or table, in the specification's words.
        value: The value found there, if one value is wrong.
    """

    def __init__(self, kind: str, offset: int, what: str, value: int | str | None = None) -> None:
        super().__init__(kind, offset, what, value)
        self.kind = kind
        self.offset = offset
        self.what = what
        self.value = value

    def __str__(self) -> str:
        found = "" if self.value is None else f" (found {self.value!r})"
        return f"{self.what}{found} at byte {self.offset:#x}"


class AuditFailed(WheelarchError, AssertionError):
    """`wheelarch.assert_ok` found something. The message is the text report.

    Attributes:
        report: The `wheelarch.Report`, which is defined in `wheelarch.report.document`.
    """

    def __init__(self, text: str, report: object) -> None:
        super().__init__(text)
        self.report = report
