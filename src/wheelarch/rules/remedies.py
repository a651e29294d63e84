"""What to do about a problem: one table, by remedy, then by the system that the wheel is for, then by build tool.

A rule names a remedy by its id (`build-for-machine`), and `text` picks the words: those for the systems that the
finding is about, in each of them those for the tool that built the wheel. A remedy that is the same everywhere has
only a general text. `systems_of_tags` says which systems a finding is about. `listed` yields everything that the
findings of a rule can print.

Sources: docs/facts/build-tools.md, "Remedies", "Environment variables"; the command lines of auditwheel 6.8,
cibuildwheel 4.3, delocate 0.13, delvewheel 1.13, maturin 1.16 and wheel 0.48; scikit-build-core 1.1
(builder/builder.py, `get_archs`), meson-python 0.22 (mesonpy/__init__.py), pdm-backend 2.5 (config.py), poetry-core
2.5 (wheel.py), hatchling 1.33 (wheel.py) and flit-core 4.2 (wheel.py).
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from .rule import Rule

__all__ = [
    "FAMILIES",
    "REMEDIES",
    "SYSTEMS",
    "Remedy",
    "Texts",
    "build_tool",
    "listed",
    "system_of",
    "systems_of_rule",
    "systems_of_tags",
    "text",
]


class Texts(NamedTuple):
    """What to do on one system: at most three short sentences, with exact commands."""

    text: str
    tools: Mapping[str, str] = {}
    """The text for a build tool that has its own command or setting, by `build_tool`'s name for it."""


class Remedy(NamedTuple):
    """One thing to do, by the system that the wheel is for."""

    general: Texts | None = None
    """For systems without their own texts. None if rules name the remedy only for the systems below."""
    windows: Texts | None = None
    mingw: Texts | None = None
    macos: Texts | None = None
    ios: Texts | None = None
    linux: Texts | None = None
    """For glibc, and for tags that do not name a C library."""
    musl: Texts | None = None
    """For musl, if it is not the same as for Linux in general."""
    android: Texts | None = None
    wasm: Texts | None = None

    def on(self, system: str) -> Texts | None:
        """Return the texts for a system of `SYSTEMS`, or the general ones."""
        own: Texts | None = getattr(self, system) if system in _WITH_TEXTS else None
        return own or (self.linux if system == "musl" else None) or self.general


SYSTEMS: Mapping[str, str] = {
    "windows": "Windows",
    "mingw": "Windows (MinGW)",
    "macos": "macOS",
    "ios": "iOS",
    "linux": "Linux",
    "musl": "Linux (musl)",
    "android": "Android",
    "wasm": "WebAssembly",
    "any": "any platform",
    "other": "other systems",
}
"""What people call the systems: those of `Target.system`, and musl."""

_WITH_TEXTS = frozenset(Remedy._fields) - {"general"}
FAMILIES: Mapping[str, tuple[str, ...]] = {
    "windows": ("windows", "mingw"),
    "macos": ("macos", "ios"),
    "linux": ("linux", "musl", "android"),
}
"""The systems with the same loader and file format, by the most common one, which is the first."""
_OF_FORMAT = {
    "pe": FAMILIES["windows"],
    "mach-o": FAMILIES["macos"],
    "elf": FAMILIES["linux"],
    "wasm": ("wasm",),
}
"""The systems whose files have a format."""

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
"""The first word of a Generator line, as the backend writes it, and the name of the backend."""


def build_tool(generator: str) -> str:
    """Return the name of the backend that built a wheel, or an empty string for an unknown one.

    Args:
        generator: The Generator in WHEEL: `maturin (1.9.4)`, `hatchling 1.27.0`. If there are several, joined by
            `; `, the first backend counts: a tool that repairs a wheel adds its own line.
    """
    for line in generator.split(";"):
        words = line.replace("(", " ").split()
        if words and words[0].lower() in _GENERATORS:
            return _GENERATORS[words[0].lower()]
    return ""


def system_of(system: str, libc: str) -> str:
    """Return the system of `SYSTEMS` for a `Target.system` and a C library: musl has its own texts."""
    return "musl" if (system, libc) == ("linux", "musl") else system


def systems_of_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """Return the systems of `SYSTEMS` that tags are for, each once.

    Args:
        tags: Platform tags, or triples that end with one: `cp311-abi3-win_amd64`.
    """
    from ..metadata.platform_tags import read_platform

    names = dict.fromkeys(tag.rpartition("-")[2] for tag in tags)
    platforms = map(read_platform, names)
    return tuple(dict.fromkeys(system_of(platform.system, platform.libc) for platform in platforms))


def text(ids: Iterable[str], generator: str, systems: Iterable[str] = ()) -> str:
    """Return what to do, for the tool that built the wheel and the systems that the finding is about.

    If the systems need different texts, each begins with their names.

    Args:
        ids: Ids of `REMEDIES`, in the order in which they are to be read.
        generator: The Generator in WHEEL, or an empty string.
        systems: Keys of `SYSTEMS`; none if no system is known.
    """
    tool = build_tool(generator)
    said: dict[str, None] = {}
    for each in ids:
        remedy = REMEDIES[each]
        words: dict[str, list[str]] = {}
        for system in tuple(systems) or ("",):
            if texts := remedy.on(system):
                words.setdefault(texts.tools.get(tool, texts.text), []).append(SYSTEMS.get(system, ""))
        for line, names in words.items():
            said.setdefault(f"{', '.join(names)}: {line}" if len(words) > 1 else line)
    return " ".join(said)


def systems_of_rule(rule: Rule) -> tuple[str, ...]:
    """Return the systems of `SYSTEMS` that a rule can report something for."""
    of_formats = (system for each in rule.formats for system in _OF_FORMAT.get(each, ()))
    return rule.systems or tuple(of_formats) or tuple(SYSTEMS)


def listed(rule: Rule) -> Iterator[tuple[str, str]]:
    """Yield what a rule's findings say to do, as `(heading, text)`; the heading names systems and build tool.

    It is empty if the text is for all of them.
    """
    systems = systems_of_rule(rule)
    for each in rule.remedies:
        shared: dict[tuple[str, str], list[str]] = {}
        for system in sorted(systems, key=lambda one: REMEDIES[each].on(one) is REMEDIES[each].general):
            if texts := REMEDIES[each].on(system):
                for tool, words in {"": texts.text, **texts.tools}.items():
                    shared.setdefault((tool, words), []).append(system)
        for (tool, words), where in shared.items():
            heading = "" if len(where) == len(systems) else _heading(REMEDIES[each], where)
            yield " on ".join(filter(None, (tool, heading))), words


