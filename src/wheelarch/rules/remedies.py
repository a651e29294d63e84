"""What to do about a problem, in the words of the build tool that made the wheel.

A rule names remedies by id. Each has a general text, and one for each tool that has its own command or
setting.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["REMEDIES", "Remedy", "build_tool", "text"]


class Remedy(NamedTuple):
    """One thing to do: at most three short sentences, the commands exact."""

    general: str
    tools: Mapping[str, str] = {}
    """The text for a build tool, by `build_tool`'s name for it."""


_GENERATORS: Mapping[str, str] = {
    "bdist_wheel": "setuptools",
    "setuptools": "setuptools",
    "maturin": "maturin",
    "scikit-build-core": "scikit-build-core",
    "meson": "meson-python",
    "meson-python": "meson-python",
    "hatchling": "hatchling",
    "poetry-core": "poetry-core",
    "flit": "flit-core",
    "flit-core": "flit-core",
    "pdm-backend": "pdm-backend",
}
"""The first word of a Generator line, as the backend writes it, and the backend's name."""


def build_tool(generator: str) -> str:
    """Return the name of the backend that built a wheel, or an empty string for one that we do not know.

    Args:
        generator: WHEEL's Generator: `maturin (1.9.4)`, `hatchling 1.27.0`. Of several, joined by `; `, the
            first backend counts: a tool that repairs a wheel adds its own line.
    """
    for line in generator.split(";"):
        words = line.replace("(", " ").split()
        if words and words[0].lower() in _GENERATORS:
            return _GENERATORS[words[0].lower()]
    return ""


def text(ids: tuple[str, ...], generator: str) -> str:
    """Return what to do, for the tool that built the wheel.

    Args:
        ids: Remedy ids, `R0` to `R37`, in the order in which they are to be read.
        generator: WHEEL's Generator, or empty.
    """
    tool = build_tool(generator)
    return " ".join(REMEDIES[each].tools.get(tool, REMEDIES[each].general) for each in ids)


