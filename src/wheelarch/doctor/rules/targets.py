"""WD15 to WD21, WD24, WD28 to WD30 and WD37: targets that do not fit the Python or the wheel's tag."""

from __future__ import annotations

from ..._lib.typed import TYPE_CHECKING
from ...interpreter.triples import UNIVERSAL2, of_platform, of_triple
from ...model import Severity
from ..build import HERE, Build, Python, arch, system
from ..versions import Exposure, Window, exposure
from ._base import Prediction, newer_maturin, predicts

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "bypassed_cargo_target",
    "emulated_universal2",
    "foreign_host_platform",
    "foreign_setuptools_platform",
    "foreign_tool_cache_python",
    "host_for_foreign_python",
    "narrow_python_in_container",
    "thin_universal2",
    "undetected_python",
    "undetected_win32",
    "win32_on_arm",
    "wrong_width_python",
]

_SETUPTOOLS = ("setuptools", "setuptools-rust")
_WIDTH = "no wheel: your Rust target architecture ({}-bit) does not match your python interpreter ({}-bit)"


@predicts("WD15", "foreign-tool-cache-python", Severity.ERROR, windows=(Window("maturin", "", "1.9.5"),))
def foreign_tool_cache_python(build: Build) -> Iterator[Prediction]:
    """On an ARM64 Windows runner, maturin uses x64 Pythons in a build for ARM64.

    What it does:
        Looks for builds for ARM64 by maturin up to 1.9.4 on ARM64 Windows, if the workflow sets up no ARM64 Python, or
        if a Python is known to be x64.

    Why it is bad:
        These releases compare only the pointer width, and the runner's tool cache is full of x64 Pythons.

    Example:
        windows-11-arm with `actions/setup-python` and no `architecture`: ARM64 code that is linked or tagged for x64.

    How to fix:
        Use maturin >= 1.9.6, and `architecture: arm64` (not `aarch64`) for setup-python.

    Known limits:
        The Pythons on a self-hosted runner are not known.

    References:
        maturin issue 2692, pull request 2750; maturin-action issue 346; docs/facts/build-tools.md, "maturin releases".
    """
    if (
        build.frontend == "pep517"
        or not build.on_windows
        or arch(build.host) != "arm64"
        or build.target != build.host
    ):
        return
    known = {one.arch for one in build.pythons if one.arch}
    if "x86_64" in known or (build.where != HERE and not known):
        yield Prediction(
            message=f"maturin will use x64 Pythons for {build.target}",
            remedy="Require maturin>=1.9.6, and give setup-python the input architecture: arm64.",
            consequence="LNK1112 or LNK4272 from the linker, or ARM64 code in a wheel that is tagged for x64",
        )


_MISREADS_WIN32 = Window("maturin", "1.9.5", "1.9.6")


@predicts("WD16", "wrong-width-python", Severity.ERROR, windows=(_MISREADS_WIN32,))
def wrong_width_python(build: Build) -> Iterator[Prediction]:
    """Maturin 1.9.5 uses an x64 Python in a 32-bit build on Windows.

    What it does:
        Looks for builds for 32-bit Windows on Windows by maturin 1.9.5.

    Why it is bad:
        That release compares a platform name that still ends in a line break, so it never sees a difference.

    Example:
        `--target i686-pc-windows-msvc` on windows-latest: `your Rust target architecture (32-bit) does not match your
        python interpreter (64-bit)`.

    How to fix:
        Use maturin >= 1.9.6.

    Known limits:
        None known.

    References:
        maturin issues 2754 and 2757, pull requests 2755 and 2758.
    """
    if build.on_windows and build.for_windows and arch(build.target) == "x86":
        yield Prediction(
            message=f"maturin 1.9.5 will use an x64 Python for {build.target}",
            remedy=f"{newer_maturin(build, '1.9.6')}.",
            consequence=_WIDTH.format(32, 64),
        )


def _foreign_pythons(build: Build) -> list[Python]:
    """Return the Pythons on a Mac that run as another architecture than rustc, if nothing names a target."""
    if system(build.host) != "macos" or build.named_by != "the host":
        return []
    return [one for one in build.pythons if one.arch and one.arch != arch(build.host)]