def _heading(remedy: Remedy, systems: list[str]) -> str:
    """Return the names of systems. Those without their own texts are called other systems if they are many."""
    own = [system for system in systems if "any" not in systems or remedy.on(system) is not remedy.general]
    names = ", ".join(SYSTEMS[system] for system in own)
    return names if len(own) == len(systems) else f"{names}, other systems" if names else "Other systems"


_UNDEFINED_LOOKUP = (
    "Do not link libpython or the Python framework: pass `-undefined dynamic_lookup` to the linker instead."
)
_NO_LIBPYTHON_MATURIN = (
    "Use maturin >= 1.9.4 with pyo3 >= 0.26. With older releases, enable PyO3's feature `extension-module`."
)
_NO_LIBPYTHON_MESON = "Build the module with `py.extension_module()`, without `py.dependency(embed: true)`."
_CROSS_MESON = (
    "Build on a machine of the tag's architecture. In a cross build, give Meson a cross file: "
    "`python -m build -Csetup-args=--cross-file=FILE`."
)
_CMAKE_SABI = (
    "Ask CMake for `Development.SABIModule`, and use `Python_add_library(NAME MODULE USE_SABI 3.X ...)`, X as in the "
    "tag. Check the result with `abi3audit X.whl`."
)
_SETUPTOOLS_SABI = (
    "Set `py_limited_api=True` on every Extension, and define `Py_LIMITED_API` in its `define_macros` as the Python of "
    "the tag (`0x030A0000` for cp310). Check the result with `abi3audit X.whl`."
)
_MESON_SABI = (
    "Pass `limited_api: '3.X'` to `py.extension_module()`, X as in the tag, with Meson 1.3 or later. Check the "
    "result with `abi3audit X.whl`."
)
_IOS_MACHINE = Texts(
    "Build for the iOS platform of the tag, device or simulator: `cibuildwheel --platform ios --archs "
    "arm64_iphoneos`, or `arm64_iphonesimulator`, or `x86_64_iphonesimulator`.",
    {
        "maturin": (
            "Pass `--target aarch64-apple-ios` for devices, `aarch64-apple-ios-sim` or `x86_64-apple-ios` for "
            "simulators."
        ),
    },
)
_ANDROID_MACHINE = Texts(
    "Build with the Android NDK for the ABI of the tag. For arm64_v8a and x86_64, `cibuildwheel --platform android "
    "--archs arm64_v8a` sets the compilers.",
    {
        "maturin": (
            "Pass the `--target` of the tag: `aarch64-linux-android`, `x86_64-linux-android`, "
            "`armv7-linux-androideabi` or `i686-linux-android`."
        ),
    },
)
_MINGW_MACHINE = Texts(
    "Build in the MSYS2 environment of the tag's architecture: UCRT64 or MINGW64 for x86_64, CLANGARM64 for ARM64, "
    "MINGW32 for i686.",
)
_TARGET_SUFFIX = (
    "Build with the Python that the tag names. In a cross build, set `_PYTHON_SYSCONFIGDATA_NAME` to that of the "
    "target's Python."
)
_TARGET_SUFFIX_TOOLS = {
    "setuptools": (
        "Build with the Python that the tag names. In a cross build, set `SETUPTOOLS_EXT_SUFFIX` to the suffix of "
        "the target's Python; it has no effect on a module with `py_limited_api=True`."
    ),
    "scikit-build-core": (
        "Use `Python_add_library(NAME MODULE WITH_SOABI ...)`, and build with the Python that the tag names. In a "
        "cross build, set `Python_SOABI` to that of the target's Python."
    ),
    "maturin": "Pass `-i` with the interpreter that the tag names, and in a cross build also `--target`.",
}
_SIGN = Texts(
    "Sign the file after its last change and before packing: `codesign --force --sign - FILE` on macOS, `rcodesign "
    "sign FILE` elsewhere.",
)
_LINK_LIBRARY = (
    "Link with the library that has the function, or compile the file that defines it into the module."
)
_ONE_RUN_PATH = Texts(
    "Remove the second run path with `install_name_tool -delete_rpath PATH FILE`, or pass the library to the "
    "linker only once. Then sign the file again: `codesign --force --sign - FILE`.",
)
_JOIN = Texts("Join the thin files again with `lipo -create FILE... -output FILE`, without `-hideARM64`.")
_PLAIN_APPLE = Texts(
    "Build for `arm64` and `x86_64`, not for `arm64e` and `x86_64h`: remove `-arch arm64e` and `-arch x86_64h` "
    "from the compiler flags.",
)
_NO_DELAY_LOAD = Texts(
    "Remove the Python DLL from the delay-loaded libraries: the linker option `/DELAYLOAD`."
)
_NO_EXEC_STACK = Texts(
    "Link with `-Wl,-z,noexecstack`: add it to `LDFLAGS`.",
    {"maturin": 'Set `RUSTFLAGS="-C link-arg=-Wl,-z,noexecstack"`.'},
)
_NEWER_PATCHELF = Texts(
    "Nothing fails because of it. If the file's hash in RECORD is right, the tool that made or edited the file left "
    "the damage: try another version of that tool. patchelf 0.11 and older did so."
)
_ALIGN_TO_64K = Texts(
    "Link with `-Wl,-z,max-page-size=65536`: add it to `LDFLAGS`. If `patchelf` edits the file, use version 0.12 or "
    "later with `--page-size 65536`.",
    {
        "maturin": 'Set `RUSTFLAGS="-C link-arg=-Wl,-z,max-page-size=65536"`. If `patchelf` edits the file, use '
        "version 0.12 or later with `--page-size 65536`."
    },
)
_LEAVE_PYTHON_TO_APP = Texts("Leave Python's own library out of the wheel: the app brings it.")
_NO_PYTHON_DLL = Texts("Leave the Python DLL out of the wheel: every Python brings its own.")


