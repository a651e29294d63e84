"""Explain a message of a loader, linker or build tool: find it in a text, and find its cause in a wheel.

The text may be one line or a CI log of hundreds of megabytes, in UTF-8 or UTF-16, with colors and timestamps. It is
read once, in pieces, so that memory does not grow with it. `decode` makes text of bytes. `explain` searches each piece
for the anchors of all messages, and matches the pattern of a message only on lines with one of its anchors.
"""

from __future__ import annotations

import codecs
import re
from functools import cache
from itertools import chain, pairwise

from .._lib.typed import TYPE_CHECKING, NamedTuple
from ..loading.graph import links, reachable
from ..metadata.extension_names import module_name, parse_extension_name
from ..model import Fact, Finding, Member, Role, Severity, WheelReport
from ..platforms.systems import from_system
from ..platforms.windows import from_redistributable
from ..rules import BY_CODE
from ..rules.rule import Family
from .messages import MESSAGES, Message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = ["Culprit", "Explanation", "culprits", "decode", "explain", "modules_of"]


class Explanation(NamedTuple):
    """A known message that was found in the text. Strings out of the text are not escaped yet."""

    message: Message
    line: int
    """The number of the first line with the message, from 1."""
    text: str
    """That line, without colors and timestamp. Of a long line, only the part with the message."""
    times: int
    """How many lines have the message, up to 10,000."""
    details: dict[str, str]
    """What the first line says: `have`, `need`, `symbol`, `library`, ..."""
    files: tuple[str, ...]
    """The last components of the native files that these lines name, in their order; at most 20."""
    modules: tuple[str, ...]
    """The modules that these lines name, in their order; at most 20."""


class Culprit(NamedTuple):
    """Something in a wheel that explains a message."""

    member: str | None
    """None if the finding is about the whole wheel."""
    code: str
    """The rule that found it; empty if the message names the member, but no rule finds a fault in it."""
    what: str


# --- bytes to lines

_LONGEST_LINE = 1 << 16
_PIECE = 1 << 18
"""Characters that are searched at once."""
_CONTROL = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z^_])")
"""Escape sequences of a terminal (ECMA-48): CSI, OSC and the two-character ones."""
_TIMESTAMP = re.compile(
    r"\s*\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[\d.,]{0,12}(?:Z|[+-]\d\d:?\d\d)?\]?\s{1,4}(?:\d\d[OE]\+?\s)?"
)


def decode(chunks: Iterable[bytes]) -> Iterator[str]:
    """Yield a text in pieces that end with a line, with plain line feeds and without a terminal's escape sequences.

    A line of more than 64 Ki characters is split.

    Args:
        chunks: The bytes, in UTF-8, or in UTF-16 with or without a byte order mark. Invalid bytes are replaced.
    """
    decoder: codecs.IncrementalDecoder | None = None
    rest = ""
    for chunk in chunks:
        if decoder is None:
            decoder = codecs.getincrementaldecoder(_encoding(chunk))("replace")
        for start in range(0, len(chunk), _PIECE):
            rest += decoder.decode(chunk[start : start + _PIECE])
            # A carriage return at the end may be the first half of a line end.
            cut = rest.rfind("\n") + 1
            if not cut and len(rest) >= _LONGEST_LINE:
                cut = len(rest)
            if cut:
                yield _plain(rest[:cut])
                rest = rest[cut:]
    if decoder is not None:
        rest += decoder.decode(b"", True)
    if rest:
        yield _plain(rest)


def _encoding(start: bytes) -> str:
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    # In Latin letters in UTF-16, every other byte is NUL.
    sample = start[:512]
    for name, zeros in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        if len(zeros) > 1 and zeros.count(0) > 0.6 * len(zeros):
            return name
    return "utf-8-sig"


def _plain(text: str) -> str:
    if "\x1b" in text:
        text = _CONTROL.sub("", text)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text


# --- lines to explanations

_MOST_LINES = 10_000
"""The most lines per message that are matched. They are enough to explain it, and limit the cost of a hostile log."""
_MOST_NAMES = 20
_BEFORE, _SHOWN = 500, 2_500
"""Characters of a long line that are matched: before the anchor, and in total."""
_SEPARATORS = re.compile(r"[\s'\"`(),;:<>|=/\\]+")
_NATIVE = re.compile(r"\.(?:so|pyd|dll|dylib|fwork|exe|bundle)(?:\.[0-9]{1,9}){0,3}$", re.IGNORECASE)
_MODULE = re.compile(
    r"while importing ([\w.]{1,200}?)(?::|$)"
    r"|(?:PyInit|PyModExport)U?_(\w{1,200})",
    re.IGNORECASE,
)
_CONTINUES = ("referenced from:", "expected in:", "reason: tried")
"""How the lines begin that follow a message of dyld and name its files."""


