"""For every real binary, each adapter agrees with our own reader."""

import sys
from importlib import import_module

import pytest

from support.images import image, image_names
from wheelarch.image import read_images, sniff
from wheelarch.model import Fact
from wheelarch.second_opinion import claims, helper
from wheelarch.second_opinion.refusal import CannotSpeak, Refused
from wheelarch.view import BytesView

WANTED = frozenset(fact.value for fact in Fact)
PAIRS = [
    (name, parser)
    for name in image_names()
    for format_ in [sniff(image(name)[:64])]
    if format_ in helper.PARSERS
    for parser in helper.PARSERS[format_]
]
SAYS_NOTHING = {("macos-universal2-fat64.so", "lief")}


@pytest.mark.filterwarnings("ignore:.* is not a valid .*:RuntimeWarning")
@pytest.mark.parametrize(("name", "parser"), PAIRS)
def test_no_image_is_denied(name: str, parser: str) -> None:
    """Every fact of an image is confirmed, unless the parser is known not to see it."""
    data = image(name)
    format_ = sniff(data[:64])
    assert format_ is not None
    adapter = import_module(helper.PARSERS[format_][parser])
    if (name, parser) in SAYS_NOTHING:
        with pytest.raises(CannotSpeak):
            adapter.read(data, format_.value, WANTED)
        return
    rows = adapter.read(data, format_.value, WANTED)
    images = read_images(BytesView(data))
    for fact in claims.CROSS_CHECKED:
        judgement = claims.judge((fact,), images, rows, None)
        assert judgement.agrees is not False, judgement
    assert claims.judge((Fact.MACHINE,), images, rows, None).agrees is True
    assert all(row["extent"] <= len(data) for row in rows)


@pytest.mark.parametrize("adapter", ["lief", "pefile", "macholib"])
def test_versions_are_short(adapter: str) -> None:
    """A version is numbers and dots, without the commit that lief adds."""
    version = import_module(f"wheelarch.second_opinion.{adapter}_adapter").version()
    assert version.replace(".", "").isdigit()


@pytest.mark.parametrize(
    ("adapter", "format_", "data"),
    [
        ("lief", "pe", b"MZ" + bytes(62)),
        ("lief", "mach-o", b"\xce\xfa\xed\xfe"),
        ("pefile", "pe", b"MZ" + bytes(62)),
        ("macholib", "mach-o", b"\xcf\xfa\xed\xfe" + bytes(8)),
        ("macholib", "mach-o", b"\xca\xfe\xba\xbe" + (2).to_bytes(4, "big") + bytes(56)),
    ],
)
def test_a_file_that_is_rejected(adapter: str, format_: str, data: bytes) -> None:
    """A parser's own way to reject a file becomes a refusal."""
    with pytest.raises(Refused):
        import_module(f"wheelarch.second_opinion.{adapter}_adapter").read(data, format_, WANTED)


def other_byte_order() -> bytes:
    """Return an ELF file for the machine s390 that says it is little-endian."""
    data = bytearray(image("linux-x86_64-glibc.so"))
    data[18:20] = (22).to_bytes(2, "little")
    return bytes(data)


@pytest.mark.filterwarnings("ignore:.* is not a valid .*:RuntimeWarning")
@pytest.mark.parametrize("data", [other_byte_order(), b"\x7fELF", b"\x7fELF" + bytes(47)])
def test_where_lief_is_wrong_it_is_silent(data: bytes) -> None:
    """Lief guesses the byte order of some ELF machines, and the rest of a header that is cut off."""
    with pytest.raises(CannotSpeak):
        import_module("wheelarch.second_opinion.lief_adapter").read(data, "elf", WANTED)


def test_the_parsers_stay_out_of_this_package() -> None:
    """Importing the whole package does not load any parser in the auditing process."""
    import subprocess

    code = (
        "import sys; from wheelarch.second_opinion import review, helper, child, claims, lief_adapter, "
        "pefile_adapter, macholib_adapter; print({'lief', 'pefile', 'macholib'} & set(sys.modules))"
    )
    from support.program import _SOURCE

    run = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(_SOURCE)},
    )
    assert run.stdout == "set()\n"
