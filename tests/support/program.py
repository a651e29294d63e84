"""The command, run in this process or in one of its own."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import wheelarch
from wheelarch import api
from wheelarch.judging.wheel_sets import Audited
from wheelarch.model import WheelReport
from wheelarch.report.document import Report

_SOURCE = Path(wheelarch.__file__).parents[1]


def run(*arguments: str, **more: Any) -> "subprocess.CompletedProcess[str]":
    """Run `python -m wheelarch` in a process of its own; `env` adds to the environment."""
    environment = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "FORCE_COLOR")}
    environment |= {"PYTHONPATH": str(_SOURCE), **more.pop("env", {})}
    return subprocess.run(
        [sys.executable, "-m", "wheelarch", *arguments],
        capture_output=True,
        encoding="utf-8",
        env=environment,
        timeout=60,
        check=False,
        **more,
    )


def judge_as(monkeypatch: pytest.MonkeyPatch, verdicts: dict[str, WheelReport | Exception]) -> None:
    """Let the audit answer with these verdicts, by the last name of each path, or raise them."""

    def audit_alone(path: str, **options: Any) -> Audited:
        verdict = verdicts[Path(path).name]
        if isinstance(verdict, Exception):
            raise verdict
        return Audited(verdict, None)

    def audit(path: str, **options: Any) -> Report:
        return Report((audit_alone(path, **options).report,))

    monkeypatch.setattr(api, "audit_alone", audit_alone)
    monkeypatch.setattr(api, "audit", audit)
