"""Loaders on this machine, and how each is asked about the files of a wheel."""

import functools
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from packaging.tags import sys_tags
from packaging.utils import parse_wheel_filename

from loaders import stubs
from support.images import TESTDATA
from wheelarch.metadata.member_paths import installed_path

HERE = Path(__file__).parent
_PYTHON = (3, 11)
"""The Python of the wheels: the modules are imported by it, and its names stand for Python elsewhere."""


class Question(NamedTuple):
    """One wheel and the files in it that a loader is asked about."""

    wheel: Path
    modules: tuple[str, ...]
    """Members that Python imports."""
    libraries: tuple[str, ...]
    """Members that something else loads."""


Answers = dict[str, str]
"""For each member nothing if the loader takes it, else its words, without the folders of this run."""


class Judge(NamedTuple):
    """One loader."""

    target: str
    """As in wheels.jsonl."""
    title: str
    packages: tuple[str, ...]
    """What Debian calls what is needed."""
    lacks: Callable[[], str]
    """Return what the machine lacks, or nothing if the loader can be asked."""
    ask: Callable[[Sequence[Question], Path], list[Answers]]
    """Ask about wheels, with a scratch folder, and return the answers in the same order."""


# glibc, by Python itself ------------------------------------------------------------------------------------------


def _lacks_python() -> str:
    if sys.version_info[:2] != _PYTHON:
        return f"this is Python {sys.version_info[0]}.{sys.version_info[1]}, not 3.11"
    return "" if _machine() == "linux-x86_64" else f"this machine is {_machine()}"


def _machine() -> str:
    return sysconfig.get_platform()


def _fits(wheel: str) -> bool:
    return not parse_wheel_filename(wheel)[3].isdisjoint(sys_tags())


def _ask_python(questions: Sequence[Question], folder: Path) -> list[Answers]:
    """Install all wheels into an environment, import every module there, and open every library."""
    home = folder / "env"
    venv.create(home)
    python = str(home / "bin" / "python")
    site = home / "lib" / "python3.11" / "site-packages"
    # pip refuses a wheel of another Python or a newer system; the loader is asked all the same.
    taken = [question.wheel for question in questions if _fits(question.wheel.name)]
    pip = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        python,
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ]
    subprocess.run([*pip, "--no-deps", "--no-index", "--no-compile", *map(str, taken)], check=True)
    for question in questions:
        if question.wheel not in taken:
            _unpack(question.wheel, site, home)
    lines = []
    for question in questions:
        for member in question.modules:
            path = _placed(site, home, member)
            name = (
                ".".join(Path(installed_path(member)).parts).partition(".cpython-")[0].partition(".abi3.")[0]
            )
            lines.append(f"module\t{name.removesuffix('.so')}\t{path}")
        lines += [f"library\t\t{_placed(site, home, member)}" for member in question.libraries]
    said = subprocess.run(
        [python, str(HERE / "importing.py")],
        input="\n".join(lines),
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=True,
        env=_environment(),
    )
    found = json.loads(said.stdout)
    mapped = {path for trouble, paths in found.values() if trouble is None for path in paths}
    return [
        {
            member: "" if place in mapped else _without(found[place][0] or "", str(home))
            for member in (*question.modules, *question.libraries)
            for place in [str(_placed(site, home, member))]
        }
        for question in questions
    ]


# Other C libraries and machines, by a program that calls dlopen -----------------------------------------------------


def _lacks_files(*paths: str) -> Callable[[], str]:
    def lacks() -> str:
        if reason := _lacks_python():
            return reason
        missing = [path for path in paths if not (shutil.which(path) or Path(path).exists())]
        return f"no {', '.join(missing)}" if missing else ""

    return lacks


def _dlopen(machine: str, asking: str, *command: str) -> Callable[[Sequence[Question], Path], list[Answers]]:
    def ask(questions: Sequence[Question], folder: Path) -> list[Answers]:
        # Python itself asks for the mathematical library, so it is there for all modules.
        needed = () if "musl" in asking else ("libm.so.6",)
        stub = folder / "python.so"
        stub.write_bytes(stubs.elf(machine, "python.so", needed, _names_of_python()))
        program = shutil.copy(TESTDATA / "loaders" / asking, folder)
        Path(program).chmod(0o755)  # qemu asks for the right to run it
        start = [*command, program, str(stub)]
        return [_dlopen_one(question, folder / str(index), start) for index, question in enumerate(questions)]

    return ask


