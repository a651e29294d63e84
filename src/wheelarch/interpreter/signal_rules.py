"""What `wheelarch target` finds: signals that contradict what the interpreter is. Each code with its documentation.

`toolchain.target` weighs the signals and says what was found; here stands what a finding means, under the headings
that every rule has.
"""

from __future__ import annotations

from .._lib.typed import NamedTuple
from ..model import Severity

__all__ = ["RULES", "SignalRule"]


class SignalRule(NamedTuple):
    """A contradiction among the signals of an interpreter, its name and its documentation."""

    code: str
    """`WT05`. Final: never reused, never renumbered."""
    name: str
    """Names the bad thing, reads well after "allow": `suffix-names-other-machine`."""
    severity: Severity
    consequence: str
    """What comes of it; empty where that depends on what was found."""
    doc: str
    """The documentation, under the headings of a wheel rule's."""
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
    IsWow64Process2 on Windows. x86 on x64 hardware is no emulation.

Why it is bad:
    The process loads modules of its own architecture alone, while rustc and compilers on the same machine make
    code for the machine, unless they are told otherwise.

Example:
    An x86_64 Python of Intel Homebrew in `/usr/local` on Apple silicon.

How to fix:
    Use an interpreter for the machine. To build for this one, build in the environment that
    `wheelarch target --format env` prints.

Known limits:
    Emulation on Linux (QEMU) does not show in the process, and is not told.

References:
    Apple, "About the Rosetta translation environment"; Microsoft, IsWow64Process2; toolchain.md 5.2.""",
    ),
    SignalRule(
        "WT02",
        "universal2-under-emulation",
        Severity.WARNING,
        "",
        """\
A universal2 interpreter runs as x86_64 on Apple silicon, and its platform string does not tell.

What it does:
    Looks for a platform string of universal2 in an emulated process, where ARCHFLAGS does not ask for both slices.

Why it is bad:
    maturin finds no single architecture in the string and builds for rustc's host, arm64. The process loads
    x86_64 alone.

Example:
    `arch -x86_64 python3 -m pip install .` with the Python of python.org.

How to fix:
    Run the arm64 slice (`arch -arm64 python3`), or name a target: CARGO_BUILD_TARGET, ARCHFLAGS.

Known limits:
    None known.

References:
    maturin issue 2041; toolchain.md 3 (D19), 5.2.""",
    ),
    SignalRule(
        "WT03",
        "header-contradicted",
        Severity.ERROR,
        "what answered is not what the file holds: a wrapper or a copied executable stands between",
        """\
The running slice or the width of a pointer contradicts the header of the executable.

What it does:
    Reads the header of the file behind sys.executable, and compares it with what the process says of its
    slice (uname, on Apple's systems) and of its pointers.

Why it is bad:
    The header is the heaviest signal. Where the process is of another kind, the file is not what ran.

Example:
    A launcher that starts a 32-bit Python and names itself in sys.executable.

How to fix:
    Give the path of the interpreter itself.

Known limits:
    The links and launchers of virtual environments are resolved; other launchers only where Python tells what
    stands behind them.

References:
    CPython Modules/getpath.py, `sys._base_executable`; toolchain.md 5.2.""",
    ),
    SignalRule(
        "WT04",
        "suffix-names-other-machine",
        Severity.WARNING,
        "built modules get a file name that does not tell what they are, and tools read it to know what to build",
        """\
The suffix of extension modules names another machine than the process has.

What it does:
    Reads the platform part of EXT_SUFFIX: `win_arm64`, `x86_64-linux-gnu`. macOS has none there.

Why it is bad:
    Built modules get that suffix, and puccinialin takes the Rust target from it.

Example:
    An x86_64 Python on Linux that was given the `_sysconfigdata` of a cross build for aarch64, and so says
    `.cpython-312-aarch64-linux-gnu.so`.

How to fix:
    Mend the interpreter's installation; until then build in the environment that `wheelarch target` prints.

Known limits:
    None known.

References:
    CPython Lib/sysconfig, EXT_SUFFIX; toolchain.md 5.1, 5.2.""",
    ),
    SignalRule(
        "WT05",
        "platform-string-names-other-machine",
        Severity.WARNING,
        "tools that take the target from this string, or from rustc's own host, build for the other machine",
        """\
sysconfig.get_platform() names another machine than the process has.

What it does:
    Compares the machine in the platform string with the executable's header. The string was asked for without
    _PYTHON_HOST_PLATFORM.

Why it is bad:
    On Linux the string has the kernel's machine. Tools that take the target from it, or from rustc's own host,
    build for a machine that the process can't load.

Example:
    A 32-bit Python on a 64-bit kernel says `linux-x86_64`, and runs x86 code.

How to fix:
    Build in the environment that `wheelarch target --format env` prints, or start the build under `linux32`.

Known limits:
    None known.

References:
    CPython Lib/sysconfig, get_platform; manylinux issue 1825; toolchain.md 3 (D37), 5.2.""",
    ),
    SignalRule(
        "WT06",
        "machine-name-is-the-hosts",
        Severity.NOTE,
        "tools that take the target from platform.machine() build for the host and not for the interpreter",
        """\
platform.machine() names the machine of the host and not that of the interpreter.

What it does:
    Compares platform.machine() with the executable's header.

Why it is bad:
    On Windows the function speaks of the host's processor by design. Build scripts that take the target from it
    build for the host.

Example:
    A 32-bit Python on x64 Windows says `AMD64`; an x64 Python on Windows on Arm says `ARM64` from 3.12 on.

How to fix:
    Ask sysconfig.get_platform() on Windows; or build in the environment that `wheelarch target` prints.

Known limits:
    None known.

References:
    CPython Lib/platform.py; toolchain.md 5.2.""",
    ),
    SignalRule(
        "WT07",
        "environment-asks-for-other-target",
        Severity.WARNING,
        "build tools follow the variable, and the interpreter can't load what they make",
        """\
A variable of the environment sends builds to a target that the interpreter can't load.

What it does:
    Compares CARGO_BUILD_TARGET, ARCHFLAGS and _PYTHON_HOST_PLATFORM with the interpreter: machine, system and C
    library. A MinGW triple for a Python of python.org is no contradiction: it loads what is built so.

Why it is bad:
    Build tools follow these variables before anything else.

Example:
    `CARGO_BUILD_TARGET=x86_64-apple-darwin`, left over from another job, with an arm64 Python.

How to fix:
    Unset the variable, or build in the environment that `wheelarch target --format env` prints.

Known limits:
    A variable that is meant, for a cross build, is told all the same: name the target's interpreter instead.

References:
    the Cargo Book, "Environment variables"; toolchain.md 4, 5.1.""",
    ),
    SignalRule(
        "WT08",
        "suffix-names-other-libc",
        Severity.NOTE,
        "tools that take the C library from the suffix choose the other Rust target",
        """\
The suffix of extension modules names another C library than the executable uses.

What it does:
    Compares the end of EXT_SUFFIX, `gnu` or `musl`, with the program interpreter and libraries of the executable.

Why it is bad:
    Tools that take the C library from the suffix choose the other Rust target.

Example:
    CPython 3.10 on Alpine Linux says `.cpython-310-x86_64-linux-gnu.so`, and runs on musl.

How to fix:
    Use CPython 3.11 or later, or build in the environment that `wheelarch target --format env` prints.

Known limits:
    None known.

References:
    CPython issue 87278, configure.ac PLATFORM_TRIPLET; toolchain.md 5.2.""",
    ),
)
"""By code."""