class _Found:
    """What is known of one message so far."""

    __slots__ = ("count", "details", "files", "line", "modules", "text")

    def __init__(self, line: int, text: str, details: dict[str, str]) -> None:
        self.line = line
        self.text = text
        self.details = details
        self.count = 0
        self.files: dict[str, None] = {}
        self.modules: dict[str, None] = {}

    def note(self, text: str) -> None:
        """Remember the names in a line."""
        for word in _SEPARATORS.split(text):
            if len(self.files) < _MOST_NAMES and _NATIVE.search(word):
                self.files.setdefault(word)
        names = [next(filter(None, found.groups())).rstrip(".") for found in _MODULE.finditer(text)]
        for name in (*names, _lost_module(text)):
            if name and len(self.modules) < _MOST_NAMES:
                self.modules.setdefault(name)


@cache
def _pattern(message: Message) -> re.Pattern[str]:
    return re.compile(message.pattern, re.IGNORECASE)


def explain(
    pieces: Iterable[str], is_known: Callable[[str], bool] = frozenset[str]().__contains__
) -> tuple[Explanation, ...]:
    """Return the known messages in a text, each once, in the order of their first lines.

    Args:
        pieces: The text, in pieces that end with a line, as `decode` yields them.
        is_known: Whether a wheel that is at hand has an extension module of this dotted name: that it is not found is
            explained, whatever its name. It is asked only about what the text says is not found.
    """
    found: dict[Message, _Found] = {}
    tried = dict.fromkeys(MESSAGES, 0)
    before = 0
    for piece, following in pairwise(chain(pieces, [""])):
        hits = _hits(piece.lower(), tried)
        if hits:
            lines = [*piece.removesuffix("\n").split("\n"), *following[: 4 * _SHOWN].split("\n")]
            for index in sorted(hits):
                _take(index, lines, hits[index], before, found, is_known)
        before += piece.count("\n")
    explanations = [
        Explanation(message, one.line, one.text, one.count, one.details, tuple(one.files), tuple(one.modules))
        for message, one in found.items()
    ]
    return tuple(sorted(explanations, key=lambda one: one.line))


def _hits(text: str, tried: dict[Message, int]) -> dict[int, list[tuple[Message, str]]]:
    """Return the messages that a text in lower case may contain, with their anchors, by the index of the line."""
    hits: dict[int, list[tuple[Message, str]]] = {}
    for message in MESSAGES:
        for anchor in message.anchors:
            index = counted = 0
            at = text.find(anchor)
            while at >= 0 and tried[message] < _MOST_LINES:
                tried[message] += 1
                index += text.count("\n", counted, at)
                counted = at
                hits.setdefault(index, []).append((message, anchor))
                end = text.find("\n", at)
                at = text.find(anchor, end) if end >= 0 else -1
    return hits


def _take(
    index: int,
    lines: list[str],
    candidates: list[tuple[Message, str]],
    before: int,
    found: dict[Message, _Found],
    is_known: Callable[[str], bool],
) -> None:
    """Add to `found` the first message of the table whose pattern matches the line and dyld's lines that follow it."""
    followers = [
        line[:_SHOWN]
        for line in lines[index + 1 : index + 5]
        if line[:200].lower().lstrip().startswith(_CONTINUES)
    ]
    for message, anchor in candidates:
        text = _shown(lines[index], anchor)
        match = _pattern(message).search("\n".join([text, *followers]))
        if match is not None:
            details = {name.rstrip("2"): value.strip() for name, value in match.groupdict().items() if value}
        elif message.name == _MODULE_NOT_FOUND and (module := _lost_module(text)) and is_known(module):
            details = {"module": module}
        else:
            continue
        if message not in found:
            found[message] = _Found(before + index + 1, text, details)
        one = found[message]
        one.count += 1
        if one.count <= _MOST_NAMES:
            for said in (text, *followers):
                one.note(said)
        return


_MODULE_NOT_FOUND = "module-not-found"
_LOST = re.compile(
    r"no module named '?(?P<module>[\w.]{1,300})"
    r"|cannot import name '?(?P<name>\w{1,100})'? from (?:partially initialized module )?'?(?P<package>[\w.]{1,300})",
    re.IGNORECASE,
)


def _lost_module(text: str) -> str:
    """Return the dotted name of the module that Python says it did not find, or nothing."""
    found = _LOST.search(text)
    if found is None:
        return ""
    return (found["module"] or f"{found['package']}.{found['name']}").rstrip(".")


