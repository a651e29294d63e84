"""What an interpreter can load, and the environment in which build tools make exactly that.

Signals are weighed by how reliable they are. The order is: the header of the executable, the running slice, the width
of a pointer, the suffix of extension modules, the platform string, the name of the machine, and last the caller's
environment. The strongest signal decides. Each signal that contradicts it is a finding.

Source: docs/facts/build-tools.md, "What an interpreter says about itself", "How wheelarch chooses the target".
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping  # noqa: TC003 -- the annotations of public functions resolve at run time

from .._lib.typed import NamedTuple
from ..errors import UsageError
from ..facts.machines import arch_token
from ..facts.wheel import Wanted  # noqa: TC001 -- for the same reason
from ..metadata.extension_names import parse_extension_name
from ..model import Finding
from . import triples
from .environment import Variable, archflags, build_environment, deployment_target, unwanted
from .probe import Interpreter, probe
from .signal_rules import RULES
from .triples import UNIVERSAL2, Platform
from .wanted import platform_tags, wanted_by

__all__ = ["BuildTarget", "Signal", "judge", "target"]


class Signal(NamedTuple):
    """One piece of evidence about what the interpreter is."""

    signal: str
    says: str
    weight: int
    """From 7 for the header of the executable to 1 for the caller's environment; 0 for evidence only about the host."""
    arches: tuple[str, ...]
    """The architectures that agree with it; none if it says nothing that can be compared."""


class BuildTarget(NamedTuple):
    """What an interpreter can load, and how to build for it."""

    interpreter: Interpreter
    machine: str
    """The architecture of the process, as `Image.arch` has it."""
    host: str
    """The architecture of the machine that runs it; empty if it is not known."""
    emulated: bool
    """Rosetta 2 or Windows on Arm translates the process."""
    platform: Platform
    platform_tags: tuple[str, ...]
    """Every platform tag whose wheels load, the most exact first."""
    deployment_target: str
    """The lowest macOS or iOS that a build should name: `11.0`; empty elsewhere."""
    universal2: str
    """If the interpreter has both slices: `both` if ARCHFLAGS asks for both, else `running-slice`. Else empty."""
    environment: tuple[Variable, ...]
    unset: tuple[str, ...]
    """Variables that must not be set, because they would give a tool another target."""
    evidence: tuple[Signal, ...]
    findings: tuple[Finding, ...]

    @property
    def triple(self) -> str:
        """Rust's name for what to build."""
        return self.platform.triple

    @property
    def wanted(self) -> Wanted:
        """What the rules compare wheels with."""
        return wanted_by(self.interpreter, self.platform, self.host if self.emulated else "")

    def variables(self, environ: Mapping[str, str]) -> dict[str, str]:
        """Return an environment with the variables for the build and without the misleading ones."""
        kept = {name: value for name, value in environ.items() if name not in self.unset}
        return kept | {variable.name: variable.value for variable in self.environment}

    def to_dict(self) -> dict[str, object]:
        """Return the answer as a JSON document of version 1."""
        from .. import __version__
        from ..model import WheelReport
        from ..report.document import SCHEMA_VERSION, Report

        interpreter = self.interpreter
        report = WheelReport(interpreter.given, "interpreter", "clean", (), "", (), self.findings)
        inputs = Report((report,)).to_dict()["inputs"]
        return {
            "schema": SCHEMA_VERSION,
            "tool": {"name": "wheelarch", "version": __version__},
            "interpreter": {
                "executable": interpreter.executable,
                "binary": interpreter.binary,
                "implementation": interpreter.implementation,
                "version": ".".join(map(str, interpreter.version)),
                "free_threaded": interpreter.free_threaded,
                "bits": interpreter.pointer_bits,
                "executable_machines": [image.arch for image in interpreter.images],
                "running_machine": self.machine,
                "host_machine": self.host or None,
                "emulated": self.emulated,
                "libc": self.platform.libc or None,
            },
            "machine": self.machine,
            "triple": self.triple,
            "platform_tags": list(self.platform_tags),
            "deployment_target": self.deployment_target or None,
            "universal2": self.universal2 or None,
            "environment": {variable.name: variable.value for variable in self.environment},
            "unset": list(self.unset),
            "evidence": [
                {"signal": one.signal, "says": one.says, "weight": one.weight} for one in self.evidence
            ],
            "findings": inputs[0]["findings"] if isinstance(inputs, list) else [],
        }


