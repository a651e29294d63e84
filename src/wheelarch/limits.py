"""Every bound on what a hostile file can make us do, with its name, in one place.

A bound that is hit is a finding (WA007 for the archive, WA903 for a binary), never an exception.
"""

from typing import NamedTuple

__all__ = ["DEFAULT", "Limits"]

_MIB = 1 << 20


class Limits(NamedTuple):
    """Bounds of one audit. The defaults suit wheels of 2 GB.

    Bytes are inflated bytes that were really read, not sizes that a header claims.
    """

    # the archive
    entries: int = 200_000
    name_bytes: int = 4_096
    member_bytes: int = 2_048 * _MIB
    wheel_bytes: int = 8_192 * _MIB
    ratio: int = 1_000
    """Inflated to compressed bytes, looked at once `ratio_from_bytes` have come out of one member."""
    ratio_from_bytes: int = 64 * _MIB
    rewinds: int = 8
    """How often one member may be inflated again from its start because a read fell behind the window."""
    metadata_bytes: int = 16 * _MIB
    """The most that is read of WHEEL (64 KiB of it), METADATA and RECORD."""
    tag_combinations: int = 10_000

    # Mach-O
    fat_slices: int = 16
    """dyld's kMaxSliceCount."""
    load_commands: int = 65_536
    load_command_bytes: int = 16 * _MIB
    trie_nodes: int = 1_000_000
    trie_depth: int = 128
    # PE
    sections: int = 1_024
    imported_libraries: int = 4_096
    thunks_per_library: int = 65_536
    thunks: int = 262_144
    exports: int = 1_000_000
    # ELF
    program_headers: int = 65_536
    dynamic_entries: int = 65_536
    version_needs: int = 65_536
    note_bytes: int = _MIB
    """The most that is read of one segment of notes."""
    symbols: int = 4_000_000
    # strings and tables, everywhere
    binary_name_bytes: int = 512
    """The longest name of a library or symbol that is taken whole: PE names, install names, sonames."""
    symbol_bytes: int = 65_536
    table_bytes: int = 64 * _MIB
    """The most of a symbol or string table that is held in memory at once."""
    archive_samples: int = 64
    """How many members of a static archive are looked at for their machine."""

    # the second opinion
    opinion_bytes: int = 256 * _MIB
    """The largest member that is handed to other parsers."""
    opinion_members: int = 64
    """How many members of one wheel other parsers are asked about to confirm its errors."""
    opinion_seconds: int = 10
    """How long one parser may take over one member."""
    opinion_wheel_seconds: int = 60
    """How long other parsers may take over one wheel; a member that has begun is not broken off."""


DEFAULT = Limits()