REMEDIES: Mapping[str, Remedy] = {
    "R0": Remedy("Build or download the file again, and compare it with its hash in RECORD."),
    "R1": Remedy(
        "Make the archive anew with `python -m wheel unpack X.whl` and `python -m wheel pack FOLDER`. Never "
        "edit a wheel in place.",
    ),
    "R2": Remedy("Build the wheel anew through its PEP 517 backend: `python -m build --wheel`."),
    "R3": Remedy(
        "Run `python -m wheel tags --python-tag PY --abi-tag ABI --platform-tag PLAT --remove X.whl`: it "
        "changes the file name and WHEEL together. Never rename a wheel.",
    ),
    "R4": Remedy(
        "Tell the build backend that the project holds native code.",
        {
            "setuptools": (
                "Declare the native code in `ext_modules`, or let `Distribution.has_ext_modules()` return "
                "True."
            ),
            "hatchling": (
                "Let the build hook set `pure_python` to false and `infer_tag` to true in its build data."
            ),
            "scikit-build-core": "Set `wheel.platlib = true` under `[tool.scikit-build]`.",
        },
    ),
    "R5": Remedy(
        "Build for the stable ABI, and let the tag name the same lowest Python as the compiled code.",
        {
            "setuptools": (
                "Set `py_limited_api=True` on the Extension, and `py_limited_api = cp3X` under "
                "`[bdist_wheel]` (or pass `bdist_wheel --py-limited-api=cp3X`)."
            ),
            "scikit-build-core": (
                'Set `wheel.py-api = "cp3X"` under `[tool.scikit-build]` (`"cp315.cp315t"` for both stable '
                "ABIs)."
            ),
            "meson-python": "Set `limited-api = true` under `[tool.meson-python]`.",
            "maturin": (
                "Enable PyO3's feature `abi3-py3X`, X as in the tag (`abi3t-py315` needs maturin >= 1.14)."
            ),
        },
    ),
    "R6": Remedy(
        'Build for every architecture of the tag: `CIBW_ARCHS_MACOS="x86_64 arm64"` (or `universal2`) with '
        "cibuildwheel. `delocate-merge` joins thin wheels; `delocate-wheel --require-archs ARCH X.whl` "
        "checks the result.",
        {
            "setuptools": (
                'Set `ARCHFLAGS="-arch arm64"` and `_PYTHON_HOST_PLATFORM=macosx-11.0-arm64` (x86_64: '
                '`macosx-10.9-x86_64`; both: `ARCHFLAGS="-arch arm64 -arch x86_64"` and '
                "`macosx-10.9-universal2`). Setuptools does not hand ARCHFLAGS on to CMake: pass it "
                "`-DCMAKE_OSX_ARCHITECTURES` yourself."
            ),
            "scikit-build-core": (
                'Give CMake `-DCMAKE_OSX_ARCHITECTURES="arm64;x86_64"`, or the one that the tag names.'
            ),
            "maturin": (
                "Pass `--target aarch64-apple-darwin`, `x86_64-apple-darwin` or `universal2-apple-darwin`, "
                "or set `CARGO_BUILD_TARGET` to it."
            ),
        },
    ),
    "R7": Remedy(
        "Build inside the manylinux or musllinux image of the tag's architecture, natively or under QEMU.",
        {
            "setuptools": (
                "Build inside the manylinux or musllinux image of the tag's architecture, natively or under "
                "QEMU. With a cross compiler, set `_PYTHON_HOST_PLATFORM` to the target's (`linux-aarch64`)."
            ),
            "maturin": (
                "Pass the tag's `--target` (or set `CARGO_BUILD_TARGET`), with `--zig` or inside the tag's "
                "image. When cross-compiling, set `PYO3_CROSS_LIB_DIR` and `PYO3_CROSS_PYTHON_VERSION`."
            ),
        },
    ),
    "R8": Remedy("Ship the executable for the tag's architecture, or make one wheel a platform."),
    "R9": Remedy(
        "Compile for the tag's architecture: `CIBW_ARCHS_WINDOWS` (`AMD64`, `ARM64` or `x86`) with cibuildwheel, "
        "else `vcvarsall` for it before the compiler runs (`x64_arm64` crosses to ARM64).",
        {
            "setuptools": (
                "Compile for the tag's architecture: `CIBW_ARCHS_WINDOWS` (`AMD64`, `ARM64` or `x86`) with "
                "cibuildwheel, else `vcvarsall` for it before the build (`x64_arm64` crosses to ARM64). "
                "`--plat-name` alone changes the tag and not the code."
            ),
            "scikit-build-core": (
                "Give CMake `-A ARM64` for win_arm64 (never ARM64EC), `-A x64` or `-A Win32`."
            ),
            "maturin": (
                "Pass `--target aarch64-pc-windows-msvc`, `x86_64-` or `i686-pc-windows-msvc`, or set "
                "`CARGO_BUILD_TARGET` to it. To cross-compile, use pyo3 >= 0.29 (before it: the feature "
                "`generate-import-lib`)."
            ),
        },
    ),
    "R10": Remedy(
        "Set `MACOSX_DEPLOYMENT_TARGET` to the tag's version for every object, prebuilt libraries included, "
        "or raise the tag. `delocate-wheel --require-target-macos-version VERSION X.whl` checks it.",
        {
            "scikit-build-core": (
                "Set `MACOSX_DEPLOYMENT_TARGET` to the tag's version, and no other "
                "`CMAKE_OSX_DEPLOYMENT_TARGET`, for prebuilt libraries too, or raise the tag."
            ),
            "maturin": (
                "Set `MACOSX_DEPLOYMENT_TARGET` to the tag's version with its minor (`11.0`, not `11`), for "
                "C dependencies too, or raise the tag. rustc goes no lower than 10.12 on x86_64 and 11.0 on "
                "arm64."
            ),
        },
    ),
    "R11": Remedy(
        "Bundle the library: `delocate-wheel -v X.whl` on macOS, `delvewheel repair X.whl` on Windows. Build"
        " it for each architecture instead of installing it with `brew`.",
    ),
    "R12": Remedy(
        "Delete `build/` and all `.so` and `.pyd` files in the source tree before building, and build one "
        "architecture a job.",
        {
            "maturin": (
                "Delete `target/` and all `.so` and `.pyd` files in the source tree, and build one "
                "architecture a job."
            ),
        },
    ),
    "R13": Remedy(
        "Build the assembly with `<PlatformTarget>AnyCPU</PlatformTarget>` and without 32BITREQUIRED "
        "(`corflags /32BITREQ-`).",
    ),
    "R14": Remedy(
        "Define `Py_LIMITED_API=0x030X0000` for all translation units, static libraries included; link "
        "`python3.lib` on Windows. Check with `abi3audit X.whl`.",
        {
            "scikit-build-core": (
                "Ask CMake for `Development.SABIModule` and use `Python_add_library(NAME MODULE USE_SABI 3.X"
                " ...)`. Check with `abi3audit X.whl`."
            ),
            "maturin": (
                "Use pyo3 >= 0.27 or maturin >= 1.13.2. `PYO3_PRINT_CONFIG=1` must show `lib_name=python3`."
            ),
        },
    ),
    "R15": Remedy(
        "Build in release configuration with the interpreter that the tag names, and on Windows with MSVC, "
        "not with MSYS2's gcc.",
        {
            "scikit-build-core": (
                "Give CMake `-DPython_EXECUTABLE` (or `-DPython_ROOT_DIR`) of the interpreter that the tag "
                "names, use the Release configuration, and MSVC instead of MSYS2's gcc."
            ),
            "maturin": "Pass `-i` with the interpreter that the tag names.",
        },
    ),
    "R16": Remedy(
        "Compile for the flavour of Python that the ABI tag names. On Windows define `Py_GIL_DISABLED=1` for"
        " cp3Xt; for abi3t define `Py_TARGET_ABI3T=0x030f0000`, export `PyModExport_NAME` and tag the wheel "
        "`abi3.abi3t`.",
        {
            "maturin": (
                "Pass `-i` with the interpreter of the tag's flavour; for abi3t use maturin >= 1.14 and "
                "PyO3's feature `abi3t-py315`."
            ),
        },
    ),
    "R17": Remedy(
        "Do not link libpython: drop `-lpython3.X` and the output of `python3-config --ldflags --embed`; on "
        "macOS pass `-undefined dynamic_lookup` instead.",
        {
            "scikit-build-core": "Link `Python::Module`, not `Python::Python`.",
            "maturin": (
                "Use maturin >= 1.9.4 with pyo3 >= 0.26; with an older pair enable pyo3's feature "
                "`extension-module`."
            ),
        },
    ),
    "R18": Remedy(
        "Link the target's Python: `libpython3.Y.so` on Android, `-F FOLDER -framework Python` on iOS.",
    ),
    "R19": Remedy(
        "Take the suffix from the target's Python and not from the one that runs the build: name the target's "
        "interpreter, or on POSIX its `_PYTHON_SYSCONFIGDATA_NAME`.",
        {
            "setuptools": "Set `SETUPTOOLS_EXT_SUFFIX` to the suffix of the target's Python.",
            "scikit-build-core": (
                "Use `Python_add_library(NAME MODULE WITH_SOABI ...)` with `Python_SOABI` of the target."
            ),
        },
    ),
    "R20": Remedy(
        "Build with CPython 3.14 or older, or rename the file to `NAME.abi3.so` before packing.",
        {
            "setuptools": "Set `SETUPTOOLS_EXT_SUFFIX=.abi3.so`, or build with CPython 3.14 or older.",
        },
    ),
    "R21": Remedy(
        "Sign the file after its last change: `codesign --force --sign - FILE` on macOS, `rcodesign sign "
        "FILE` elsewhere.",
    ),
    "R22": Remedy(
        "Build inside the manylinux (glibc) or musllinux (musl) image that the tag names. `auditwheel show "
        "X.whl` says which tag is true, `auditwheel repair --plat TAG X.whl` bundles libraries.",
        {
            "maturin": (
                "Pass the tag to `--compatibility`, and build with `--zig` or inside the tag's manylinux "
                "(glibc) or musllinux (musl) image."
            ),
        },
    ),
    "R23": Remedy("Fetch the real file before building (`git lfs pull`), or leave it out."),
    "R24": Remedy("Set the file's mode to 0755 before packing."),
    "R25": Remedy("Drop `-march=native` from the compiler flags."),
    "R26": Remedy(
        "Export the init hook with default visibility under the name of the file, and do not rename the "
        "built file.",
        {
            "maturin": (
                "Give the `#[pymodule]` function the last part of the module's name, and do not rename the "
                "built file."
            ),
        },
    ),
    "R27": Remedy("Drop the Python DLL from the linker's `/DELAYLOAD` options."),
    "R28": Remedy("If you trust the file, raise the limit that the message names: `--limit NAME=VALUE`."),
    "R29": Remedy("Link with `-Wl,-z,noexecstack`."),
    "R30": Remedy("Link with `-Wl,-z,max-page-size=16384`."),
    "R31": Remedy(
        "Build anew for the API level of the tag.",
        {
            "maturin": (
                "Set `ANDROID_API_LEVEL` to the tag's level and build anew with the toolchain of that level."
            ),
        },
    ),
    "R32": Remedy("Strip the binaries, or leave debug companions out of the wheel."),
    "R33": Remedy("If it is meant, ignore this rule for the member and say why."),
    "R34": Remedy(
        "Build for the tag's iOS platform, device or simulator: `cibuildwheel --platform ios` sets the compilers.",
        {
            "maturin": (
                "Pass `--target aarch64-apple-ios` for devices, `aarch64-apple-ios-sim` or `x86_64-apple-ios` for "
                "simulators."
            ),
        },
    ),
    "R35": Remedy(
        "Build with the Android NDK for the tag's ABI: `cibuildwheel --platform android` sets the compilers.",
        {
            "maturin": (
                "Pass the tag's `--target`: `aarch64-linux-android`, `x86_64-linux-android`, "
                "`armv7-linux-androideabi` or `i686-linux-android`."
            ),
        },
    ),
    "R36": Remedy(
        "Bundle the library as it is built for the tag's architecture, or for all of them in a universal wheel, and "
        "repair the wheel anew (`auditwheel`, `delocate-wheel`, `delvewheel repair`).",
    ),
    "R37": Remedy(
        "Ship the file under the name that the build backend gave it: "
        "`NAME-VERSION[-BUILD]-PYTHON-ABI-PLATFORM.whl`, with no blanks or copies' numbers in it.",
    ),
}