REMEDIES: Mapping[str, Remedy] = {
    # --- the archive and the files of the wheel
    "download-again": Remedy(
        Texts(
            "Build the file again, or download it again and compare its SHA-256 with that on the package index."
        ),
    ),
    "rebuild-file": Remedy(
        Texts(
            "Build or download the wheel again. If the file's hash in RECORD is right, the file was damaged before "
            "it was packed: check the build step that writes it."
        ),
    ),
    "damaged-by-tool": Remedy(
        Texts(
            "The file's hash in RECORD is right, so it was damaged before it was packed. Find the build step that "
            "writes or edits it, and run that step with another version of its tool."
        ),
    ),
    "unread-damage": Remedy(
        Texts(
            "Nothing fails because of it. If the file's hash in RECORD is right, the tool that made or edited the file "
            "left the damage: try another version of that tool."
        ),
        linux=_NEWER_PATCHELF,
        musl=_NEWER_PATCHELF,
    ),
    "rebuild-archive": Remedy(
        Texts(
            "Build the archive again with `python -m build`. If another step packs the wheel, use `python -m wheel "
            "pack FOLDER` in that step. Never edit a wheel in place."
        ),
    ),
    "rename-member": Remedy(Texts("Rename the file in the source tree, and build again.")),
    "replace-link": Remedy(
        Texts("Replace the link with a copy of the file, or leave it out, and build again."),
    ),
    "raise-limit": Remedy(
        Texts("If you trust the file, raise the limit that the message names: `--limit NAME=VALUE`."),
    ),
    "ignore": Remedy(
        Texts(
            "If the file is meant to be there, ignore the finding: add its code and your reason to "
            "`[tool.wheelarch.per-file-ignores]` in pyproject.toml."
        ),
    ),
    "rebuild-wheel": Remedy(
        Texts("Build the wheel again through its PEP 517 backend: `python -m build --wheel`."),
    ),
    "match-wheel-file": Remedy(
        Texts(
            "Run `python -m wheel unpack X.whl`, correct the lines `Tag` and `Build` in WHEEL, then run `python -m "
            "wheel pack FOLDER`: it names the wheel after these lines. Never rename a wheel."
        ),
    ),
    "rebuild-variant": Remedy(
        Texts("Build the variant again with a build backend that knows variants. Never rename a wheel."),
    ),
    "rebuild-bill": Remedy(
        Texts("Let the tool that writes the document write it again, after the last change of the wheel."),
    ),
    "leave-out-signature": Remedy(
        Texts("Leave the file out. Attestations on the package index do what it was meant for."),
    ),
    "same-release": Remedy(
        Texts(
            "Set the version, local part included, where the build backend reads it, and build again with `python -m "
            "build --wheel`. Never rename a wheel."
        ),
    ),
    "rewrite-record": Remedy(
        Texts(
            "Build the wheel again, and change no file in it afterwards. To only write RECORD again, run `python -m "
            "zipfile -e X.whl FOLDER`, then `python -m wheel pack FOLDER`."
        ),
    ),
    "make-executable": Remedy(
        Texts(
            "Set the file's mode to 0755 before packing: `chmod 755 FILE`, on a system that has file modes."
        ),
    ),
    "declare-native": Remedy(
        Texts(
            "Configure the build backend for native code, so that it tags the wheel for a platform.",
            {
                "setuptools": (
                    "Declare the native code in `ext_modules`, or let `Distribution.has_ext_modules()` return True."
                ),
                "hatchling": (
                    "Let the build hook set `pure_python` to false and `infer_tag` to true in its build data."
                ),
                "scikit-build-core": "Set `wheel.platlib = true` under `[tool.scikit-build]`.",
                "meson-python": "Call `import('python').find_installation(pure: false)` in meson.build.",
                "pdm-backend": (
                    "Set `is-purelib = false` under `[tool.pdm.build]`, or `run-setuptools = true` if setuptools "
                    "compiles the code."
                ),
                "poetry-core": (
                    "Compile the code in a build script, and declare it under `[tool.poetry.build]`: `script = "
                    '"build.py"`.'
                ),
                "flit-core": (
                    "flit-core builds only pure wheels. Use a backend that compiles: setuptools, scikit-build-core, "
                    "meson-python or maturin."
                ),
            },
        ),
    ),
    "find-compiled": Remedy(
        Texts(
            "If the project is pure Python and works everywhere, tag the wheel `py3-none-any`. If it needs native "
            "code, look in the build log for the reason why none was compiled or packed."
        ),
    ),
    "real-file": Remedy(
        Texts("Fetch the real file before building (`git lfs pull`), or leave it out of the wheel."),
    ),
    "clean-build": Remedy(
        Texts(
            "Delete `build/` and all `.so` and `.pyd` files in the source tree before building, and build one "
            "architecture per job.",
            {
                "maturin": (
                    "Delete `target/` and all `.so` and `.pyd` files in the source tree, and build one architecture "
                    "per job."
                ),
            },
        ),
    ),
    "leave-out-debug": Remedy(
        Texts(
            "Leave files with only debugging information (`.dSYM`, `.debug`) out of the wheel.",
            {"maturin": "Build without `--include-debuginfo`."},
        ),
    ),
    # --- the tags
    "keep-file-name": Remedy(
        Texts(
            "Ship the file under the name that the build backend gave it: "
            "`NAME-VERSION[-BUILD]-PYTHON-ABI-PLATFORM.whl`, without spaces and without the number of a copy."
        ),
    ),
    "retag": Remedy(
        Texts(
            "Run `python -m wheel tags --python-tag PY --abi-tag ABI --platform-tag PLAT --remove X.whl`. It changes "
            "the file name and WHEEL together. Never rename a wheel."
        ),
    ),
    "live-tag": Remedy(
        Texts(
            "Use tags that installers accept: `python -m wheel tags --python-tag PY --abi-tag ABI --platform-tag "
            "PLAT --remove X.whl`. `python -m pip debug --verbose` lists those of the Python that runs it."
        ),
        macos=Texts(
            "Use tags that installers accept: `python -m wheel tags --python-tag PY --abi-tag ABI --platform-tag "
            "PLAT --remove X.whl`. The platform tag follows `MACOSX_DEPLOYMENT_TARGET`; from macOS 11 on, its "
            "minor version is 0."
        ),
        ios=Texts(
            "Use tags that installers accept: `python -m wheel tags --python-tag PY --abi-tag ABI --platform-tag "
            "PLAT --remove X.whl`. The platform tag follows `IPHONEOS_DEPLOYMENT_TARGET`: `ios_13_0_arm64_iphoneos`."
        ),
    ),
    "index-tag": Remedy(
        Texts(
            "PyPI accepts no such tag. Use one that it accepts (`python -m wheel tags --platform-tag PLAT --remove "
            "X.whl`), or publish the wheel elsewhere."
        ),
        mingw=Texts("PyPI accepts no wheels for MinGW. Publish the wheel elsewhere."),
        macos=Texts(
            "Set `MACOSX_DEPLOYMENT_TARGET` to a version that macOS has (up to 15.0, or from 26.0 on), and build "
            "again."
        ),
        linux=Texts(
            "Repair the wheel inside a manylinux or musllinux image: `auditwheel repair X.whl` gives it a tag that "
            "PyPI accepts. For an architecture that PyPI does not accept, publish the wheel elsewhere.",
            {
                "maturin": (
                    "Pass `--compatibility manylinux_2_28`, or another tag that PyPI accepts, and build with "
                    "`--zig` or inside the image of that tag."
                ),
            },
        ),
        musl=Texts(
            "PyPI accepts musllinux tags for x86_64, i686, aarch64, armv7l, ppc64le, s390x and riscv64. Publish "
            "other wheels elsewhere."
        ),
        wasm=Texts(
            "Build the wheel again with `pyodide build` of pyodide-build 0.28 or later for a `pyemscripten` tag, or "
            "publish it elsewhere. The code does not fit another tag by itself: `wheel tags` is not enough."
        ),
    ),
    "tag-for-stable-abi": Remedy(
        Texts(
            "Tag the wheel for the lowest CPython that the code is compiled for: `python -m wheel tags --python-tag "
            "cp3X --abi-tag abi3 --remove X.whl`.",
            {
                "setuptools": (
                    "Set `py_limited_api = cp3X` under `[bdist_wheel]` in setup.cfg, X as in `Py_LIMITED_API`."
                ),
                "scikit-build-core": (
                    'Set `wheel.py-api = "cp3X"` under `[tool.scikit-build]`, X as in `Py_LIMITED_API`.'
                ),
            },
        ),
    ),
    "tag-for-one-python": Remedy(
        Texts(
            "Tag the wheel for the Python that the module was built for: `python -m wheel tags --python-tag cp3X "
            "--abi-tag cp3X --remove X.whl`. Or build the module for the stable ABI.",
            {
                "setuptools": (
                    "Declare the module in `ext_modules` and do not override `get_tag()` of `bdist_wheel`. Or "
                    "build for the stable ABI: `py_limited_api=True` on the Extension, `py_limited_api = cp3X` under "
                    "`[bdist_wheel]`."
                ),
                "scikit-build-core": (
                    'Remove `wheel.py-api = "py3"` from `[tool.scikit-build]`, or build for the stable ABI and set '
                    'it to `"cp3X"`.'
                ),
                "hatchling": (
                    "Let the build hook set `infer_tag` to true in its build data, and not `tag` to `py3-none-...`."
                ),
            },
        ),
    ),
    "tag-with-abi": Remedy(
        Texts(
            "Tag the wheel for the ABI that the module was built for: `python -m wheel tags --abi-tag cp3X --remove "
            "X.whl`. For free-threaded Pythons, build a second wheel.",
            {
                "setuptools": (
                    "Declare the module in `ext_modules` and do not override `get_tag()` of `bdist_wheel`. For "
                    "free-threaded Pythons, build a second wheel."
                ),
                "hatchling": (
                    "Let the build hook set `infer_tag` to true in its build data, and not `tag` to `cp3X-none-...`. "
                    "For free-threaded Pythons, build a second wheel."
                ),
            },
        ),
    ),
    "stable-abi": Remedy(
        Texts(
            "Build for the stable ABI: define `Py_LIMITED_API` for all source files (`0x030A0000` for Python 3.10), "
            "and tag the wheel `cp310-abi3`.",
            {
                "setuptools": (
                    "Set `py_limited_api=True` on the Extension, define `Py_LIMITED_API` in its `define_macros` "
                    "(`0x030A0000` for Python 3.10), and set `py_limited_api = cp310` under `[bdist_wheel]` in "
                    "setup.cfg."
                ),
                "scikit-build-core": (
                    'Set `wheel.py-api = "cp3X"` under `[tool.scikit-build]`, and use `Python_add_library(NAME '
                    "MODULE "
                    "USE_SABI 3.X ...)`."
                ),
                "meson-python": (
                    "Set `limited-api = true` under `[tool.meson-python]`, and pass `limited_api: '3.X'` to "
                    "`py.extension_module()`."
                ),
                "maturin": "Enable PyO3's feature `abi3-py3X`. maturin takes the tag from it.",
            },
        ),
    ),
    # --- machines
    "build-for-machine": Remedy(
        Texts("Build the wheel for the architecture in its tag."),
        windows=Texts(
            "Compile for the tag's architecture. With cibuildwheel, set `CIBW_ARCHS_WINDOWS` to `AMD64`, `ARM64` or "
            "`x86`. Without it, run `vcvarsall` before the build (`vcvarsall x64_arm64` is for ARM64 on an x64 "
            "host).",
            {
                "setuptools": (
                    "Compile for the tag's architecture: set `CIBW_ARCHS_WINDOWS` to `AMD64`, `ARM64` or `x86` with "
                    "cibuildwheel, or run `vcvarsall` before the build (`vcvarsall x64_arm64` is for ARM64 on an x64 "
                    "host). `--plat-name` alone changes the tag, but not the code."
                ),
                "scikit-build-core": (
                    "Give CMake `-A ARM64` for win_arm64 (not ARM64EC), `-A x64` or `-A Win32`, in `cmake.args` "
                    "under `[tool.scikit-build]`."
                ),
                "meson-python": _CROSS_MESON,
                "maturin": (
                    "Pass `--target aarch64-pc-windows-msvc`, `x86_64-pc-windows-msvc` or `i686-pc-windows-msvc`, "
                    "or set `CARGO_BUILD_TARGET` to it. To cross-compile, use pyo3 >= 0.29, or the feature "
                    "`generate-import-lib` of older releases."
                ),
            },
        ),
        mingw=_MINGW_MACHINE,
        macos=Texts(
            "Build for every architecture of the tag. With cibuildwheel, set `CIBW_ARCHS_MACOS` to `x86_64`, "
            "`arm64` or `universal2`. `delocate-merge` joins two thin wheels, and `delocate-wheel --require-archs "
            "ARCH X.whl` checks the result.",
            {
                "setuptools": (
                    'Set `ARCHFLAGS="-arch arm64"` and `_PYTHON_HOST_PLATFORM=macosx-11.0-arm64`. For x86_64, use '
                    "`-arch x86_64` and `macosx-10.9-x86_64`; for both, `-arch arm64 -arch x86_64` and "
                    "`macosx-10.9-universal2`. If setup.py calls CMake, also pass `-DCMAKE_OSX_ARCHITECTURES`."
                ),
                "scikit-build-core": (
                    'Set `ARCHFLAGS="-arch arm64"`, or `"-arch x86_64"`, or both in one value. scikit-build-core '
                    "passes "
                    "it to CMake as `CMAKE_OSX_ARCHITECTURES`."
                ),
                "meson-python": (
                    'Set `ARCHFLAGS="-arch arm64"` or `"-arch x86_64"`. meson-python cannot build for both at once: '
                    "join two wheels with `delocate-merge`."
                ),
                "maturin": (
                    "Pass `--target aarch64-apple-darwin`, `x86_64-apple-darwin` or `universal2-apple-darwin`, or "
                    "set `CARGO_BUILD_TARGET` to it."
                ),
            },
        ),
        ios=_IOS_MACHINE,
        linux=Texts(
            "Build inside the manylinux image of the tag's architecture, on such a machine or under QEMU. With "
            "cibuildwheel, set `CIBW_ARCHS_LINUX`.",
            {
                "setuptools": (
                    "Build inside the manylinux image of the tag's architecture, on such a machine or under QEMU. "
                    "With a cross compiler, set `_PYTHON_HOST_PLATFORM` to the platform of the target "
                    "(`linux-aarch64`)."
                ),
                "meson-python": _CROSS_MESON,
                "maturin": (
                    "Pass the `--target` of the tag (or set `CARGO_BUILD_TARGET`), with `--zig` or inside the "
                    "manylinux image of the tag. In a cross build, set `PYO3_CROSS_LIB_DIR` and "
                    "`PYO3_CROSS_PYTHON_VERSION`."
                ),
            },
        ),
        musl=Texts(
            "Build inside the musllinux image of the tag's architecture, on such a machine or under QEMU. With "
            "cibuildwheel, set `CIBW_ARCHS_LINUX`.",
            {
                "setuptools": (
                    "Build inside the musllinux image of the tag's architecture, on such a machine or under QEMU. "
                    "With a cross compiler, set `_PYTHON_HOST_PLATFORM` to the platform of the target "
                    "(`linux-aarch64`)."
                ),
                "meson-python": _CROSS_MESON,
                "maturin": (
                    "Pass the `--target` of the tag (or set `CARGO_BUILD_TARGET`), with `--zig` or inside the "
                    "musllinux image of the tag. In a cross build, set `PYO3_CROSS_LIB_DIR` and "
                    "`PYO3_CROSS_PYTHON_VERSION`."
                ),
            },
        ),
        android=_ANDROID_MACHINE,
        wasm=Texts(
            "Build with `cibuildwheel --platform pyodide` or `pyodide build`.",
            {"maturin": "Pass `--target wasm32-unknown-emscripten`."},
        ),
    ),
    "rebuild-library": Remedy(
        Texts("Build or download the library for the architecture in the tag."),
        windows=Texts(
            "Build or download the library for the tag's architecture, build the wheel with it, and run `delvewheel "
            "repair X.whl`."
        ),
        mingw=Texts(
            "Install the library in the MSYS2 environment of the tag's architecture, and build again there."
        ),
        macos=Texts(
            "Build the library for every architecture of the tag (`lipo -create FILE... -output FILE` joins two "
            "builds), then run `delocate-wheel -v X.whl`. `brew` installs libraries for only one architecture."
        ),
        ios=Texts(
            "Build the library for the iOS platform of the tag: with the SDK that `xcrun --sdk iphoneos "
            "--show-sdk-path` prints for devices, or `xcrun --sdk iphonesimulator --show-sdk-path` for simulators."
        ),
        linux=Texts(
            "Build the library inside the manylinux image of the tag's architecture, or install it there, and run "
            "`auditwheel repair X.whl` in that image."
        ),
        musl=Texts(
            "Build the library inside the musllinux image of the tag's architecture, or install it there, and run "
            "`auditwheel repair X.whl` in that image."
        ),
        android=Texts("Build the library with the Android NDK for the ABI of the tag."),
    ),
    "ship-program": Remedy(
        Texts("Ship the program that is built for the tag's architecture, and make one wheel per platform."),
    ),
    "cover-platforms": Remedy(
        Texts(
            "Build one wheel per platform, each with its own binary and tagged for it. Or add the binaries that are "
            "missing."
        ),
    ),
    "plain-architecture": Remedy(
        Texts("Build for the architecture in the tag, and not for a variant of it."),
        windows=Texts(
            "Compile without `/arm64EC`, and link without `/MACHINE:ARM64EC` and `/MACHINE:ARM64X`. Run "
            "`vcvarsall` for plain x64 or ARM64 before the build (`vcvarsall x64_arm64` is for ARM64 on an x64 "
            "host).",
            {
                "scikit-build-core": "Give CMake `-A x64` or `-A ARM64`, not `-A ARM64EC`.",
                "maturin": (
                    "Pass `--target x86_64-pc-windows-msvc` or `aarch64-pc-windows-msvc`, not "
                    "`arm64ec-pc-windows-msvc`."
                ),
            },
        ),
        mingw=_MINGW_MACHINE,
        macos=_PLAIN_APPLE,
        ios=_PLAIN_APPLE,
    ),
    "join-slices": Remedy(
        Texts("Build the file again."),
        macos=_JOIN,
        ios=_JOIN,
    ),
    "build-slices-alike": Remedy(
        ios=Texts(
            "Build all slices in the same way, and join them again with `lipo -create FILE... -output FILE`."
        ),
        macos=Texts(
            "Build both slices in the same way: in one build (`CIBW_ARCHS_MACOS=universal2` with cibuildwheel), or "
            "on two machines with the same compilers and libraries.",
            {
                "setuptools": (
                    'Build both slices in one build, with `ARCHFLAGS="-arch arm64 -arch x86_64"` and '
                    "`_PYTHON_HOST_PLATFORM=macosx-10.9-universal2`."
                ),
                "scikit-build-core": 'Build both slices in one build, with `ARCHFLAGS="-arch arm64 -arch x86_64"`.',
                "meson-python": (
                    "Build both wheels on machines with the same compilers and libraries before `delocate-merge` "
                    "joins them."
                ),
                "maturin": "Build both slices in one build: `--target universal2-apple-darwin`.",
            },
        ),
    ),
    "any-cpu": Remedy(
        Texts(
            "Build the assembly with `<PlatformTarget>AnyCPU</PlatformTarget>` and without 32BITREQUIRED (`corflags "
            "/32BITREQ- FILE`)."
        ),
    ),
    "no-native-cpu": Remedy(
        Texts(
            "Remove `-march=native` from the compiler flags (`CFLAGS`, `CXXFLAGS`).",
            {"maturin": "Remove `target-cpu=native` from `RUSTFLAGS` and from .cargo/config.toml."},
        ),
    ),
    # --- the link to Python
    "limited-api": Remedy(
        Texts(
            "Define `Py_LIMITED_API` as the Python of the tag (`0x030A0000` for cp310) for all source files, static "
            "libraries included. Check the result with `abi3audit X.whl`.",
            {
                "setuptools": _SETUPTOOLS_SABI,
                "scikit-build-core": _CMAKE_SABI,
                "meson-python": _MESON_SABI,
                "maturin": (
                    "Enable PyO3's feature `abi3-py3X`, X as in the tag, and call no other functions of Python. "
                    "Check the result with `abi3audit X.whl`."
                ),
            },
        ),
        windows=Texts(
            "Define `Py_LIMITED_API` as the Python of the tag (`0x030A0000` for cp310) for all source files, static "
            "libraries included, and link `python3.lib`. Check the result with `abi3audit X.whl`.",
            {
                "setuptools": _SETUPTOOLS_SABI,
                "scikit-build-core": _CMAKE_SABI,
                "meson-python": _MESON_SABI,
                "maturin": (
                    "Enable PyO3's feature `abi3-py3X`, X as in the tag, with pyo3 >= 0.27 or maturin >= 1.13.2. "
                    "`PYO3_PRINT_CONFIG=1` must show `lib_name=python3`."
                ),
            },
        ),
        mingw=Texts(
            "Define `Py_LIMITED_API` as the Python of the tag (`0x030A0000` for cp310) for all source files, static "
            "libraries included, and link `-lpython3`. Check the result with `abi3audit X.whl`.",
            {
                "setuptools": _SETUPTOOLS_SABI,
                "scikit-build-core": _CMAKE_SABI,
                "meson-python": _MESON_SABI,
                "maturin": "Use maturin >= 1.16.0, or pyo3 below 0.29.",
            },
        ),
    ),
    "limited-api-floor": Remedy(
        Texts(
            "Define `Py_LIMITED_API` as the Python of the tag (`0x030A0000` for cp310) for all source files. Or tag "
            "the wheel for the Python that the code needs: `python -m wheel tags --python-tag cp3X --remove X.whl`.",
            {
                "setuptools": (
                    "Name the same Python in `define_macros` of the Extension (`Py_LIMITED_API`, `0x030A0000` for "
                    "Python 3.10) and under `[bdist_wheel]` in setup.cfg (`py_limited_api = cp310`)."
                ),
                "scikit-build-core": (
                    "Use `Python_add_library(NAME MODULE USE_SABI 3.X ...)`, with the same X as in `wheel.py-api = "
                    '"cp3X"` under `[tool.scikit-build]`.'
                ),
                "meson-python": (
                    "Pass `limited_api: '3.X'` to `py.extension_module()`, X as in the tag. Or tag the wheel for the "
                    "Python that the code needs: `python -m wheel tags --python-tag cp3X --remove X.whl`."
                ),
                "maturin": (
                    "Enable PyO3's feature `abi3-py3X`, X as in the tag, and no `abi3-py3...` of a later Python. "
                    "Or tag the wheel for the Python that the code needs: `python -m wheel tags --python-tag cp3X "
                    "--remove X.whl`."
                ),
            },
        ),
    ),
    "import-by-name": Remedy(
        windows=Texts(
            "Link the import library of the Python that the tag names: `python3X.lib`, or `python3.lib` for the "
            "stable ABI."
        ),
        mingw=Texts(
            "Link the import library of the Python that the tag names: `-lpython3.X`, or `-lpython3` for the "
            "stable ABI."
        ),
    ),
    "right-interpreter": Remedy(
        Texts(
            "Run the build with the Python that the tag names: `python3.X -m build --wheel`.",
            {
                "scikit-build-core": (
                    "Run the build with the Python that the tag names: `python3.X -m build --wheel`. Do not set "
                    "`Python_EXECUTABLE` or `Python_ROOT_DIR` to another one."
                ),
                "maturin": "Pass `-i` with the interpreter that the tag names.",
            },
        ),
        windows=Texts(
            "Run the build with the Python that the tag names: `py -3.X -m build --wheel`. Compile with MSVC, not "
            "with the gcc of MSYS2.",
            {
                "scikit-build-core": (
                    "Run the build with the Python that the tag names: `py -3.X -m build --wheel`. Do not set "
                    "`Python_EXECUTABLE` or `Python_ROOT_DIR` to another one. Compile with MSVC, not with the gcc of "
                    "MSYS2."
                ),
                "maturin": "Pass `-i` with the interpreter that the tag names.",
            },
        ),
        mingw=Texts(
            "Run the build with the Python and the compiler of the MSYS2 environment that the tag names."
        ),
    ),
    "release-build": Remedy(
        Texts(
            "Build in release configuration, with a release build of the Python that the tag names.",
            {
                "setuptools": (
                    "Build with a release build of the Python that the tag names, and without `--debug` for "
                    "`build_ext`."
                ),
                "scikit-build-core": (
                    'Set `cmake.build-type = "Release"` under `[tool.scikit-build]`, and build with a release '
                    "build of "
                    "the Python that the tag names."
                ),
                "meson-python": (
                    "Build with `python -m build -Csetup-args=-Dbuildtype=release`, and with a release build of the "
                    "Python that the tag names."
                ),
                "maturin": "Pass `-i` with a release build of the Python that the tag names.",
            },
        ),
    ),
    "gil-flavor": Remedy(
        Texts(
            "Compile with the kind of Python that the ABI tag names: a free-threaded one for `cp3Xt`, otherwise one "
            "with the GIL.",
            {
                "maturin": "Pass `-i` with the kind of Python that the ABI tag names: `python3.Xt` for `cp3Xt`."
            },
        ),
        windows=Texts(
            "Compile with the kind of Python that the ABI tag names: a free-threaded one for `cp3Xt`, otherwise one "
            "with the GIL. For `cp3Xt`, also define `Py_GIL_DISABLED=1`.",
            {
                "maturin": "Pass `-i` with the kind of Python that the ABI tag names: `python3.Xt` for `cp3Xt`."
            },
        ),
    ),
    "abi3t": Remedy(
        Texts(
            "Compile with `Py_TARGET_ABI3T=0x030f0000`, export `PyModExport_NAME`, and tag the wheel "
            "`cp315-abi3.abi3t`.",
            {
                "scikit-build-core": (
                    'Build with a free-threaded Python 3.15 and `wheel.py-api = "cp315.cp315t"` under '
                    "`[tool.scikit-build]`, and export `PyModExport_NAME`."
                ),
                "maturin": "Use maturin >= 1.14 and PyO3's feature `abi3t-py315`.",
            },
        ),
        windows=Texts(
            "Compile with `Py_TARGET_ABI3T=0x030f0000`, link `python3t.lib`, export `PyModExport_NAME`, and tag the "
            "wheel `cp315-abi3.abi3t`.",
            {
                "scikit-build-core": (
                    'Build with a free-threaded Python 3.15 and `wheel.py-api = "cp315.cp315t"` under '
                    "`[tool.scikit-build]`, and export `PyModExport_NAME`."
                ),
                "maturin": "Use maturin >= 1.14 and PyO3's feature `abi3t-py315`.",
            },
        ),
    ),
    "no-libpython": Remedy(
        Texts(
            "Do not link libpython: remove `-lpython3.X` and the output of `python3-config --ldflags --embed` from "
            "the linker options.",
            {
                "scikit-build-core": "Link `Python::Module`, not `Python::Python`.",
                "meson-python": _NO_LIBPYTHON_MESON,
                "maturin": _NO_LIBPYTHON_MATURIN,
            },
        ),
        windows=_NO_PYTHON_DLL,
        mingw=_NO_PYTHON_DLL,
        macos=Texts(
            _UNDEFINED_LOOKUP,
            {
                "scikit-build-core": "Link `Python::Module`, not `Python::Python`.",
                "meson-python": _NO_LIBPYTHON_MESON,
                "maturin": _NO_LIBPYTHON_MATURIN,
            },
        ),
        ios=_LEAVE_PYTHON_TO_APP,
        android=_LEAVE_PYTHON_TO_APP,
    ),
    "link-target-python": Remedy(
        Texts("Link the Python library of the target."),
        ios=Texts("Link the Python framework of the target: `-F FOLDER -framework Python`."),
        android=Texts("Link the Python library of the target: `-L FOLDER -lpython3.X`."),
    ),
    "no-delay-load": Remedy(windows=_NO_DELAY_LOAD, mingw=_NO_DELAY_LOAD),
    # --- names
    "target-suffix": Remedy(
        Texts(_TARGET_SUFFIX, _TARGET_SUFFIX_TOOLS),
        windows=Texts(
            "Build with the Python that the tag names. In a cross build, name the file as that Python does: "
            "`NAME.cp3X-win_arm64.pyd`.",
            _TARGET_SUFFIX_TOOLS,
        ),
        mingw=Texts("Build with the Python of the MSYS2 environment that the tag names."),
    ),
    "abi3-suffix": Remedy(
        Texts(
            "Build with CPython 3.14 or older, or rename the file to `NAME.abi3.so` before packing.",
            {
                "setuptools": (
                    "Build with CPython 3.14 or older. `SETUPTOOLS_EXT_SUFFIX` has no effect on a module with "
                    "`py_limited_api=True`."
                ),
            },
        ),
        windows=Texts("Name the file `NAME.pyd`, which every Python finds."),
        mingw=Texts("Name the file `NAME.pyd`, which every Python finds."),
    ),
    "build-module": Remedy(
        Texts(
            "Build an extension module that ends in `.so`, not a shared library.",
            {
                "setuptools": "Declare the module in `ext_modules`.",
                "scikit-build-core": "Use `Python_add_library(NAME MODULE WITH_SOABI ...)` in CMake.",
                "meson-python": "Use `py.extension_module()`, not `shared_library()`.",
            },
        ),
        windows=Texts(
            "Build an extension module that ends in `.pyd`, not a DLL.",
            {
                "setuptools": "Declare the module in `ext_modules`.",
                "scikit-build-core": "Use `Python_add_library(NAME MODULE WITH_SOABI ...)` in CMake.",
                "meson-python": "Use `py.extension_module()`, not `shared_library()`.",
            },
        ),
        mingw=Texts("Build an extension module that ends in `.pyd`, not a DLL."),
    ),
    "export-hook": Remedy(
        Texts(
            "Declare the init function as `PyMODINIT_FUNC PyInit_NAME(void)`, NAME as in the file name, so that it "
            "is exported. Do not rename the built file.",
            {
                "maturin": (
                    "Give the `#[pymodule]` function the last part of the module's name, and do not rename the built "
                    "file."
                ),
            },
        ),
    ),
    # --- systems and libraries
    "deployment-target": Remedy(
        macos=Texts(
            "Set `MACOSX_DEPLOYMENT_TARGET` to the version of the tag for every object, prebuilt libraries "
            "included, or raise the tag. `delocate-wheel --require-target-macos-version VERSION X.whl` checks it.",
            {
                "scikit-build-core": (
                    "Set `MACOSX_DEPLOYMENT_TARGET` to the version of the tag, for prebuilt libraries too, and "
                    "`CMAKE_OSX_DEPLOYMENT_TARGET` to no other version. Or raise the tag."
                ),
                "maturin": (
                    "Set `MACOSX_DEPLOYMENT_TARGET` to the version of the tag with its minor version (`11.0`, not "
                    "`11`), for C dependencies too, or raise the tag. rustc supports 10.12 and later on x86_64, "
                    "11.0 and later on arm64."
                ),
            },
        ),
        ios=Texts(
            "Set `IPHONEOS_DEPLOYMENT_TARGET` to the version of the tag for every object, prebuilt libraries "
            "included, or raise the tag."
        ),
    ),
    "lower-tag": Remedy(
        macos=Texts(
            "Set `MACOSX_DEPLOYMENT_TARGET` to the oldest macOS that you want to support: both the compiler and the "
            "tag follow it."
        ),
        ios=Texts("Set `IPHONEOS_DEPLOYMENT_TARGET` to the oldest iOS that you want to support."),
        android=Texts("Set `ANDROID_API_LEVEL` to the oldest API level that you want to support."),
    ),
    "no-chained-fixups": Remedy(
        macos=Texts(
            "Link with `-Wl,-no_fixup_chains`, or raise `MACOSX_DEPLOYMENT_TARGET` and the tag to 11.0.",
            {
                "maturin": (
                    'Set `RUSTFLAGS="-C link-arg=-Wl,-no_fixup_chains"`, or raise `MACOSX_DEPLOYMENT_TARGET` and '
                    "the tag "
                    "to 11.0."
                ),
            },
        ),
        ios=Texts(
            "Link with `-Wl,-no_fixup_chains`, or raise `IPHONEOS_DEPLOYMENT_TARGET` and the tag to 13.4."
        ),
    ),
    "apple-platform": Remedy(
        macos=Texts(
            "Build with the macOS SDK: set `SDKROOT` to the path that `xcrun --sdk macosx --show-sdk-path` prints, "
            "or unset it.",
            {"maturin": "Pass `--target aarch64-apple-darwin` or `x86_64-apple-darwin`."},
        ),
        ios=_IOS_MACHINE,
    ),
    "link-library": Remedy(
        macos=Texts(
            f"{_LINK_LIBRARY} To see missing names at link time, replace `-undefined dynamic_lookup` by `-Wl,-U,_NAME` "
            "for each of Python's names."
        ),
        ios=Texts(_LINK_LIBRARY),
    ),
    "sign": Remedy(macos=_SIGN, ios=_SIGN),
    "bundle-library": Remedy(
        windows=Texts("Copy the library into the wheel: `delvewheel repair X.whl`."),
        mingw=Texts("Install the MSYS2 package that contains the library."),
        macos=Texts(
            "Copy the library into the wheel: `delocate-wheel -v X.whl`. Build it for each architecture of the tag; "
            "`brew` installs it for only one."
        ),
        ios=Texts("Link the library statically into the extension module."),
        linux=Texts(
            "Build inside the manylinux image that the tag names, and copy the library into the wheel there: "
            "`auditwheel repair --plat TAG X.whl`.",
            {
                "maturin": (
                    "Build inside the manylinux image that the tag names, with `--compatibility TAG --auditwheel "
                    "repair`."
                ),
            },
        ),
        musl=Texts(
            "Build inside the musllinux image that the tag names, and copy the library into the wheel there: "
            "`auditwheel repair --plat TAG X.whl`.",
            {
                "maturin": (
                    "Build inside the musllinux image that the tag names, with `--compatibility TAG --auditwheel "
                    "repair`."
                ),
            },
        ),
        android=Texts(
            "Link the library statically, or build with `cibuildwheel --platform android`, which copies libraries "
            "into the wheel."
        ),
    ),
    "vc-runtime": Remedy(
        windows=Texts(
            "Copy the DLLs into the wheel: `delvewheel repair X.whl`. For a program, link the C runtime statically "
            "instead: compile with `/MT`.",
            {
                "maturin": (
                    'Link the C runtime statically: set `RUSTFLAGS="-C target-feature=+crt-static"`. For a module, '
                    "`delvewheel repair X.whl` copies the DLLs into the wheel, too."
                ),
                "scikit-build-core": (
                    "Copy the DLLs into the wheel: `delvewheel repair X.whl`. For a program, link the C runtime "
                    "statically instead: `-DCMAKE_MSVC_RUNTIME_LIBRARY=MultiThreaded`."
                ),
            },
        ),
    ),
    "write-variants-file": Remedy(
        Texts(
            "Generate the file from the wheels again, with the tool that makes variants, after the last build."
        )
    ),
    "document-software": Remedy(
        Texts(
            "Say in your documentation what has to be installed, and catch the ImportError with a message that says "
            "so. If the license allows it, copy the libraries into the wheel instead."
        ),
    ),
    "require-distribution": Remedy(
        Texts(
            "Name the distribution in the project's `dependencies`, or say in your documentation that it is needed."
        ),
    ),
    "one-load-command": Remedy(macos=_ONE_RUN_PATH, ios=_ONE_RUN_PATH),
    "build-in-image": Remedy(
        linux=Texts(
            "Build inside the manylinux image that the tag names. `auditwheel show X.whl` prints the tag that the "
            "wheel fits.",
            {
                "maturin": (
                    "Pass the tag to `--compatibility`, and build with `--zig` or inside the manylinux image that "
                    "the tag names."
                ),
            },
        ),
        musl=Texts(
            "Build inside the musllinux image that the tag names. `auditwheel show X.whl` prints the tag that the "
            "wheel fits.",
            {
                "maturin": (
                    "Pass the tag to `--compatibility`, and build with `--zig` or inside the musllinux image that "
                    "the tag names."
                ),
            },
        ),
        android=_ANDROID_MACHINE,
    ),
    "no-glibc-parts": Remedy(
        linux=Texts(
            "Use only public functions of glibc, and leave its own libraries (libc, libpthread, ld-linux) out of the "
            "wheel."
        ),
    ),
    "relative-run-path": Remedy(
        linux=Texts(
            "Remove the run path (`patchelf --remove-rpath FILE`), or let `auditwheel repair X.whl` replace it with "
            "`$ORIGIN`."
        ),
        android=Texts(
            "Remove the run path (`patchelf --remove-rpath FILE`), or replace it: `patchelf --set-rpath '$ORIGIN' "
            "FILE`."
        ),
    ),
    "no-exec-stack": Remedy(linux=_NO_EXEC_STACK, android=_NO_EXEC_STACK),
    "unpack-relocations": Remedy(
        linux=Texts(
            "Link without packed relocations: leave out `-Wl,--pack-dyn-relocs=relr`. If all users have glibc 2.36 or "
            "later, `-Wl,-z,pack-relative-relocs` also adds the version need."
        ),
    ),
    "align-pages": Remedy(
        linux=_ALIGN_TO_64K,
        android=Texts(
            "Link with `-Wl,-z,max-page-size=16384`: add it to `LDFLAGS`.",
            {"maturin": 'Set `RUSTFLAGS="-C link-arg=-Wl,-z,max-page-size=16384"`.'},
        ),
    ),
    "android-level": Remedy(
        android=Texts(
            "Compile for the API level of the tag: it is the number in the compiler's name "
            "(`aarch64-linux-android24-clang`). With cibuildwheel, set `ANDROID_API_LEVEL`.",
            {
                "scikit-build-core": (
                    "Compile for the API level of the tag: give CMake `-DANDROID_PLATFORM=android-LEVEL`. With "
                    "cibuildwheel, set `ANDROID_API_LEVEL`."
                ),
                "maturin": "Set `ANDROID_API_LEVEL` to the level of the tag, and link with the compiler of that "
                "level.",
            },
        ),
    ),
    # --- build tools
    "upgrade-maturin": Remedy(Texts("Require maturin >= 1.8.0.")),
    "upgrade-maturin-or-pyo3": Remedy(
        Texts("Use pyo3 >= 0.27 or maturin >= 1.13.2. `PYO3_PRINT_CONFIG=1` must show `lib_name=python3`."),
    ),
    "upgrade-pyo3": Remedy(Texts("Use pyo3 >= 0.23.4 and python3-dll-a >= 0.2.12 (`cargo update`).")),
    "upgrade-maturin-for-mingw": Remedy(Texts("Require maturin >= 1.16.0.")),
}
"""Every remedy. An id says what to do; no report prints it."""