def _is_universal(python: Python) -> bool:
    return python.platform.endswith("universal2")


@predicts("WD17", "host-for-foreign-python", Severity.ERROR, windows=(Window("maturin", "", "1.6.0"),))
def host_for_foreign_python(build: Build) -> Iterator[Prediction]:
    """Pip builds for the Mac's own architecture, but the Python runs as the other one.

    What it does:
        Looks for builds by pip and other PEP 517 frontends on macOS with maturin up to 1.5.1, if the interpreter has
        another architecture than rustc and nothing names a target.

    Why it is bad:
        These releases always build for rustc's host. The wheel's tag matches the wrong binary.

    Example:
        An x86_64 Python under Rosetta 2 on Apple silicon: `mach-o file, but is an incompatible architecture (have
        'arm64', need 'x86_64')`.

    How to fix:
        Use maturin >= 1.6.0, or set CARGO_BUILD_TARGET.

    Known limits:
        The interpreter is known only if `--python` or setup-python names it.

    References:
        maturin issue 2041, pull request 2088; docs/facts/build-tools.md, "Claims that were checked", "maturin
        releases".
    """
    if build.frontend in ("pep517", ""):
        for python in _foreign_pythons(build):
            if not _is_universal(python):
                yield _wrong_mac(
                    build, python, f"Require maturin>=1.6.0, or set CARGO_BUILD_TARGET={_mac(python)}."
                )


@predicts("WD18", "undetected-python", Severity.WARNING)
def undetected_python(build: Build) -> Iterator[Prediction]:
    """A plain `maturin build` builds for the Mac's own architecture, but the Python runs as the other one.

    What it does:
        Looks for `maturin build` without `-i` and `--target` on macOS, if the interpreter has another architecture than
        rustc.

    Why it is bad:
        maturin asks an interpreter what it is only if `-i` names one.

    Example:
        `maturin build` on macos-15 after setup-python with `architecture: x64`.

    How to fix:
        Pass `--target`, or with maturin >= 1.6.0 `-i python`.

    Known limits:
        On this machine the frontend is not known. The finding is then about `maturin build` only, not about pip.

    References:
        maturin, src/build_context/builder.rs; docs/facts/build-tools.md, "How build tools choose the target".
    """
    if build.frontend in ("build", "") and not build.interpreter_named:
        for python in _foreign_pythons(build):
            if not _is_universal(python):
                asks = exposure(build.maturin, Window("maturin", "", "1.6.0")) is Exposure.NONE
                yield _wrong_mac(
                    build,
                    python,
                    f"Pass {'-i python or ' if asks else ''}--target {_mac(python)} to maturin build.",
                )


@predicts("WD19", "emulated-universal2", Severity.ERROR)
def emulated_universal2(build: Build) -> Iterator[Prediction]:
    """A universal2 Python runs under Rosetta 2, and maturin builds for arm64.

    What it does:
        Looks for a universal2 interpreter that runs as x86_64 on Apple silicon, if nothing names a target.

    Why it is bad:
        Its platform does not name one architecture, so maturin builds for rustc's host.

    Example:
        `arch -x86_64 python3 -m pip install .` with the Python from python.org.

    How to fix:
        Set CARGO_BUILD_TARGET to `x86_64-apple-darwin`, or to `universal2-apple-darwin` for both.

    Known limits:
        This follows from maturin's source, and was not tried on such a machine.

    References:
        maturin, src/build_context/builder.rs; docs/facts/build-tools.md, "How build tools choose the target", "How
        wheelarch chooses the target".
    """
    if arch(build.host) == "arm64":
        for python in _foreign_pythons(build):
            if _is_universal(python) and python.arch == "x86_64":
                yield _wrong_mac(
                    build,
                    python,
                    f"Set CARGO_BUILD_TARGET={_mac(python)}, or {UNIVERSAL2.triple} for both architectures.",
                )


def _mac(python: Python) -> str:
    found = of_platform(f"macosx-{python.arch}")
    return found.triple if found else ""