def _dlopen_one(question: Question, home: Path, start: Sequence[str]) -> Answers:
    site = home / "site-packages"
    _unpack(question.wheel, site, home)
    places = {str(_placed(site, home, one)): one for one in (*question.modules, *question.libraries)}
    said = subprocess.run(
        [*start, *places], stdout=subprocess.PIPE, encoding="utf-8", check=True, env=_environment()
    )
    answers: Answers = {}
    mapped = set()
    for line in said.stdout.splitlines():
        word, _, rest = line.partition("\t")
        path, _, words = rest.partition("\t")
        if not word:
            mapped.add(os.path.normpath(path))
        elif word == "loads":
            answers[places[path]] = ""
        elif word == "fails":
            answers[places[path]] = _without(words, str(home))
        elif word == "dies":
            answers[places[path]] = f"dies with status {words}"
    for path in places.keys() & mapped:
        answers[places[path]] = ""
    shutil.rmtree(home)
    return {member: answers[member] for member in places.values()}


@functools.cache
def _names_of_python() -> list[str]:
    """Return the names that this Python defines for extension modules."""
    from elftools.elf.elffile import ELFFile

    library = sysconfig.get_config_var("INSTSONAME") or ""
    places = [Path(sys.executable).resolve(), Path(sysconfig.get_config_var("LIBDIR") or "", library)]
    names = set()
    for place in places:
        if place.is_file() and not place.name.endswith(".a"):
            with place.open("rb") as file:
                table = ELFFile(file).get_section_by_name(".dynsym")
                names |= {one.name for one in table.iter_symbols() if one["st_shndx"] != "SHN_UNDEF"}
    return sorted(name for name in names if re.match("_?Py", name))


# Windows, by Wine ---------------------------------------------------------------------------------------------------

_WINE = "/usr/lib/wine/wine64"
_WINESERVER = "/usr/lib/wine/wineserver64"
_ASKING_WINDOWS = TESTDATA / "loaders" / "ask-windows-x86_64.exe"
_NOT_IN_WINDOWS = (
    *(f"msvcr{number}" for number in (70, 71, 80, 90, 100, 110, 120)),
    *(f"msvcp{number}" for number in (70, 71, 80, 90, 100, 110, 120)),
    *("msvcp140", "msvcp140_1", "msvcp140_2", "msvcp140_atomic_wait", "msvcp140_codecvt_ids"),
    *(
        "concrt140",
        "vcomp",
        "vcomp90",
        "vcomp100",
        "vcomp110",
        "vcomp120",
        "vcomp140",
        "vccorlib140",
        "vcamp140",
    ),
    *("mfc100", "mfc110", "mfc120", "mfc140", "mfc140u", "d3dcompiler_43", "vulkan-1", "opencl"),
)
"""What Wine has and Windows has not: only a file of the wheel may answer."""
_OF_NEWER_PYTHONS = {"vcruntime140": (3, 5), "vcruntime140_1": (3, 9)}
"""The first Python that brings it."""
_OF_OLD_PYTHONS = {"27": "msvcr90", "33": "msvcr100", "34": "msvcr100"}
"""The C runtime that the installer of an old Python brings."""
_ERROR = re.compile(r'err:module:import_dll Library (\S+) \(which is needed by L"(.*?)"\) not found')
_NO_NAME = re.compile(r'No implementation for (\S+?\.\w+)\.(\S+) imported from L"(.*?)"')


def _ask_wine(questions: Sequence[Question], folder: Path) -> list[Answers]:
    environment = _environment(WINEPREFIX=str(folder / "prefix"), WINEDEBUG="fixme-all,warn+module")
    environment["WINEDLLOVERRIDES"] = "mscoree,mshtml="
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run([_WINE, "wineboot", "-i"], env={**environment, "WINEDEBUG": "-all"}, check=True, **quiet)
    # While one program runs, Wine does not start again for the others.
    waiting = subprocess.Popen([_WINE, str(_ASKING_WINDOWS)], env=environment, stdin=subprocess.PIPE, **quiet)
    try:
        return [
            _wine_one(question, folder / str(index), environment) for index, question in enumerate(questions)
        ]
    finally:
        waiting.communicate()
        subprocess.run([_WINESERVER, "-k"], env=environment, check=False, **quiet)