def target(python: str | os.PathLike[str] | None = None) -> BuildTarget:
    """Return what an interpreter can load, and the environment to build for it.

    The interpreter is run, in a cleaned environment.

    Args:
        python: The path of an interpreter, its name on PATH, or the folder of a virtual environment. None means the
            active environment (VIRTUAL_ENV, then CONDA_PREFIX), or else the interpreter that runs this code.

    Raises:
        UsageError: There is no such interpreter, it does not run, or no Rust triple fits it.
    """
    return judge(probe(python), os.environ)


def judge(interpreter: Interpreter, environ: Mapping[str, str]) -> BuildTarget:
    """Return what an interpreter can load, from its answers and its header.

    Args:
        interpreter: What `probe` found.
        environ: The caller's environment. A variable that would give a build another target is a finding. ARCHFLAGS
            with both slices asks for a universal2 build.

    Raises:
        UsageError: No Rust triple fits the interpreter.
    """
    arch = _arch(interpreter)
    platform = _platform(interpreter, arch)
    host = _host(interpreter)
    # x64 hardware runs x86 code without emulation
    emulated = bool(host) and host != arch and (arch, host) != ("x86", "x86_64")
    universal2 = ""
    if platform.system == "macos" and triples.of_platform(interpreter.get_platform) is UNIVERSAL2:
        both = len(archflags(environ.get("ARCHFLAGS", ""))) == 2
        universal2 = "both" if both else "running-slice"
    evidence = _evidence(interpreter, platform, environ)
    findings = [*_contradictions(evidence, arch, platform)]
    if emulated:
        findings.append(_emulation(interpreter, arch, host))
        if universal2 == "running-slice":
            findings.append(_two_slices(interpreter, arch))
    if (other_libc := _other_libc(interpreter)) is not None:
        findings.append(other_libc)
    built = UNIVERSAL2 if universal2 == "both" else platform
    lowest = deployment_target(built, interpreter, environ)
    return BuildTarget(
        interpreter=interpreter,
        machine=arch,
        host=host,
        emulated=emulated,
        platform=built,
        platform_tags=platform_tags(platform, interpreter),
        deployment_target=lowest,
        universal2=universal2,
        environment=build_environment(built, interpreter, lowest, environ),
        unset=unwanted(built),
        evidence=evidence,
        findings=tuple(sorted(findings, key=lambda finding: -finding.severity.rank)),
    )


# -- what the process is ---------------------------------------------------------------------------------------

_LOADED_AS = {"arm64e": "arm64", "x86_64h": "x86_64", "arm64x": "arm64"}
"""What to build for a process whose executable has one of the variants."""
_PE_MACHINES = {0x014C: "x86", 0x8664: "x86_64", 0xAA64: "arm64", 0x01C4: "arm"}
"""IMAGE_FILE_MACHINE_*, as IsWow64Process2 returns it."""


def _header(interpreter: Interpreter) -> tuple[str, ...]:
    return tuple(image.arch for image in interpreter.images)


def _machine_word(word: str) -> str:
    """Return the architecture that a uname machine or platform.machine() names, or empty."""
    linux = triples.of_platform(f"linux-{word}")
    return linux.arch if linux else arch_token(word.lower()) or ""


def _arch(interpreter: Interpreter) -> str:
    """Return the architecture of the process, from the strongest signal that names one."""
    header = _header(interpreter)
    running = _machine_word(interpreter.uname_machine)
    if len(header) == 1:
        return _LOADED_AS.get(header[0], header[0])
    if running and (running in header or not header) and interpreter.platform in ("darwin", "ios"):
        return running
    row = triples.of_platform(interpreter.get_platform, bits=interpreter.pointer_bits)
    return row.arch if row and row.arch else running


def _bits(interpreter: Interpreter) -> int:
    """Return the width of a pointer, from the header if there is one."""
    return interpreter.images[0].bits if interpreter.images else interpreter.pointer_bits