def _wrong_mac(build: Build, python: Python, remedy: str) -> Prediction:
    have = arch(build.host)
    return Prediction(
        message=f"{have} code will be built for a Python that runs as {python.arch}",
        remedy=remedy,
        consequence=f"mach-o file, but is an incompatible architecture (have '{have}', need '{python.arch}')",
        evidence={"have": have, "need": python.arch},
    )


def _is_win32(python: Python) -> bool:
    return python.platform == "win32" or (python.arch == "x86" and not python.platform)


def _builds_on_windows(build: Build, host: str, frontend: str) -> bool:
    """Return whether this frontend may build on Windows of this architecture, if nothing names the target."""
    alone = build.on_windows and arch(build.host) == host and build.named_by == "the host"
    return alone and build.frontend in (frontend, "")


@predicts("WD20", "undetected-win32", Severity.ERROR)
def undetected_win32(build: Build) -> Iterator[Prediction]:
    """A 32-bit Python on Windows is skipped, because maturin builds for x64.

    What it does:
        Looks for `maturin build` or `develop` on x64 Windows with a 32-bit interpreter and without `--target`.

    Why it is bad:
        maturin does not know `win32` when it asks an interpreter what to build for.

    Example:
        `reports a platform 'win32' (architecture 'x86'), while the Rust target is 'x86_64'. Skipping.`

    How to fix:
        Pass `--target i686-pc-windows-msvc`.

    Known limits:
        pip is not affected, because maturin passes the target itself in builds by pip.

    References:
        maturin, src/build_context/builder.rs and src/python_interpreter; docs/facts/build-tools.md, "How build tools
        choose the target".
    """
    if _builds_on_windows(build, "x86_64", "build") and any(map(_is_win32, build.pythons)):
        yield Prediction(
            message="maturin build will skip the 32-bit Python, because it builds for x86_64",
            remedy=f"Pass --target i686-pc-windows-msvc to maturin{_above_1_9_5(build)}.",
            consequence="no wheel: reports a platform 'win32', while the Rust target is 'x86_64'. Skipping.",
            severity=None if build.frontend else Severity.WARNING,
        )


def _above_1_9_5(build: Build) -> str:
    """Return what else a 32-bit build on Windows needs, so that WD16 does not follow."""
    return ", and require maturin>=1.9.6" if exposure(build.maturin, _MISREADS_WIN32) else ""


@predicts("WD21", "win32-on-arm", Severity.ERROR)
def win32_on_arm(build: Build) -> Iterator[Prediction]:
    """On ARM64 Windows, pip builds ARM64 code for a 32-bit Python.

    What it does:
        Looks for builds by pip and other frontends with a 32-bit interpreter on ARM64 Windows, if nothing names a
        target.

    Why it is bad:
        maturin passes the 32-bit target only if `platform.machine()` says AMD64.

    Example:
        `pip install .` with the 32-bit Python from python.org on a Copilot+ PC.

    How to fix:
        Set CARGO_BUILD_TARGET=i686-pc-windows-msvc.

    Known limits:
        This follows from maturin's source, and was not tried on such a machine.

    References:
        maturin, its PEP 517 module; maturin pull request 951; docs/facts/build-tools.md, "Known-bad builds" (WD21),
        "What an interpreter says about itself".
    """
    if _builds_on_windows(build, "arm64", "pep517") and any(map(_is_win32, build.pythons)):
        yield Prediction(
            message="ARM64 code will be built for a 32-bit x86 Python",
            remedy=f"Set CARGO_BUILD_TARGET=i686-pc-windows-msvc{_above_1_9_5(build)}.",
            consequence=_WIDTH.format(64, 32),
        )


