"""Run the damaged and odd files of other projects' tests through the audit: `python -m tests.hostile.peers FOLDER`.

The files are not in the repository, because they have the licenses of other projects. FOLDER has them in
`peers.tar.xz`, and a label for each in `index.jsonl`. `--write` puts the tables into docs/robustness.md.

Single binaries are audited with a tag of their system, archives as wheels, each in a child with 10 seconds and 1 GiB.
Prints tables; with `--write` they go into docs/robustness.md, between the marks there. The exit code is 1 if a child
crashed, hung or ran out of memory, or if an answer differs from its label and `reasons.json` does not say why.
"""

import collections
import gc
import json
import os
import resource
import signal
import sys
import tarfile
import time
from pathlib import Path
from typing import Any, NamedTuple

import wheelarch
from tests.support.cache import cache_folder

ROOT = Path(__file__).resolve().parents[2]
REASONS = Path(__file__).with_name("reasons.json")
PAGE = ROOT / "docs" / "robustness.md"
SECONDS = 10
BYTES = 1 << 30
TAGS = {
    "pe": "cp311-cp311-win_amd64",
    "macho": "cp311-cp311-macosx_11_0_universal2",
    "elf": "cp311-cp311-manylinux_2_17_x86_64",
}
WHEEL = "pkg-1.0-py3-none-any.whl"
MALFORMED = ("WA00", "WA90")
"""Codes that say that bytes are malformed. WA009 and WA907 are about form, not damage."""


class Answer(NamedTuple):
    kind: str
    """`accepted`, `finding`, `unreadable`, or how the child died: `time-out`, `memory`, `crash`."""
    codes: tuple[str, ...]
    seconds: float
    mebibytes: int


def unpack(peers: Path) -> Path:
    folder = cache_folder("peers")
    stamp = folder / "complete"
    if not stamp.exists():
        with tarfile.open(peers / "peers.tar.xz") as archive:
            archive.extractall(folder, filter="data")
        stamp.touch()
    return folder


def judge(path: Path, kind: str) -> tuple[str, tuple[str, ...]]:
    if kind in TAGS:
        report = wheelarch.audit(path, tag=TAGS[kind], name=path.name + ".bin", second_opinion="off")
    else:
        report = wheelarch.audit(path, name=WHEEL, second_opinion="off")
    (wheel,) = report
    codes = tuple(
        sorted(
            {
                finding.code
                for finding in wheel.findings
                if finding.code.startswith(MALFORMED) and finding.code not in ("WA009", "WA907")
            }
        )
    )
    if wheel.status == "unreadable" or (codes == ("WA908",)):
        return "unreadable", codes
    return ("finding" if codes else "accepted"), codes


