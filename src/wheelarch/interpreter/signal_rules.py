"""What `wheelarch target` finds: signals that contradict what the interpreter is.

`interpreter.target` weighs the signals and makes the findings. This module has the documentation of each code, under
the headings that every rule has.
"""

from __future__ import annotations

from .._lib.typed import NamedTuple
from ..model import Severity

__all__ = ["RULES", "SignalRule"]


class SignalRule(NamedTuple):
    """A contradiction among the signals of an interpreter, its name and its documentation."""

    code: str
    """`WT05`. A code is never reused and never renumbered."""
    name: str
    """It names the fault, and fits after "allow": `suffix-names-other-machine`."""
    severity: Severity
    consequence: str
    """What the user would see; empty if that depends on what was found."""
    doc: str
    """The documentation, under the same headings as that of a wheel rule."""
    status: str = "stable"

    @property
    def summary(self) -> str:
        """The documentation's first line."""
        return self.doc.partition("\n")[0]


RULES: tuple[SignalRule, ...] = (
    SignalRule(
        "WT01",
        "emulated-interpreter",
        Severity.WARNING,
        "",
        """\
Rosetta 2 or Windows on Arm translates the interpreter.

What it does:
    Compares the architecture of the process with that of the machine: `sysctl.proc_translated` on macOS,
    IsWow64Process2 on Windows. x86 on x64 hardware is not emulation.

Why it is bad:
    The process loads only modules of its own architecture, but rustc and compilers on the same machine make code
    for the machine, unless they get another target.

Example:
    An x86_64 Python from the Homebrew for Intel, in `/usr/local`, on Apple silicon.

How to fix:
    Use an interpreter for the machine. To build for this interpreter, build in the environment that
    `wheelarch target --format env` prints.

Known limits:
    Emulation on Linux (QEMU) is not found, because the process cannot see it.

References:
    Apple, "About the Rosetta translation environment"; Microsoft, IsWow64Process2;
    docs/facts/build-tools.md, "What an interpreter says about itself".""",
    ),
    SignalRule(
        "WT02",
        "universal2-under-emulation",
        Severity.WARNING,
        "",
        """\
A universal2 interpreter runs as x86_64 on Apple silicon, but its platform string does not say so.

What it does:
    Looks for a platform string with universal2 in an emulated process, if ARCHFLAGS does not ask for both slices.

Why it is bad:
    maturin finds no single architecture in the string and builds for the host of rustc, arm64. The process loads
    only x86_64.

Example:
    `arch -x86_64 python3 -m pip install .` with the Python from python.org.

How to fix:
    Run the arm64 slice (`arch -arm64 python3`), or set the target with CARGO_BUILD_TARGET or ARCHFLAGS.

Known limits:
    None known.

References:
    maturin issue 2041; docs/facts/build-tools.md, "Known-bad builds" (WD19),
    "What an interpreter says about itself".""",
    ),
    SignalRule(
        "WT03",
        "header-contradicted",
        Severity.ERROR,
        "the interpreter that answered is not the one in the file: a wrapper or a copied executable started another",
        """\
The running slice or the width of a pointer contradicts the header of the executable.

What it does:
    Reads the header of the file behind sys.executable, and compares it with what the process says of its
    slice (uname, on Apple's systems) and of its pointers.

Why it is bad:
    The header is the strongest signal. If the process is of another kind, another file was run.

Example:
    A launcher starts a 32-bit Python, and sys.executable names the launcher.

How to fix:
    Pass the path of the interpreter itself.

Known limits:
    The links and launchers of virtual environments are resolved. Other launchers are resolved only if Python says
    which file they start.

References:
    CPython Modules/getpath.py, `sys._base_executable`;
    docs/facts/build-tools.md, "What an interpreter says about itself".""",
    ),
    SignalRule(
        "WT04",
        "suffix-names-other-machine",
        Severity.WARNING,
        "the file names of built modules name the wrong machine, and so does the target of tools that read the suffix",
        """\
The suffix of extension modules names another machine than that of the process.

What it does:
    Reads the platform part of EXT_SUFFIX: `win_arm64`, `x86_64-linux-gnu`. On macOS it has no such part.

Why it is bad:
    Built modules get that suffix, and puccinialin takes the Rust target from it.

Example:
    An x86_64 Python on Linux has the `_sysconfigdata` of a cross build for aarch64, and therefore says
    `.cpython-312-aarch64-linux-gnu.so`.

How to fix:
    Repair the installation of the interpreter. Until then, build in the environment that
    `wheelarch target --format env` prints.

Known limits:
    None known.

References:
    CPython Lib/sysconfig, EXT_SUFFIX; docs/facts/build-tools.md, "How build tools choose the target",
    "What an interpreter says about itself".""",
    ),
    SignalRule(
        "WT05",
        "platform-string-names-other-machine",
        Severity.WARNING,
        "tools that take the target from this string, or from the host of rustc, build for the other machine",
        """\
sysconfig.get_platform() names another machine than that of the process.

What it does:
    Compares the machine in the platform string with the header of the executable. _PYTHON_HOST_PLATFORM, which
    changes the string, is not set when the interpreter is asked.

Why it is bad:
    On Linux the string names the machine of the kernel. Tools that take the target from it, or from the host of
    rustc, build modules that the process cannot load.

Example:
    A 32-bit Python on a 64-bit kernel says `linux-x86_64`, but runs x86 code.

How to fix:
    Build in the environment that `wheelarch target --format env` prints, or start the build under `linux32`.

Known limits:
    None known.

References:
    CPython Lib/sysconfig, get_platform; manylinux issue 1825; docs/facts/build-tools.md,
    "Known-bad builds" (WD37), "What an interpreter says about itself".""",
    ),
    SignalRule(
        "WT06",
        "machine-name-is-the-hosts",
        Severity.NOTE,
        "tools that take the target from platform.machine() build for the host, not for the interpreter",
        """\
platform.machine() names the machine of the host, not that of the interpreter.

What it does:
    Compares platform.machine() with the header of the executable.

Why it is bad:
    On Windows the function returns the processor of the host by design. Build scripts that take the target from
    it build for the host.

Example:
    A 32-bit Python on x64 Windows says `AMD64`; an x64 Python on Windows on Arm says `ARM64` from 3.12 on.

How to fix:
    Use sysconfig.get_platform() on Windows, or build in the environment that `wheelarch target --format env` prints.

Known limits:
    None known.

References:
    CPython Lib/platform.py; docs/facts/build-tools.md, "What an interpreter says about itself".""",
    ),
    SignalRule(
        "WT07",
        "environment-asks-for-other-target",
        Severity.WARNING,
        "build tools follow the variable, and the interpreter cannot load what they make",
        """\
An environment variable makes build tools build for a target that the interpreter cannot load.

What it does:
    Compares CARGO_BUILD_TARGET, ARCHFLAGS and _PYTHON_HOST_PLATFORM with the interpreter: machine, system and C
    library. A MinGW triple for a Python from python.org is right, because that Python loads what MinGW makes.

Why it is bad:
    Build tools follow these variables before anything else.

Example:
    `CARGO_BUILD_TARGET=x86_64-apple-darwin`, set by an earlier job, with an arm64 Python.

How to fix:
    Unset the variable, or build in the environment that `wheelarch target --format env` prints.

Known limits:
    A variable that was set on purpose, for a cross build, is a finding too. Name the interpreter of the target instead.

References:
    the Cargo Book, "Environment variables"; docs/facts/build-tools.md, "Environment variables",
    "How build tools choose the target".""",
    ),
    SignalRule(
        "WT08",
        "suffix-names-other-libc",
        Severity.NOTE,
        "tools that take the C library from the suffix choose the wrong Rust target",
        """\
The suffix of extension modules names another C library than that of the executable.

What it does:
    Compares the end of EXT_SUFFIX, `gnu` or `musl`, with the program interpreter and libraries of the executable.

Why it is bad:
    Tools that take the C library from the suffix choose the wrong Rust target.

Example:
    CPython 3.10 on Alpine Linux says `.cpython-310-x86_64-linux-gnu.so`, but uses musl.

How to fix:
    Use CPython 3.11 or later, or build in the environment that `wheelarch target --format env` prints.

Known limits:
    None known.

References:
    CPython issue 87278, configure.ac PLATFORM_TRIPLET;
    docs/facts/build-tools.md, "What an interpreter says about itself".""",
    ),
)
"""By code."""