@predicts("WD24", "foreign-host-platform", Severity.ERROR, tools=("maturin", *_SETUPTOOLS))
def foreign_host_platform(build: Build) -> Iterator[Prediction]:
    """_PYTHON_HOST_PLATFORM names another platform than the target.

    What it does:
        Compares the system and the architecture in the variable with the target's.

    Why it is bad:
        The value becomes the wheel's tag, whatever is built: setuptools and maturin >= 1.7.0 do not check it.

    Example:
        `_PYTHON_HOST_PLATFORM=macosx-11.0-arm64`, left over from another job, and `--target x86_64-apple-darwin`.

    How to fix:
        Unset it, or set it to the target's platform.

    Known limits:
        On Windows, only maturin reads the variable, and only for the stable ABI. Other builds there are not judged.

    References:
        CPython Lib/sysconfig; maturin pull request 2122; docs/facts/build-tools.md, "Environment variables".
    """
    named = of_platform(build.variable("_PYTHON_HOST_PLATFORM") or "")
    target = of_triple(build.target)
    if named is None or target is None or (named.system, named.arch) == (target.system, target.arch):
        return
    if build.tool == "maturin":
        exposed = exposure(build.maturin, Window("maturin", "1.7.0"))
        reads = exposed is not Exposure.NONE and (build.abi3 or not build.for_windows)
    else:
        exposed, reads = (
            Exposure.ALL,
            build.tool in ("setuptools", "setuptools-rust") and not build.on_windows,
        )
    if reads:
        value = build.variable("_PYTHON_HOST_PLATFORM")
        yield Prediction(
            message=f"_PYTHON_HOST_PLATFORM={value} will become the tag of a wheel for {build.target}",
            remedy="Unset _PYTHON_HOST_PLATFORM, or set it to the target's platform.",
            consequence="a wheel that is tagged for another machine than its code",
            evidence={"have": build.target, "need": named.triple},
            severity=Severity.WARNING if exposed is Exposure.SOME else None,
        )


@predicts("WD28", "bypassed-cargo-target", Severity.ERROR)
def bypassed_cargo_target(build: Build) -> Iterator[Prediction]:
    """Cargo's configuration names a target that maturin does not see.

    What it does:
        Looks for `[build] target` in .cargo/config.toml that is not the host, if neither `--target` nor
        CARGO_BUILD_TARGET is given.

    Why it is bad:
        Cargo builds for that target, but maturin tags the wheel for rustc's host.

    Example:
        `[build] target = "aarch64-apple-darwin"` on an Intel Mac: arm64 code in a `macosx_10_12_x86_64` wheel.

    How to fix:
        Set CARGO_BUILD_TARGET to the same triple.

    Known limits:
        Configuration files in folders above the project and in CARGO_HOME are not read.

    References:
        the Cargo Book, "Configuration"; maturin issue 440; docs/facts/build-tools.md, "Known-bad builds" (WD28).
    """
    if build.named_by == ".cargo/config.toml" and build.host and build.target != build.host:
        yield Prediction(
            message=f"Cargo will build for {build.target}, but maturin will tag the wheel for {build.host}",
            remedy=f"Set CARGO_BUILD_TARGET={build.target} wherever maturin runs.",
            consequence="a wheel that is tagged for another machine than its code",
            evidence={"have": build.target, "need": build.host},
            source=".cargo/config.toml",
        )


@predicts("WD29", "foreign-setuptools-platform", Severity.ERROR, tools=("setuptools-rust",))
def foreign_setuptools_platform(build: Build) -> Iterator[Prediction]:
    """Setuptools makes a wheel for ARM64 Windows, but setuptools-rust builds x64 code.

    What it does:
        Looks for setuptools-rust on x64 Windows, if VSCMD_ARG_TGT_ARCH or plat_name asks for ARM64 and
        CARGO_BUILD_TARGET is not set.

    Why it is bad:
        setuptools-rust knows `win32` and `win-amd64`; for `win-arm64` it leaves the target to rustc.

    Example:
        `vcvarsall x64_arm64` and `python -m build`: x64 code in a `win_arm64` wheel.

    How to fix:
        Set CARGO_BUILD_TARGET=aarch64-pc-windows-msvc.

    Known limits:
        `--plat-name` on a command line is not seen.

    References:
        setuptools-rust, setuptools_rust/build.py; setuptools, distutils.util.get_platform; docs/facts/build-tools.md,
        "Environment variables", "How build tools choose the target".
    """
    asked = "arm64" in (build.variable("VSCMD_ARG_TGT_ARCH"), _plat_name(build).removeprefix("win-"))
    if asked and build.on_windows and arch(build.host) == "x86_64" and not build.explicit:
        # With this target, an older PyO3 would link the x64 library (WD01).
        old = exposure(build.pyo3, Window("pyo3", "", "0.23.4"))
        and_pyo3 = ", and upgrade pyo3 to 0.29.0 or later" if old else ""
        yield Prediction(
            message="x86_64 code will be built for a win_arm64 wheel",
            remedy=f"Set CARGO_BUILD_TARGET=aarch64-pc-windows-msvc{and_pyo3}.",
            consequence="ImportError: DLL load failed while importing: %1 is not a valid Win32 application.",
            evidence={"have": "x86_64", "need": "arm64"},
        )


