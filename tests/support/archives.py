"""Zip archives written record by record from the offsets of APPNOTE.TXT 6.3.10, so that any of them may be wrong."""

import struct
import zlib
from typing import NamedTuple


def deflate(data: bytes, level: int = 6) -> bytes:
    compressor = zlib.compressobj(level, zlib.DEFLATED, -15)
    return compressor.compress(data) + compressor.flush()


class Part(NamedTuple):
    """One member: what both headers say, what the local one says otherwise, and its bytes."""

    name: bytes = b"a.py"
    body: bytes = b""
    size: int = 0
    crc: int = 0
    method: int = 8
    flags: int = 0
    extra: bytes = b""
    comment: bytes = b""
    attributes: int = 0o100644 << 16
    disk: int = 0
    compressed: int | None = None
    offset: int | None = None
    descriptor: bytes = b""
    local: dict[str, int | bytes] = {}  # noqa: RUF012  # never changed

    def fields(self, local: bool) -> tuple[int, int, int, int, int]:
        said = {
            "flags": self.flags,
            "method": self.method,
            "crc": self.crc,
            "compressed": len(self.body) if self.compressed is None else self.compressed,
            "size": self.size,
        }
        if local:
            said.update({key: value for key, value in self.local.items() if key in said})
        return said["flags"], said["method"], said["crc"], said["compressed"], said["size"]

    def local_header(self) -> bytes:
        """4.3.7."""
        flags, method, crc, compressed, size = self.fields(local=True)
        name, extra = self.local.get("name", self.name), self.local.get("extra", self.extra)
        assert isinstance(name, bytes)
        assert isinstance(extra, bytes)
        fixed = struct.pack(
            "<HHHHHIIIHH", 20, flags, method, 0, 0x21, crc, compressed, size, len(name), len(extra)
        )
        return b"PK\3\4" + fixed + name + extra

    def central_header(self, offset: int) -> bytes:
        """4.3.12."""
        flags, method, crc, compressed, size = self.fields(local=False)
        sizes = len(self.name), len(self.extra), len(self.comment)
        offset = offset if self.offset is None else self.offset
        return (
            b"PK\1\2"
            + struct.pack("<HHHHHHIII", 0x0314, 20, flags, method, 0, 0x21, crc, compressed, size)
            + struct.pack("<HHHHHII", *sizes, self.disk, 0, self.attributes, offset)
            + self.name
            + self.extra
            + self.comment
        )


def part(name: str | bytes = "a.py", data: bytes = b"pass\n" * 40, method: int = 8, **more: object) -> Part:
    raw = name if isinstance(name, bytes) else name.encode()
    body = deflate(data) if method == 8 else data
    made = Part(name=raw, body=body, size=len(data), crc=zlib.crc32(data), method=method)
    return made._replace(**more)  # type: ignore[arg-type]  # fields of Part


def end_record(
    count: int, size: int, offset: int, comment: bytes = b"", disk: int = 0, here: int | None = None
) -> bytes:
    """4.3.16."""
    here = count if here is None else here
    return b"PK\5\6" + struct.pack("<HHHHIIH", disk, disk, here, count, size, offset, len(comment)) + comment


def zip64_record(count: int, size: int, offset: int, rest: int = 44) -> bytes:
    """4.3.14."""
    return b"PK\6\6" + struct.pack("<QHHIIQQQQ", rest, 45, 45, 0, 0, count, count, size, offset)


def zip64_locator(at: int, disks: int = 1) -> bytes:
    """4.3.15."""
    return b"PK\6\7" + struct.pack("<IQI", 0, at, disks)


class Laid(NamedTuple):
    """Members and directory, before any end record."""

    data: bytes
    count: int
    size: int
    offset: int


def lay(*parts: Part, before: bytes = b"", gap: bytes = b"") -> Laid:
    data, headers = bytearray(before), []
    for one in parts:
        headers.append(one.central_header(len(data)))
        data += one.local_header() + one.body + one.descriptor
    data += gap
    directory = b"".join(headers)
    return Laid(bytes(data) + directory, len(parts), len(directory), len(data))


def pack(*parts: Part, before: bytes = b"", gap: bytes = b"", behind: bytes = b"", **end: object) -> bytes:
    laid = lay(*parts, before=before, gap=gap)
    said = {"count": laid.count, "size": laid.size, "offset": laid.offset, **end}
    return laid.data + end_record(**said) + behind  # type: ignore[arg-type]  # fields of the end record


def pack64(
    *parts: Part,
    short: tuple[int, int, int] | None = None,
    record: bool = True,
    locator: bool = True,
    rest: int = 44,
    at: int | None = None,
    disks: int = 1,
) -> bytes:
    """An archive with ZIP64 end records; `short` is what the short one says, sentinels where a long one is whole."""
    laid = lay(*parts)
    if short is None:
        short = (0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF) if record and locator else laid[1:]
    middle = zip64_record(*laid[1:], rest) if record else b""
    middle += zip64_locator(len(laid.data) if at is None else at, disks) if locator else b""
    return laid.data + middle + end_record(*short)


def extra(tag: int, data: bytes) -> bytes:
    """4.5.1."""
    return struct.pack("<HH", tag, len(data)) + data


def unicode_path(name: bytes, of: bytes) -> bytes:
    """4.6.9."""
    return extra(0x7075, b"\1" + struct.pack("<I", zlib.crc32(of)) + name)
