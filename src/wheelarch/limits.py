"""Bounds on what a hostile file can make us do. Each bound has a name.

If a file hits a bound, a finding names the bound (WA007 for the archive, WA903 for a binary). No exception is raised.
docs/limits.md is generated from the docstrings below.
"""

from __future__ import annotations

from ._lib.typed import NamedTuple

__all__ = ["DEFAULT", "Limits"]

_MIB = 1 << 20


class Limits(NamedTuple):
    """Bounds of one audit. The defaults suit wheels of 2 GB.

    Bytes are inflated bytes that were actually read, not sizes that a header claims.
    """

    # The archive
    entries: int = 200_000
    """Files in an archive, a folder, an sdist, or an installed distribution."""
    name_bytes: int = 4_096
    """Bytes in the name of a member."""
    directory_bytes: int = 24 * _MIB
    """Bytes in the archive's directory. In memory, a name may take four times as many."""
    problems: int = 1_000
    """Faults of each kind in the archive's directory that are reported one by one."""
    native_members: int = 20_000
    """Native files of a wheel, by content or name, that are judged. Several rules look at each."""
    member_tags: int = 200_000
    """Native files of a wheel, times its tags: each file is judged for each tag."""
    findings: int = 200_000
    """Findings of one rule about one wheel. Each counts once, plus once per tag that it names."""
    member_bytes: int = 2_048 * _MIB
    """Bytes to which one member inflates."""
    wheel_bytes: int = 8_192 * _MIB
    """Bytes that are read from all members together. If a member is inflated again, its bytes count again."""
    ratio: int = 1_000
    """Inflated bytes of one member per compressed byte. Checked after `ratio_from_bytes` inflated bytes."""
    ratio_from_bytes: int = 64 * _MIB
    """Bytes to which a member may inflate, whatever its `ratio`."""
    rewinds: int = 8
    """How often one member may be inflated again from its start because a read needs bytes that are gone."""
    wheel_metadata_bytes: int = 65_536
    """Bytes in the WHEEL file."""
    metadata_bytes: int = 16 * _MIB
    """Bytes in RECORD, in the headers of METADATA, and in an extended header of an sdist."""
    tag_combinations: int = 10_000
    """Tags to which compressed tag sets expand."""
    gzip_members: int = 1_000
    """Gzip members of an sdist. Each costs a copy of the input; a normal sdist has one."""
    sdist_file_bytes: int = 4 * _MIB
    """Bytes that are read from one file of an sdist, for the headers of a binary and of its slices."""

    # Mach-O
    fat_slices: int = 16
    """Slices in a fat file; dyld's kMaxSliceCount."""
    load_commands: int = 65_536
    """Load commands in one slice."""
    load_command_bytes: int = 16 * _MIB
    """Bytes in all load commands of one slice."""
    trie_nodes: int = 1_000_000
    """Nodes of the exports trie that are visited."""
    trie_depth: int = 128
    """Levels of the exports trie that are visited below its root."""

    # PE
    sections: int = 1_024
    """Sections in a PE or WebAssembly file."""
    imported_libraries: int = 4_096
    """DLLs in the import directory, and as many in the delay-import directory."""
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
    """Entries in the dynamic table."""
    version_needs: int = 65_536
    """Symbol versions that are needed from other libraries (Vernaux records)."""
    note_bytes: int = _MIB
    """Bytes in one segment of notes."""
    symbols: int = 4_000_000
    """Symbols and hash buckets in an ELF file; symbols and bind opcodes in a Mach-O slice."""

    # Every format
    binary_name_bytes: int = 512
    """Bytes in the name of a library or of a module's start function: PE names, install names, sonames."""
    symbol_bytes: int = 65_536
    """Bytes in the name of a symbol or in a search path."""
    table_bytes: int = 64 * _MIB
    """Bytes of a table that is in memory at once: symbols, strings, sections."""

    # The second opinion
    opinion_bytes: int = 256 * _MIB
    """Bytes in the largest member that other parsers are given."""
    opinion_members: int = 64
    """Members of one wheel that other parsers are asked about to confirm its errors."""
    opinion_seconds: int = 10
    """Seconds that one parser may take for one member."""
    opinion_wheel_seconds: int = 60
    """Seconds that other parsers may take for one wheel. A member that was started is finished."""

    def named(self, name: str) -> str:
        """Return the name of a bound for a finding: with its value, as `--limit` takes it."""
        return f"the limit {name}={getattr(self, name)}"


DEFAULT = Limits()
