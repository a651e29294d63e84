"""The report and its JSON document of version 1. Every other format shows the same `Report`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator  # noqa: TC003 -- the annotations of public functions resolve at run time

from .._lib.typed import NamedTuple
from ..model import Finding, Grid, Image, Member, Severity, WheelReport
from .escape import TEXT_LIMIT, escape

__all__ = ["SCHEMA_VERSION", "Report", "Summary"]

SCHEMA_VERSION = 1
"""It grows if a field changes its meaning or is removed. Within a version, fields are only added."""


class Summary(NamedTuple):
    """A report in five numbers."""

    inputs: int
    clean: int
    """Inputs without any finding."""
    errors: int
    warnings: int
    notes: int


class Report:
    """What an audit found. Iterating gives one `WheelReport` per input, in input order."""

    __slots__ = ("grids", "wheels")

    def __init__(self, wheels: tuple[WheelReport, ...], grids: tuple[Grid, ...] = ()) -> None:
        self.wheels = wheels
        self.grids = grids

    def __iter__(self) -> Iterator[WheelReport]:
        return iter(self.wheels)

    def __len__(self) -> int:
        return len(self.wheels)

    def __repr__(self) -> str:
        return f"<Report of {len(self)} inputs, {len(self.findings)} findings>"

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every finding of every input, in order."""
        return tuple(finding for wheel in self.wheels for finding in wheel.findings)

    @property
    def ok(self) -> bool:
        """Whether every input could be read and has no error."""
        return all(wheel.ok for wheel in self.wheels)

    @property
    def summary(self) -> Summary:
        """The inputs and findings, counted."""
        severities = [finding.severity for finding in self.findings]
        return Summary(
            inputs=len(self.wheels),
            clean=sum(wheel.status == "clean" for wheel in self.wheels),
            errors=severities.count(Severity.ERROR),
            warnings=severities.count(Severity.WARNING),
            notes=severities.count(Severity.NOTE),
        )

    def exit_code(self, fail_on: str = "error") -> int:
        """Return what the command would exit with.

        Args:
            fail_on: `error`, `warning`, `note` or `never`: the lowest severity that counts.

        Returns:
            0 if nothing counts, 1 if something does, 3 if there was no input. An input that cannot be read counts
            as an error, even if the rules that would say so were left out.

        Raises:
            ValueError: `fail_on` is not one of these.
        """
        if not self.wheels:
            return 3
        if fail_on == "never":
            return 0
        least = Severity(fail_on).rank
        return int(not self.ok or any(finding.severity.rank >= least for finding in self.findings))

    def to_dict(self) -> dict[str, object]:
        """Return the report as the JSON document of version 1, described by `schema-1.json` beside this file.

        Every string is escaped by `wheelarch.report.escape.escape`, so that it is safe to print.
        """
        from .. import __version__

        return {
            "schema": SCHEMA_VERSION,
            "tool": {"name": "wheelarch", "version": __version__},
            "inputs": [_input(wheel) for wheel in self.wheels],
            "summary": self.summary._asdict(),
            "grids": [_grid(grid) for grid in self.grids],
        }


def _input(wheel: WheelReport) -> dict[str, object]:
    return {
        "path": escape(wheel.path, TEXT_LIMIT),
        "kind": wheel.kind,
        "status": wheel.status or None,
        "tags": _names(wheel.tags),
        "generator": escape(wheel.generator),
        "honest_tags": None if wheel.honest_tags is None else _names(wheel.honest_tags),
        "members": [_member(member) for member in wheel.members],
        "findings": [_finding(finding) for finding in wheel.findings],
        "rebuild": _names(wheel.rebuild),
    }


def _member(member: Member) -> dict[str, object]:
    python = member.python
    return {
        "path": escape(member.path),
        "role": member.role.value,
        "size": member.size,
        "images": [_image(image) for image in member.images],
        "faults": [escape(str(fault), TEXT_LIMIT) for fault in member.faults],
        "python": None
        if python is None
        else {
            "runtime": None if python.runtime is None else escape(python.runtime),
            "hooks": _names(python.hooks),
            "gil": python.gil,
            "stable_abi": None
            if python.stable_abi is None
            else {
                "floor": ".".join(map(str, python.stable_abi.floor)),
                "outside": _names(python.stable_abi.outside),
            },
        },
    }


def _image(image: Image) -> dict[str, object]:
    return {
        "format": image.format.value,
        "machine": image.machine.value,
        "variant": image.variant,
        "code": image.code,
        "bits": image.bits,
        "offset": image.offset,
        "kind": image.kind.value,
        "minos": None if image.minos is None else ".".join(map(str, image.minos)),
        "depth": image.depth.name.lower(),
        "needed": _names(image.needed),
        "faults": [escape(str(fault), TEXT_LIMIT) for fault in image.faults],
        "unread_faults": [escape(str(fault), TEXT_LIMIT) for fault in image.faults if not fault.loaded],
    }


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "code": finding.code,
        "name": finding.name,
        "severity": finding.severity.value,
        "member": None if finding.member is None else escape(finding.member),
        "slice": None if finding.slice is None else escape(finding.slice),
        "tags": _names(finding.tags),
        "message": escape(finding.message, TEXT_LIMIT),
        "evidence": {escape(key): escape(value, TEXT_LIMIT) for key, value in finding.evidence.items()},
        "consequence": escape(finding.consequence, TEXT_LIMIT),
        "remedy": escape(finding.remedy, TEXT_LIMIT),
        "confirmed_by": _names(finding.confirmed_by),
        "predicted_by": _names(finding.predicted_by),
    }


def _grid(grid: Grid) -> dict[str, object]:
    return {
        "title": escape(grid.title),
        "platforms": _names(grid.platforms),
        "pythons": _names(grid.pythons),
        "cells": [[cell or None for cell in row] for row in grid.cells],
    }


def _names(names: Iterable[str]) -> list[str]:
    return [escape(name) for name in names]
