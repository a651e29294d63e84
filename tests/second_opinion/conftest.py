"""Parsers that misbehave, put where the helper process finds them."""

import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from wheelarch.model import Format
from wheelarch.second_opinion import helper

BODIES = {
    "crash": "import os\nos.abort()",
    # lief frees a fat file if its last reference is an iterator over it.
    "segfault": "import lief\nparts = iter(lief.MachO.parse(data))\njunk = [bytes(200000)] * 50\n"
    "return [{'offset': part.fat_offset, 'commands': str(list(part.commands))} for part in parts]",
    "hang": "while True: pass",
    "hang-in-c": "import re\nre.match('(a+)+b', 'a' * 60)",
    "leak": "held = [bytearray(1 << 26) for _ in range(1 << 10)]\nreturn [{'offset': len(held)}]",
    "raise": "raise KeyError('a bug of the parser')",
    "refuse": "from wheelarch.second_opinion.refusal import Refused\nraise Refused",
    "silent": "from wheelarch.second_opinion.refusal import CannotSpeak\nraise CannotSpeak",
    "nonsense": "return 'no rows'",
    "differ": "return [{'offset': 0, 'machine': [0x14C, 0], 'libraries': ['liar.dll'], 'extent': 0}]",
    "agree": "return [{'offset': 0, 'machine': [0xAA64, 0], 'libraries': ['python3.dll']}]",
    "print": "import os\nos.write(1, b'noise'); os.write(2, b'noise'); print('noise')\nreturn []",
}

Plant = Callable[..., dict[str, str]]


@pytest.fixture
def plant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Plant]:
    """Return a function that makes the named parsers, and no others, the parsers of every format."""
    helper._stop()
    monkeypatch.syspath_prepend(str(tmp_path))

    def make(*names: str) -> dict[str, str]:
        parsers = {}
        for name in names:
            module = f"fake_{name.replace('-', '_')}"
            lines = "import no_such_parser" if name == "missing" else "return '9'"
            body = textwrap.indent(BODIES.get(name, "return []"), "    ")
            text = f"def version():\n    {lines}\n\ndef read(data, format_, wanted):\n{body}\n"
            (tmp_path / f"{module}.py").write_text(text)
            parsers[name] = module
        monkeypatch.setattr(helper, "PARSERS", dict.fromkeys((Format.PE, Format.MACHO, Format.ELF), parsers))
        return parsers

    yield make
    helper._stop()
