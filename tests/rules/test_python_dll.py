"""WA301, WA302, WA304, WA306, WA308 on plain values."""

import pytest

from support.python_links import (
    HOOK,
    WELL_LINKED,
    X86,
    dll,
    pyd,
    tagged,
)
from support.rules import problems, severities
from support.values import member, pe
from wheelarch.facts.wheel import Wheel
from wheelarch.model import Severity

HITS: dict[str, list[Wheel]] = {
    "WA301": [
        tagged("cp310-abi3-win_amd64", pyd("python310.dll", path="uefi_firmware/_core.cp310-win_amd64.pyd")),
        tagged("cp39-abi3-win32", member("pkg/_core.pyd", pe(X86, "PYTHON311.DLL", hooks=HOOK))),
        tagged("cp315-abi3.abi3t-win_amd64", pyd("python315t.dll")),
        tagged("cp39-abi3-mingw_x86_64", pyd("libpython3.11.dll")),
        tagged("cp39-abi3-win_amd64", pyd("python3.dll"), dll("python311.dll")),
    ],
    "WA302": [
        tagged("cp38-none-win_amd64", pyd("python39.dll", path="winrt/_winrt.pyd")),
        tagged("cp312-cp312-win_amd64", pyd("python313.dll", path="pkg/_core.cp313-win_amd64.pyd")),
        tagged("cp311-cp311-win_amd64", pyd("python27.dll")),
        tagged("cp27-cp27m-win_amd64", pyd("python3.dll")),
        tagged("pp311-pypy311_pp73-win_amd64", pyd("libpypy3.9-c.dll")),
        tagged(
            "cp310.cp311-cp310.cp311-win_amd64", pyd("python310.dll", path="pkg/_core.cp311-win_amd64.pyd")
        ),
    ],
    "WA304": [
        tagged("cp315-abi3.abi3t-win_amd64", pyd("python3.dll")),
        tagged("cp315-abi3t-win_amd64", pyd("python3.dll")),
        tagged("cp313-cp313t-win_amd64", pyd("python3.dll")),
        tagged("cp39-abi3-win_amd64", pyd("python3t.dll")),
        tagged("cp314-cp314-win_amd64", pyd("python3t.dll")),
        tagged("cp315-abi3-win_amd64", pyd("python3t.dll")),
    ],
    "WA306": [
        tagged("cp311-cp311-win_amd64", pyd("libpython3.11.dll")),
        tagged("cp311-cp311-win_amd64", pyd("msys-python3.11.dll")),
        tagged("cp311-cp311-win_amd64", pyd("libpypy3.11-c.dll")),
        tagged("pp311-pypy311_pp73-win_amd64", pyd("python311.dll")),
        tagged("graalpy312-graalpy250_312_native-win_amd64", pyd("python312.dll")),
        tagged("cp311-cp311-mingw_x86_64", pyd("python311.dll")),
        tagged("cp311-cp311-win_amd64", pyd("rustpython_capi.dll")),
    ],
    "WA308": [
        tagged("cp39-abi3-win_amd64", pyd("python3.dll", "python311.dll")),
        tagged("cp315-abi3.abi3t-win_amd64", pyd("python3t.dll", "python315t.dll")),
    ],
}

CLEAN: dict[str, list[Wheel]] = {
    "WA301": WELL_LINKED,
    "WA302": WELL_LINKED,
    "WA304": WELL_LINKED,
    "WA306": WELL_LINKED,
    "WA308": WELL_LINKED,
}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("WA301", [Severity.ERROR, Severity.ERROR, Severity.ERROR, Severity.ERROR, Severity.WARNING]),
        (
            "WA302",
            [Severity.ERROR, Severity.ERROR, Severity.ERROR, Severity.ERROR, Severity.ERROR, Severity.ERROR],
        ),
        (
            "WA304",
            [
                Severity.ERROR,
                Severity.ERROR,
                Severity.ERROR,
                Severity.ERROR,
                Severity.ERROR,
                Severity.WARNING,
            ],
        ),
        (
            "WA306",
            [
                Severity.ERROR,
                Severity.ERROR,
                Severity.ERROR,
                Severity.ERROR,
                Severity.ERROR,
                Severity.WARNING,
                Severity.ERROR,
            ],
        ),
        ("WA308", [Severity.ERROR, Severity.ERROR]),
    ],
)
def test_severity(code: str, expected: list[Severity]) -> None:
    """It is an error if it certainly fails for somebody whom the tags invite, and a warning for a helper library."""
    assert [severities(code, subject) for subject in HITS[code]] == [[one] for one in expected]


def test_message_names_found_and_expected() -> None:
    """The message names the file, the DLL that was found and the one that the tag has."""
    (found,) = problems("WA301", HITS["WA301"][0])
    assert found.message == (
        "extension module uefi_firmware/_core.cp310-win_amd64.pyd imports python310.dll, but "
        "cp310-abi3 needs python3.dll"
    )
    assert found.evidence == {"have": "python310.dll", "need": "python3.dll"}
    assert found.consequence == (
        "ImportError: DLL load failed while importing _core: The specified module could not be found."
    )
    assert found.tags == ("cp310-abi3-win_amd64",)


def test_conflict_text() -> None:
    """For a second Python in the process, CPython's own words are quoted."""
    (found,) = problems("WA302", HITS["WA302"][0])
    assert found.consequence.endswith("Module use of python39.dll conflicts with this version of Python.")
