"""Wheels in memory, well-formed and the same bytes every time."""

import base64
import hashlib
import io
import itertools
import zipfile
from collections.abc import Iterable, Mapping

_DATE = (2024, 1, 1, 0, 0, 0)
_REGULAR_FILE = 0o100000
_UNIX = 3


def build_wheel(
    filename: str,
    members: Mapping[str, bytes],
    *,
    tags: Iterable[str] | None = None,
    generator: str = "bdist_wheel (0.45.1)",
    purelib: bool = False,
    record: bool = True,
    modes: Mapping[str, int] | None = None,
    extra_wheel_lines: Iterable[str] = (),
) -> bytes:
    """Return a wheel with METADATA, WHEEL and RECORD that agree with its name and members.

    Args:
        filename: The wheel's file name; its name, version, build tag and tags go into the metadata.
        members: Contents by path. A path that the builder would write itself (WHEEL, say) takes its place.
        tags: The Tag lines of WHEEL; the expanded tags of `filename` by default.
        generator: WHEEL's Generator; empty for none.
        purelib: WHEEL's Root-Is-Purelib.
        record: Whether there is a RECORD.
        modes: Permission bits by path, where they are not 0o644.
        extra_wheel_lines: Further lines of WHEEL.
    """
    name, version, *build, pythons, abis, platforms = filename.removesuffix(".whl").split("-")
    if tags is None:
        sets = (pythons.split("."), abis.split("."), platforms.split("."))
        tags = ("-".join(triple) for triple in itertools.product(*sets))
    wheel_lines = [
        "Wheel-Version: 1.0",
        *([f"Generator: {generator}"] if generator else []),
        f"Root-Is-Purelib: {str(purelib).lower()}",
        *(f"Tag: {tag}" for tag in tags),
        *(f"Build: {tag}" for tag in build),
        *extra_wheel_lines,
    ]
    folder = f"{name}-{version}.dist-info"
    metadata = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
    # The dist-info folder is at the end, where range requests find it in one piece.
    contents = {
        **{path: members[path] for path in sorted(members)},
        f"{folder}/METADATA": members.get(f"{folder}/METADATA", _text(metadata)),
        f"{folder}/WHEEL": members.get(f"{folder}/WHEEL", _text(wheel_lines)),
    }
    if record:
        contents.setdefault(f"{folder}/RECORD", _record(contents, f"{folder}/RECORD"))
    return _pack(contents, modes or {})


def _text(lines: Iterable[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def _record(contents: Mapping[str, bytes], own_path: str) -> bytes:
    rows = [f"{path},sha256={_digest(data)},{len(data)}" for path, data in contents.items()]
    return _text([*rows, f"{own_path},,"])


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


def _pack(contents: Mapping[str, bytes], modes: Mapping[str, int]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path, data in contents.items():
            info = zipfile.ZipInfo(path, _DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = _UNIX
            info.external_attr = (_REGULAR_FILE | modes.get(path, 0o644)) << 16
            archive.writestr(info, data)
    return stream.getvalue()