def modules_of(reports: Iterable[WheelReport]) -> frozenset[str]:
    """Return the dotted names of the extension modules in some wheels, right or wrong."""
    return frozenset(
        module_name(member.path)
        for report in reports
        for member in report.members
        if member.role is Role.EXTENSION or parse_extension_name(member.name) is not None
    )


def _shown(line: str, anchor: str) -> str:
    """Return a line without its timestamp. Of a long line, return the part around the anchor."""
    if len(line) > _SHOWN:
        start = max(line.lower().find(anchor) - _BEFORE, 0)
        return line[start : start + _SHOWN].strip()
    return line[stamp.end() :].strip() if (stamp := _TIMESTAMP.match(line)) else line.strip()


# --- a wheel that causes it

_MOST_CULPRITS = 20
_PLATFORMS = {
    "windows": ("win", "mingw"),
    "macos": ("macosx", "ios"),
    "linux": ("manylinux", "musllinux", "linux", "android"),
    "android": ("android",),
    "wasm": ("pyodide", "pyemscripten", "emscripten", "wasi"),
}
"""How platform tags begin for each `Message.system`. Every system includes `any`."""


def culprits(explanation: Explanation, report: WheelReport) -> tuple[Culprit, ...]:
    """Return what explains a message in a wheel, at most 20 things.

    These are the first of the following that exist: findings of the message's rules about members that the message
    names, or that these need, directly or through each other: a loader reports a missing library of a library like one
    of the file itself; all findings of its rules; findings that keep the named members from loading at all; the named
    members themselves, although no rule finds that fault in them.

    Args:
        explanation: The message.
        report: The wheel, judged by all rules.
    """
    named = {member.path: member for member in report.members if _names(explanation, member)}
    asked = {*named, *reachable(links(report.members), named)} if named else set()
    rank = {code: index for index, code in enumerate(explanation.message.codes)}
    meant = [
        finding
        for finding in report.findings
        if _meant(explanation.message.system, finding.tags or report.tags)
    ]
    fitting = sorted(
        (finding for finding in meant if finding.code in rank),
        key=lambda finding: (
            finding.member not in asked,
            -finding.severity.rank,
            _may_be_there(finding),
            finding.member not in named,
            rank[finding.code],
        ),
    )
    if any(finding.member in asked for finding in fitting):
        fitting = [finding for finding in fitting if finding.member in asked]
    if not fitting:
        fitting = [one for one in meant if one.member in named and _keeps_from_loading(one)]
    if fitting:
        return tuple(Culprit(one.member, one.code, one.message) for one in fitting[:_MOST_CULPRITS])
    return tuple(Culprit(path, "", _facts(member)) for path, member in list(named.items())[:_MOST_CULPRITS])


def _may_be_there(finding: Finding) -> bool:
    """Whether all libraries that a finding is about are ones that some systems have: others are likelier to lack."""
    libraries = [name for fact, name in finding.claims if fact is Fact.LIBRARIES]
    return bool(libraries) and all(from_system(name) or from_redistributable(name) for name in libraries)


def _keeps_from_loading(finding: Finding) -> bool:
    """Whether it is an error about a machine, or damage (WA2xx, WA9xx). Either can cause any message of a loader."""
    family = BY_CODE[finding.code].family
    return finding.severity is Severity.ERROR and family in (Family.MACHINE, Family.DAMAGE)


def _meant(system: str, tags: Iterable[str]) -> bool:
    """Whether a message of that system can be about some of these tags."""
    platforms = [tag.rpartition("-")[2] for tag in tags]
    return not system or any(one == "any" or one.startswith(_PLATFORMS[system]) for one in platforms)


def _names(explanation: Explanation, member: Member) -> bool:
    """Whether a message names a member, by its file name or as a module."""
    if member.name.lower() in {file.lower() for file in explanation.files}:
        return True
    *folders, name = member.path.split("/")
    stem = name.partition(".")[0]
    path = [*folders, stem] if stem != "__init__" else folders
    for module in explanation.modules:
        parts = module.split(".")
        if path[-len(parts) :] == parts:
            return True
    return False


def _facts(member: Member) -> str:
    """Return what a member is, as a clause."""
    machines = " and ".join(image.arch for image in member.images)
    format_ = member.images[0].format.value if member.images else "not a binary that wheelarch knows"
    python = f", bound to {member.python.runtime}" if member.python and member.python.runtime else ""
    return f"{format_} for {machines}{python}" if machines else format_