@predicts("WD30", "thin-universal2", Severity.ERROR, tools=("setuptools-rust",))
def thin_universal2(build: Build) -> Iterator[Prediction]:
    """Setuptools makes a universal2 wheel, but setuptools-rust builds only one slice.

    What it does:
        Looks for setuptools-rust on macOS, if the interpreter or plat_name is universal2 and none of ARCHFLAGS,
        _PYTHON_HOST_PLATFORM and CARGO_BUILD_TARGET is set.

    Why it is bad:
        The tag follows the interpreter, but the code follows rustc.

    Example:
        `pip wheel .` with the Python from python.org: an arm64 module in a `macosx_10_13_universal2` wheel.

    How to fix:
        Set `ARCHFLAGS="-arch x86_64 -arch arm64"` for both slices, or `_PYTHON_HOST_PLATFORM` for one.

    Known limits:
        The interpreter is known only if `--python` names it.

    References:
        setuptools-rust, setuptools_rust/build.py; pypa/wheel issue 573; docs/facts/build-tools.md, "How build tools
        choose the target".
    """
    universal = _plat_name(build).endswith("universal2") or any(map(_is_universal, build.pythons))
    told = {"ARCHFLAGS", "_PYTHON_HOST_PLATFORM"} & set(build.environment)
    if universal and system(build.host) == "macos" and not told and not build.explicit:
        have = arch(build.host)
        yield Prediction(
            message=f"only {have} code will be built for a universal2 wheel",
            remedy='Set ARCHFLAGS="-arch x86_64 -arch arm64", or _PYTHON_HOST_PLATFORM for one architecture.',
            consequence="mach-o file, but is an incompatible architecture",
            evidence={"have": have, "need": "arm64+x86_64"},
        )


def _plat_name(build: Build) -> str:
    return build.project.plat_name.lower().replace("_", "-")


@predicts("WD37", "narrow-python-in-container", Severity.ERROR, tools=("maturin", "setuptools-rust"))
def narrow_python_in_container(build: Build) -> Iterator[Prediction]:
    """A 64-bit rustc builds for a 32-bit Python on Linux.

    What it does:
        Looks for a 32-bit interpreter on a 64-bit Linux host, if nothing names a target.

    Why it is bad:
        maturin does not detect the interpreter's architecture on Linux, so rustc builds for its host.

    Example:
        An armv7 container on an arm64 machine: `your Rust target architecture (64-bit) does not match your python
        interpreter (32-bit)`.

    How to fix:
        Pass `--target armv7-unknown-linux-gnueabihf`, or `i686-unknown-linux-gnu`.

    Known limits:
        The interpreter is known only if `--python` names it, or if a workflow's job runs in a manylinux or musllinux
        image for a 32-bit machine. In a workflow the finding is a warning, because rustup may have installed a 32-bit
        rustc.

    References:
        manylinux issue 1825; maturin issue 2701; docs/facts/build-tools.md, "Known-bad builds" (WD37), "How build tools
        choose the target".
    """
    host = of_triple(build.host)
    if host is None or host.system != "linux" or host.bits != 64 or build.named_by != "the host":
        return
    for python in build.pythons:
        if python.bits == 32 and python.platform.startswith("linux"):
            fitting = of_platform(python.platform, bits=32, libc=host.libc)
            yield Prediction(
                message=f"{host.arch} code will be built for a 32-bit Python",
                remedy=f"Set CARGO_BUILD_TARGET={fitting.triple}."
                if fitting
                else "Set CARGO_BUILD_TARGET to the 32-bit target.",
                consequence=_WIDTH.format(64, 32),
                severity=None if build.where == HERE else Severity.WARNING,
                # PyO3 compares the widths and stops. Without PyO3 the wheel is built.
                in_wheel=not build.pyo3,
            )
