"""Plain values for reports: a finding, a judged input, with what a test does not care about filled in."""

from typing import Any

from support.values import member, pe
from wheelarch.model import Fault, Finding, Machine, PythonLinkage, Severity, WheelReport


def finding(severity: Severity = Severity.ERROR, **more: Any) -> Finding:
    """An arm64 module in a win_amd64 wheel; any field may be given by name."""
    defaults: dict[str, Any] = {
        "code": "WA201",
        "name": "wrong-machine",
        "severity": severity,
        "member": "demo/_demo.pyd",
        "slice": None,
        "tags": ("cp311-abi3-win_amd64",),
        "message": "demo/_demo.pyd is built for arm64, the wheel's tag asks for x86_64",
        "evidence": {"have": "arm64", "need": "x86_64"},
        "consequence": "ImportError: DLL load failed while importing _demo: %1 is not a valid "
        "Win32 application",
        "remedy": "Build for the machine in the tag.",
    }
    return Finding(**{**defaults, **more})


def judged(
    path: str = "dist/demo-1.0-cp311-abi3-win_amd64.whl", *findings: Finding, **more: Any
) -> WheelReport:
    """An input with these findings; any other field may be given by name."""
    defaults: dict[str, Any] = {
        "kind": "wheel",
        "members": (),
        "status": "findings" if findings else "clean",
        "tags": ("cp311-abi3-win_amd64",),
        "generator": "maturin (1.9.4)",
    }
    return WheelReport(path=path, findings=findings, **{**defaults, **more})


def everywhere(text: str) -> WheelReport:
    """An input that says one text wherever a file can put its own words."""
    damage = Fault("outside", 0, text, text)
    return judged(
        text,
        finding(
            member=text,
            slice=text,
            tags=(text,),
            message=text,
            evidence={text: text},
            consequence=text,
            remedy=text,
            confirmed_by=(text,),
            predicted_by=(text,),
        ),
        tags=(text,),
        generator=text,
        honest_tags=(text,),
        rebuild=(text,),
        members=(
            member(
                text,
                pe(Machine.X86, text, faults=(damage,)),
                faults=(damage,),
                python=PythonLinkage(text, (text,), "unknown"),
            ),
        ),
    )