def _wine_one(question: Question, home: Path, environment: Mapping[str, str]) -> Answers:
    site = home / "Lib" / "site-packages"
    _unpack(question.wheel, site, home)
    members = (*question.modules, *question.libraries)
    places = {_placed(site, home, member): member for member in members}
    version = _write_python(home, question.wheel.name, places)
    refused = [one for one in _NOT_IN_WINDOWS if one != _OF_OLD_PYTHONS.get(version)]
    number = int(version[0]), int(version[1:].rstrip("t"))
    refused += [one for one, first in _OF_NEWER_PYTHONS.items() if number < first]
    environment = {**environment, "WINEDLLOVERRIDES": f"mscoree,mshtml=;{','.join(refused)}=n"}
    # Windows takes a DLL that is loaded already, wherever it is, and modules ask for each other, too.
    folders = sorted({path.parent for path in places})
    lines = [
        *(f"folder\t{_on_z(path)}\n" for path in folders),
        *(f"file\t{_on_z(path)}\n" for path in places),
    ]
    (home / "list").write_text("".join(lines), encoding="utf-8")
    # A file, not a pipe: services of Wine inherit it and outlive the program.
    with (home / "said").open("wb") as file:
        command = [_WINE, str(home / "ask.exe"), _on_z(home / "list")]
        subprocess.run(
            command, stdout=file, stderr=file, stdin=subprocess.DEVNULL, env=environment, check=False
        )
    said = (home / "said").read_text(encoding="utf-8", errors="replace")
    own = {path.name.lower() for path in home.rglob("*") if path.suffix.lower() in {".dll", ".pyd"}}
    answers: Answers = {}
    missing: list[str] = []
    nameless: list[str] = []
    for line in said.splitlines():
        if match := _ERROR.search(line):
            missing.append(match[1])
        elif match := _NO_NAME.search(line):
            # Wine goes on with a function that ends the process. Windows refuses the DLL with error 127.
            if match[1].lower() in own:
                nameless.append(f"{match[1]} has no {match[2]}")
        elif line.startswith(("loads\t", "fails\t")):
            _, path, *code = line.split("\t")
            told = f"error {code[0]}" if code else "error 127" if nameless else ""
            causes = sorted({*missing, *nameless})
            answers[places[_from_z(path)]] = f"{told}: {', '.join(causes)}" if told and causes else told
            missing, nameless = [], []
    shutil.rmtree(home)
    return {member: answers.get(member, "the process ended") for member in members}


def _write_python(home: Path, wheel: str, files: Iterable[Path]) -> str:
    """Put the asking program and DLLs that stand for Python's into a folder; return the version of that Python."""
    python, abi = wheel.removesuffix(".whl").split("-")[-3:-1]
    tag = re.fullmatch(r"cp(\d)(\d+)", python.split(".")[-1])
    floor = (int(tag[1]), int(tag[2])) if tag else _PYTHON
    # A wheel for the stable ABI is loaded by a newer Python, but uses only the names of its own.
    newer = max(floor, _PYTHON) if abi.startswith("abi3") else floor
    version = f"{newer[0]}{newer[1]}" + ("t" if re.fullmatch(r"cp\d+t", abi) else "")
    dlls = {f"python{version}.dll": set[str]()}
    for path in files:
        for library, name in _imports(path):
            if library.lower() in dlls:
                dlls[library.lower()].add(name)
    if newer >= (3, 2):
        dlls["python3.dll"] = _stable_names(floor)
    if newer >= (3, 15):
        dlls["python3t.dll"] = _stable_names(floor)
    for index, (name, names) in enumerate(sorted(dlls.items())):
        (home / name).write_bytes(stubs.dll(name, sorted(names), 0x1_8000_0000 + index * 0x1000_0000))
    (home / "bcryptprimitives.dll").write_bytes(
        stubs.dll("bcryptprimitives.dll", ["ProcessPrng"], 0x1_7000_0000)
    )
    shutil.copy(_ASKING_WINDOWS, home / "ask.exe")
    return version