def _platform(interpreter: Interpreter, arch: str) -> Platform:
    """Return the row of the table for the process.

    Raises:
        UsageError: The table has no such row.
    """
    variant = interpreter.images[0].variant if len(interpreter.images) == 1 else ""
    bits = _bits(interpreter)
    named = triples.of_platform(
        interpreter.get_platform,
        bits=bits,
        libc=interpreter.libc,
        variant=variant,
        byteorder=interpreter.byteorder,
    )
    if named and named.arch == arch and named.libc in ("", interpreter.libc or named.libc):
        return named
    system = named.system if named else _SYSTEMS.get(interpreter.platform, "")
    if interpreter.libc == "bionic":  # before 3.13, Python on Android called itself Linux
        system = "android"
    for row in triples.PLATFORMS:
        if (row.system, row.arch, row.bits) == (system, arch, bits) and row.libc in (
            interpreter.libc or row.libc,
        ):
            return row
    raise UsageError(
        f"{interpreter.given}: no Rust triple fits its platform {interpreter.get_platform!r} "
        f"with {arch or 'unknown'} code"
    )


_SYSTEMS = {"win32": "windows", "darwin": "macos", "linux": "linux", "android": "android", "ios": "ios"}
"""The system for each sys.platform whose platform string may not be in the table."""


def _host(interpreter: Interpreter) -> str:
    """Return the architecture of the hardware or of its system, or empty if the interpreter cannot know it."""
    if interpreter.platform == "darwin":
        silicon = interpreter.apple_silicon or interpreter.translated
        return "arm64" if silicon else _machine_word(interpreter.uname_machine)
    if interpreter.wow64 is not None:
        return _PE_MACHINES.get(interpreter.wow64[1], "")
    return ""


def _evidence(interpreter: Interpreter, platform: Platform, environ: Mapping[str, str]) -> tuple[Signal, ...]:
    """Return the signals, the strongest first. Empty ones are left out."""
    header = _header(interpreter)
    of_width = tuple({row.arch for row in triples.PLATFORMS if row.bits == interpreter.pointer_bits})
    signals = [
        Signal("executable header", ", ".join(header), 7, header),
        Signal("pointer width", f"{interpreter.pointer_bits} bits", 5, of_width),
        Signal("EXT_SUFFIX", interpreter.ext_suffix, 4, _suffix_arches(interpreter.ext_suffix)),
        Signal(
            "sysconfig.get_platform()",
            interpreter.get_platform,
            3,
            _string_arches(interpreter.get_platform),
        ),
        Signal("platform.machine()", interpreter.machine, 2, _claim(_machine_word(interpreter.machine))),
    ]
    if interpreter.platform in ("darwin", "ios"):
        running = _claim(_machine_word(interpreter.uname_machine))
        signals.append(Signal("running slice", interpreter.uname_machine, 6, running))
    if interpreter.translated:
        signals.append(Signal("sysctl.proc_translated", "1: Rosetta 2 runs the process", 0, ()))
    if interpreter.wow64 is not None:
        process, native = (f"{machine:#06x}" for machine in interpreter.wow64)
        signals.append(Signal("IsWow64Process2", f"process {process}, host {native}", 0, ()))
    signals += (
        Signal(name, value, 1, _variable_arches(name, value, platform))
        for name in ("CARGO_BUILD_TARGET", "ARCHFLAGS", "_PYTHON_HOST_PLATFORM")
        if (value := environ.get(name, ""))
    )
    return tuple(sorted((one for one in signals if one.says), key=lambda one: -one.weight))


def _suffix_arches(suffix: str) -> tuple[str, ...]:
    """Return the architectures that the platform part of an extension suffix names. On macOS it has no such part."""
    parsed = parse_extension_name(f"x{suffix}")
    if parsed is None or not parsed.platform:
        return ()
    windows = triples.of_tag(parsed.platform)
    return _claim(windows[0].arch if windows else arch_token(parsed.platform) or "")


def _claim(arch: str) -> tuple[str, ...]:
    return (arch,) if arch else ()


def _string_arches(string: str) -> tuple[str, ...]:
    """Return the architectures that a platform string names, without regard to the width of pointers."""
    row = triples.of_platform(string)
    return () if row is None else _row_arches(row)


def _row_arches(row: Platform) -> tuple[str, ...]:
    return ("arm64", "x86_64") if row is UNIVERSAL2 else (row.arch,)


_WITH = " with "


