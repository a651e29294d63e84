"""The functions under fuzz, by name, and the real bytes that each starts from.

A target returns for any input bytes. An input that makes one raise or hang becomes a test in test_crashes.py.
"""

import itertools
from collections.abc import Callable, Iterator
from typing import NamedTuple

import wheelarch.image.elf
import wheelarch.image.macho
import wheelarch.image.pe
from tests.support.configs import RIGHT, WRONG
from tests.support.images import TESTDATA
from wheelarch import audit
from wheelarch.config import file as config
from wheelarch.config import ignores
from wheelarch.container.zip_directory import read_directory
from wheelarch.container.zip_member import Budget, MemberView, read_heads
from wheelarch.errors import ArchiveError, FormatError, UsageError
from wheelarch.image import HEAD_BYTES
from wheelarch.limits import DEFAULT, Limits
from wheelarch.metadata.promise import read_promise
from wheelarch.model import Depth, Image
from wheelarch.sources.local import BytesSource
from wheelarch.view import BytesView, View
from wheelarch.why import explain as why
from wheelarch.why.messages import MESSAGES

LARGEST_SEED = 20_000
"""In bytes. Small inputs make fast rounds."""
_INFLATED = Limits(member_bytes=1 << 20, wheel_bytes=4 << 20, ratio_from_bytes=1 << 16)
_NAME_LINES = 20
"""How many lines of an input are used as file names and tags."""


class Target(NamedTuple):
    """One function under fuzz."""

    run: Callable[[bytes], None]
    seeds: Callable[[], Iterator[bytes]]


def _image(read: Callable[[View, Depth, Limits], object]) -> Callable[[bytes], None]:
    def run(data: bytes) -> None:
        for depth in Depth:
            try:
                read(BytesView(data), depth, DEFAULT)
            except FormatError:
                continue

    return run


def _read_macho(view: View, depth: Depth, limits: Limits) -> tuple[Image, ...]:
    return wheelarch.image.macho.read(view, depth, limits)


def _archive(data: bytes) -> None:
    source = BytesSource(data)
    try:
        directory = read_directory(source)
    except ArchiveError:
        return
    for _ in read_heads(source, directory.entries, HEAD_BYTES, _INFLATED):
        pass
    budget = Budget(_INFLATED)
    for entry in directory.entries[:20]:
        try:
            MemberView(source, entry, _INFLATED, budget, digest=True).finish()
        except (ArchiveError, FormatError):
            continue


def _tags(data: bytes) -> None:
    lines = data.decode("utf-8", "replace").splitlines()[:_NAME_LINES]
    for line in lines:
        read_promise(line)
        try:
            read_promise(None, tag=line)
        except UsageError:
            continue
    read_promise("pkg-1.0.zip", lines)


def _why(data: bytes) -> None:
    why.explain(why.decode([data[:7], data[7:]]))


_JUDGED = audit(TESTDATA / "wheels" / "not_pure-1.0-py3-none-any.whl", second_opinion="off")
"""A report with findings. Some of them have a member."""


def _config(data: bytes) -> None:
    for file in ("wheelarch.toml", "pyproject.toml"):
        try:
            said = config.parse(data, file)
        except UsageError:
            continue
        ignores.apply(said.per_file_ignores, _JUDGED)
        assert file == "wheelarch.toml" or said == config.Config() or config.has_table(data) or b"\\" in data


def _images(*beginnings: str) -> Callable[[], Iterator[bytes]]:
    def seeds() -> Iterator[bytes]:
        for path in sorted((TESTDATA / "images").iterdir()):
            if path.name.startswith(beginnings) and path.stat().st_size <= LARGEST_SEED:
                yield path.read_bytes()

    return seeds


def _macho_seeds() -> Iterator[bytes]:
    """Yield thin files, the larger ones without padding between header and tables, and fat files of two of them."""
    thin = [*_images("macos-x86_64", "ios-x86_64", "macos-arm64.o")()]
    yield from thin
    for path in sorted((TESTDATA / "images").glob("macos-universal2*")):
        yield path.read_bytes()[:LARGEST_SEED]


def _archive_seeds() -> Iterator[bytes]:
    for path in sorted((TESTDATA / "wheels").iterdir()):
        if path.stat().st_size <= LARGEST_SEED:
            yield path.read_bytes()


def _tag_seeds() -> Iterator[bytes]:
    for path in sorted((TESTDATA / "wheels").iterdir()):
        yield path.name.encode()
        yield "-".join(path.stem.split("-")[-3:]).encode()


def _why_seeds() -> Iterator[bytes]:
    for message, encoding in zip(MESSAGES, itertools.cycle(["utf-8", "utf-16"])):
        yield f"{message.anchors[0]} {message.pattern}\n".encode(encoding)


def _config_seeds() -> Iterator[bytes]:
    for text in (*RIGHT.values(), *WRONG):
        yield text.encode()
        yield f"[tool.wheelarch]\n{text}".encode()


TARGETS = {
    "archive": Target(_archive, _archive_seeds),
    "pe": Target(_image(wheelarch.image.pe.read), _images("win")),
    "macho": Target(_image(_read_macho), _macho_seeds),
    "elf": Target(_image(wheelarch.image.elf.read), _images("linux", "android")),
    "tags": Target(_tags, _tag_seeds),
    "why": Target(_why, _why_seeds),
    "config": Target(_config, _config_seeds),
}
