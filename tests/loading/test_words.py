"""The words of each loader."""

import pytest

from support.values import elf, macho, member, pe
from wheelarch.loading.simulate import Answer, Step
from wheelarch.loading.words import missing_library
from wheelarch.model import Image, Role


@pytest.mark.parametrize(
    ("image", "role", "libc", "words"),
    [
        (pe(), Role.EXTENSION, "", "ImportError: DLL load failed while importing core: The specified module"),
        (pe(), Role.LIBRARY, "", "FileNotFoundError: Could not find module 'core.x' (or one of its dep"),
        (pe(), Role.SCRIPT, "", "The code execution cannot proceed because need was not found."),
        (macho(), Role.EXTENSION, "", "Library not loaded: need"),
        (elf(), Role.EXTENSION, "glibc", "need: cannot open shared object file: No such file or directory"),
        (
            elf(),
            Role.EXTENSION,
            "musl",
            "Error loading shared library need: No such file or directory (needed by",
        ),
        (elf(), Role.EXTENSION, "bionic", 'dlopen failed: library "need" not found: needed by core.x'),
    ],
)
def test_missing_library(image: Image, role: Role, libc: str, words: str) -> None:
    """Each system says it in its own way, and Windows in one for each of modules, libraries and programs."""
    root = member("pkg/core.x", image, role=role)
    step = Step(root, image, "need", Answer.UNKNOWN)
    assert missing_library(step, root, libc).startswith(words)