def in_child(path: Path, kind: str) -> Answer:
    """Judge one file in a forked child with bounded memory and time."""
    reader, writer = os.pipe()
    started = time.monotonic()
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
        signal.alarm(SECONDS)
        try:
            answer = list(judge(path, kind))
        except MemoryError:
            answer = ["memory", []]
        except BaseException as error:  # noqa: BLE001 - whatever escapes is what we look for
            answer = ["crash", [repr(error)[:300]]]
        os.write(writer, json.dumps(answer).encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        told = pipe.read()
    _, status, usage = os.wait4(pid, 0)
    seconds = time.monotonic() - started
    if os.WIFSIGNALED(status):
        died = "time-out" if os.WTERMSIG(status) == signal.SIGALRM else "crash"
        return Answer(died, (f"signal {os.WTERMSIG(status)}",), seconds, usage.ru_maxrss >> 10)
    said, codes = json.loads(told)
    return Answer(said, tuple(codes), seconds, usage.ru_maxrss >> 10)


def differs(tier: str, answer: Answer) -> bool:
    """Whether the answer differs from the label."""
    if tier == "must-reject":
        return answer.kind == "accepted"
    return tier == "must-accept" and answer.kind in ("finding", "unreadable")


def table(rows: list[dict[str, Any]], answers: dict[str, Answer]) -> str:
    kinds = ["accepted", "finding", "unreadable", "time-out", "memory", "crash"]
    counts: collections.Counter[tuple[str, str, str]] = collections.Counter()
    for row in rows:
        counts[row["set"], row["tier"], answers[row["file"]].kind] += 1
    groups = sorted({(row["set"], row["tier"]) for row in rows})
    lines = [f"| set | tier | n | {' | '.join(kinds)} |", f"|---|---|--:|{'--:|' * len(kinds)}"]
    for group in groups:
        numbers = [counts[(*group, kind)] for kind in kinds]
        lines.append(
            f"| {group[0]} | {group[1]} | {sum(numbers)} | {' | '.join(str(n or '') for n in numbers)} |"
        )
    totals = [sum(counts[(*group, kind)] for group in groups) for kind in kinds]
    lines.append(f"| **all** | | {sum(totals)} | {' | '.join(map(str, totals))} |")
    slowest = max(answers.values(), key=lambda answer: answer.seconds)
    largest = max(answers.values(), key=lambda answer: answer.mebibytes)
    lines += [
        "",
        f"Slowest {slowest.seconds:.2f} s, largest {largest.mebibytes} MiB, Python and the children's start included.",
    ]
    return "\n".join(lines)


def is_llvm_test(row: dict[str, Any]) -> bool:
    """Whether the file is one of LLVM's tests for Mach-O files that must be refused."""
    return (row["kind"], row["tier"], row["basis"]) == ("macho", "must-reject", "llvm-test")


def explained(rows: list[dict[str, Any]], answers: dict[str, Answer], reasons: dict[str, str]) -> str:
    """The table of answers that differ from their labels, without LLVM's tests, which have a separate table."""
    lines = ["| file | label | answer | why |", "|---|---|---|---|"]
    for row in rows:
        answer = answers[row["file"]]
        if differs(row["tier"], answer) and not is_llvm_test(row):
            lines.append(
                f"| {row['file']} | {row['tier']} | {said(answer)} | {reasons.get(row['file'], '')} |"
            )
    return "\n".join(lines)


def llvm_tests(rows: list[dict[str, Any]], answers: dict[str, Answer], reasons: dict[str, str]) -> str:
    lines = ["| file | fault, in LLVM's words | answer | why |", "|---|---|---|---|"]
    tests = [row for row in rows if is_llvm_test(row)]
    for row in tests:
        name = row["source_path"].rpartition("/")[2]
        words = row["note"].partition("malformed object (")[2].rstrip(")") or row["note"]
        answer = answers[row["file"]]
        lines.append(f"| {name} | {words} | {said(answer)} | {reasons.get(row['file'], '')} |")
    accepted = sum(answers[row["file"]].kind == "accepted" for row in tests)
    return "\n".join([f"{len(tests) - accepted} of {len(tests)} are caught.", "", *lines])


def said(answer: Answer) -> str:
    return ", ".join((answer.kind, *answer.codes))


def main() -> int:
    folders = [Path(one) for one in sys.argv[1:] if one != "--write"]
    if len(folders) != 1 or not (folders[0] / "index.jsonl").exists():
        print("expected a folder with index.jsonl and peers.tar.xz")
        return 2
    rows = [
        json.loads(line) for line in (folders[0] / "index.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    folder = unpack(folders[0])
    # Children start with every module loaded. Freezing inherited objects keeps the collector from copying their pages.
    for row in {row["kind"]: row for row in rows}.values():
        judge(folder / row["file"], row["kind"])
    gc.freeze()
    answers = {row["file"]: in_child(folder / row["file"], row["kind"]) for row in rows}
    reasons = json.loads(REASONS.read_text(encoding="utf-8"))
    parts = {
        "peers": f"{table(rows, answers)}\n\n{explained(rows, answers, reasons)}",
        "llvm": llvm_tests(rows, answers, reasons),
    }
    for name, text in parts.items():
        print(text, end="\n\n")
        if "--write" in sys.argv[1:]:
            write(name, text)
    differing = {row["file"] for row in rows if differs(row["tier"], answers[row["file"]])}
    faults = [
        *(
            f"died: {name}: {one}"
            for name, one in answers.items()
            if one.kind in ("time-out", "memory", "crash")
        ),
        *(f"no reason: {name}: {said(answers[name])}" for name in sorted(differing - reasons.keys())),
        *(f"unused reason: {name}" for name in sorted(reasons.keys() - differing)),
    ]
    print("\n".join(faults))
    return int(bool(faults))


def write(name: str, text: str) -> None:
    """Put a text into the page, between the marks of its name."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(begin)
    after = rest.partition(end)[2]
    PAGE.write_text(f"{before}{begin}\n\n{text}\n\n{end}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
