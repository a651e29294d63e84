"""The command, run in this process or in one of its own."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import wheelarch
from wheelarch import api as pipeline
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
    """Let the audit answer for each file, told by its last name, what stands here, or raise it."""

    def audit(path: str, **options: Any) -> Report:
        verdict = verdicts[Path(path).name]
        if isinstance(verdict, Exception):
            raise verdict
        return Report((verdict,))

    monkeypatch.setattr(pipeline, "audit", audit)