def _variable_arches(name: str, value: str, platform: Platform) -> tuple[str, ...]:
    """Return the architectures that a variable of the caller's environment asks for.

    If the variable asks for another system or C library, the result is not an architecture but begins with one:
    `x86_64 on linux`, `x86_64 with musl`.
    """
    if name == "ARCHFLAGS":
        arches, system = archflags(value), "macos"
        same = platform.system == "macos"
    else:
        row = triples.of_triple(value) if name == "CARGO_BUILD_TARGET" else triples.of_platform(value)
        if row is None:
            return ("unknown",)
        arches, system = _row_arches(row), row.system
        same = row.system == platform.system
        if name == "CARGO_BUILD_TARGET":
            # a Python from python.org loads modules that MinGW compiled
            same = same or (row.system, platform.system) == ("mingw", "windows")
            if same and row.system == "linux" and row.libc != platform.libc:
                return tuple(f"{arch}{_WITH}{row.libc}" for arch in arches)
    return arches if same else tuple(f"{arch} on {system}" for arch in arches)


# -- findings --------------------------------------------------------------------------------------------------

_REMEDY = "Build in the environment that `wheelarch target --format env` prints, or with `wheelarch target -- COMMAND`."
_CODES = {7: "WT03", 6: "WT03", 5: "WT03", 4: "WT04", 3: "WT05", 2: "WT06", 1: "WT07"}
"""By weight of a signal, the code of the finding if it names another machine than that of the process."""
_RULES = {rule.code: rule for rule in RULES}


def _finding(
    code: str, message: str, evidence: dict[str, str], consequence: str = "", remedy: str = _REMEDY
) -> Finding:
    rule = _RULES[code]
    return Finding(
        code=code,
        name=rule.name,
        severity=rule.severity,
        member=None,
        slice=None,
        tags=(),
        message=message,
        evidence=evidence,
        consequence=consequence or rule.consequence,
        remedy=remedy,
    )


def _contradictions(evidence: Iterable[Signal], arch: str, platform: Platform) -> Iterable[Finding]:
    """Yield a finding for each signal that names another machine or another system than that of the process."""
    for one in evidence:
        claims = {_LOADED_AS.get(claim, claim) for claim in one.arches}
        if not claims or arch in claims:
            continue
        same_machine = next((claim for claim in claims if claim.startswith(f"{arch} ")), "")
        where = f" with {platform.libc}" if _WITH in same_machine else f" on {platform.system}"
        yield _finding(
            _CODES[one.weight],
            f"{one.signal} says {one.says!r}, but the interpreter runs {arch} code{where if same_machine else ''}",
            {"have": one.says, "need": platform.triple if one.weight == 1 else arch, "signal": one.signal},
            remedy=f"Unset {one.signal}. {_REMEDY}" if one.weight == 1 else _REMEDY,
        )


def _emulation(interpreter: Interpreter, arch: str, host: str) -> Finding:
    rosetta = interpreter.platform == "darwin"
    return _finding(
        "WT01",
        f"{'Rosetta 2' if rosetta else 'Windows on Arm'} emulates the interpreter: {arch} code on {host}",
        {"have": arch, "need": host, "signal": "sysctl.proc_translated" if rosetta else "IsWow64Process2"},
        f"it loads only {arch} modules, but rustc and compilers make {host} code unless they get another target",
        f"Use an interpreter for {host}. To build for this interpreter: {_REMEDY}",
    )


def _two_slices(interpreter: Interpreter, arch: str) -> Finding:
    return _finding(
        "WT02",
        f"the platform string is {interpreter.get_platform}, but only the {arch} slice runs",
        {"have": interpreter.get_platform, "need": arch, "signal": "sysconfig.get_platform()"},
        "maturin finds no single architecture in that string and builds for the host of rustc: mach-o file, but is an "
        f"incompatible architecture (have 'arm64', need '{arch}')",
    )


def _other_libc(interpreter: Interpreter) -> Finding | None:
    """Return a note if the suffix names another C library. CPython before 3.11 says gnu on musl too."""
    last = interpreter.ext_suffix.removesuffix(".so").rpartition("-")[2]
    named = "musl" if last.startswith("musl") else "glibc" if last.startswith("gnu") else ""
    if interpreter.platform != "linux" or not named or interpreter.libc in ("", named):
        return None
    return _finding(
        "WT08",
        f"EXT_SUFFIX says {interpreter.ext_suffix!r}, but the executable uses {interpreter.libc}",
        {"have": named, "need": interpreter.libc, "signal": "EXT_SUFFIX"},
    )