def _imports(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the libraries and names that a DLL imports, as pefile reads it."""
    import pefile

    try:
        with pefile.PE(str(path), fast_load=True) as file:
            file.parse_data_directories([pefile.DIRECTORY_ENTRY["IMAGE_DIRECTORY_ENTRY_IMPORT"]])
            for entry in getattr(file, "DIRECTORY_ENTRY_IMPORT", []):
                for one in entry.imports:
                    if one.name:
                        yield entry.dll.decode("latin-1"), one.name.decode("latin-1")
    except pefile.PEFormatError:
        return


def _stable_names(version: tuple[int, int]) -> set[str]:
    """Return the names that python3.dll of a version exports, as CPython's stable_abi.toml lists them."""
    import abi3info

    return {
        symbol.name
        for table in (abi3info.FUNCTIONS, abi3info.DATAS)
        for symbol, about in table.items()
        if (about.added.major, about.added.minor) <= version
        and (about.ifdef is None or about.ifdef.windows in {True, "maybe"})
    }


def _on_z(path: Path) -> str:
    return "Z:" + str(path).replace("/", "\\")


def _from_z(path: str) -> Path:
    return Path(path[2:].replace("\\", "/"))


def _lacks_wine() -> str:
    missing = [path for path in (_WINE, _WINESERVER) if not Path(path).exists()]
    missing += [name for name in ("pefile", "abi3info") if importlib.util.find_spec(name) is None]
    return f"no {', '.join(missing)}" if missing else ""


# For all ------------------------------------------------------------------------------------------------------------


def _environment(**more: str) -> dict[str, str]:
    """Return an environment in which nothing else says where libraries are."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith(("LD_", "WINE"))},
        **more,
    }


def _unpack(wheel: Path, site: Path, home: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        for info in archive.infolist():
            if not info.is_dir():
                target = _placed(site, home, info.filename)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(archive.read(info))


def _placed(site: Path, home: Path, member: str) -> Path:
    """Return where an installer puts a member."""
    top, _, rest = member.partition("/")
    if top.endswith(".data") and rest.startswith("data/"):
        return home / rest.removeprefix("data/")
    return site / installed_path(member)


def _without(words: str, folder: str) -> str:
    """Return a loader's words without the folders of this run."""
    return re.sub(re.escape(folder) + r"/(?:\S*/)?", "", words)


_QEMU = {
    "aarch64": ("aarch64", "aarch64-linux-gnu", "arm64"),
    "armv7l": ("arm", "arm-linux-gnueabihf", "armhf"),
    "ppc64le": ("ppc64le", "powerpc64le-linux-gnu", "ppc64el"),
    "s390x": ("s390x", "s390x-linux-gnu", "s390x"),
    "riscv64": ("riscv64", "riscv64-linux-gnu", "riscv64"),
}
_MUSL = "/lib/ld-musl-x86_64.so.1"

JUDGES = (
    Judge("glibc-x86_64", "glibc, imported by CPython 3.11", (), _lacks_python, _ask_python),
    Judge(
        "musl-x86_64",
        "musl's ld-musl-x86_64.so.1",
        ("musl",),
        _lacks_files(_MUSL),
        _dlopen("x86_64", "ask-linux-x86_64-musl", _MUSL),
    ),
    *(
        Judge(
            f"glibc-{machine}",
            f"glibc for {machine}, by qemu-{cpu}",
            (
                "qemu-user-static",
                *(f"{part}-{debian}-cross" for part in ("libc6", "libstdc++6", "libgcc-s1")),
            ),
            _lacks_files(f"qemu-{cpu}-static", f"/usr/{folder}/lib"),
            _dlopen(machine, f"ask-linux-{machine}-glibc", f"qemu-{cpu}-static", "-L", f"/usr/{folder}"),
        )
        for machine, (cpu, folder, debian) in _QEMU.items()
    ),
    Judge("windows-x86_64", "Wine's loader", ("wine64",), _lacks_wine, _ask_wine),
)
"""All loaders, in the order of the page."""
