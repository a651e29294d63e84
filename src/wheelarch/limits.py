"""Every bound on what a hostile file can make us do, with its name, in one place.

A bound that is hit is a finding that names it (WA007 for the archive, WA903 for a binary), never an exception.
docs/limits.md is made from the docstrings below.
"""

from __future__ import annotations

from ._lib.typed import NamedTuple

__all__ = ["DEFAULT", "Limits"]

_MIB = 1 << 20


class Limits(NamedTuple):
    """Bounds of one audit. The defaults suit wheels of 2 GB.

    Bytes are inflated bytes that were really read, not sizes that a header claims.
    """

    # The archive
    entries: int = 200_000
    """Files of an archive, a folder, an sdist, or an installed distribution."""
    name_bytes: int = 4_096
    """Bytes of a member's name."""
    directory_bytes: int = 24 * _MIB
    """Bytes of the archive's directory; CPython may hold a name in four times its bytes."""
    problems: int = 1_000
    """Faults of each kind in the archive's directory that are told one by one."""
    native_members: int = 20_000
    """Native files of a wheel, by content or name, that are judged; each costs several rules a look."""
    member_tags: int = 200_000
    """Native files of a wheel, each counted once for each of its tags: each is judged for each."""
    findings: int = 200_000
    """Findings of one rule about one wheel, each counted once and once more for each tag that it names."""
    member_bytes: int = 2_048 * _MIB
    """Bytes that one member inflates to."""
    wheel_bytes: int = 8_192 * _MIB
    """Bytes that are read of all members together; those of a member that is inflated again count again."""
    ratio: int = 1_000
    """Inflated to compressed bytes of one member, looked at once `ratio_from_bytes` have come out of it."""
    ratio_from_bytes: int = 64 * _MIB
    """Bytes that may come out of a member, whatever its `ratio`."""
    rewinds: int = 8
    """How often one member may be inflated again from its start because a read fell behind the window."""
    wheel_metadata_bytes: int = 65_536
    """Bytes of the WHEEL file."""
    metadata_bytes: int = 16 * _MIB
    """Bytes of RECORD, of METADATA's headers, and of an extended header of an sdist."""
    tag_combinations: int = 10_000
    """Tags that compressed sets multiply to."""
    gzip_members: int = 1_000
    """Gzip members of an sdist: each costs a copy of what was fed, and an honest file has one."""
    sdist_file_bytes: int = 4 * _MIB
    """Bytes from the start of one file of an sdist: headers of binaries and of the slices of fat ones."""

    # Mach-O
    fat_slices: int = 16
    """Slices of a fat file; dyld's kMaxSliceCount."""
    load_commands: int = 65_536
    """Load commands of one slice."""
    load_command_bytes: int = 16 * _MIB
    """Bytes of all load commands of one slice."""
    trie_nodes: int = 1_000_000
    """Nodes of the exports trie that are visited."""
    trie_depth: int = 128
    """Levels of the exports trie that are visited below its root."""

    # PE
    sections: int = 1_024
    """Sections of a PE or WebAssembly file."""
    imported_libraries: int = 4_096
    """DLLs of an import directory, and as many of the delay-import directory."""
    thunks_per_library: int = 65_536
    """Imports from one DLL."""
    thunks: int = 262_144
    """Imports of one PE or WebAssembly file."""
    exports: int = 1_000_000
    """Exported names of a PE or WebAssembly file, and external symbols of a Mach-O slice."""

    # ELF
    program_headers: int = 65_536
    """Program headers."""
    dynamic_entries: int = 65_536
    """Entries of the dynamic table."""
    version_needs: int = 65_536
    """Symbol versions that are needed of other libraries (Vernaux records)."""
    note_bytes: int = _MIB
    """Bytes of one segment of notes."""
    symbols: int = 4_000_000
    """Symbols and hash buckets of an ELF file, symbols and bind opcodes of a Mach-O slice."""

    # Every format
    binary_name_bytes: int = 512
    """Bytes of the name of a library or a module's start function: PE names, install names, sonames."""
    symbol_bytes: int = 65_536
    """Bytes of the name of a symbol, or of a search path."""
    table_bytes: int = 64 * _MIB
    """Bytes of a table that is held in memory at once: symbols, strings, sections."""

    # The second opinion
    opinion_bytes: int = 256 * _MIB
    """Bytes of the largest member that is handed to other parsers."""
    opinion_members: int = 64
    """Members of one wheel that other parsers are asked about to confirm its errors."""
    opinion_seconds: int = 10
    """Seconds that one parser may take over one member."""
    opinion_wheel_seconds: int = 60
    """Seconds that other parsers may take over one wheel; a member that has begun is not broken off."""

    def named(self, name: str) -> str:
        """Return how a finding names a bound: with its value, as `--limit` takes it."""
        return f"the limit {name}={getattr(self, name)}"


DEFAULT = Limits()
