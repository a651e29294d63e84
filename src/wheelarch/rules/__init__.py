"""Every check, one file a family, and the one table that lists them. Nothing registers itself."""

from collections.abc import Iterable, Sequence

from ..errors import UsageError
from ..model import Depth, Format, Role
from . import container, machine, malformed, names, needed, os_floor, python_link, tags
from ._base import Problem, Rule

__all__ = ["RULES", "Problem", "Rule", "depth_needed", "find", "select"]

RULES: tuple[Rule, ...] = (
    container.unreadable_archive,
    container.ambiguous_archive,
    container.duplicate_member,
    container.encrypted_member,
    container.unknown_compression,
    container.unsafe_member_name,
    container.archive_limit_hit,
    container.corrupt_member,
    container.unusual_archive,
    container.dist_info_mismatch,
    container.malformed_wheel_file,
    container.unsupported_wheel_version,
    container.wheel_tags_differ,
    container.native_code_in_purelib,
    container.absent_from_record,
    container.special_member,
    container.script_not_executable,
    tags.invalid_file_name,
    tags.unknown_platform,
    tags.dead_tag,
    tags.too_many_tags,
    tags.rejected_by_index,
    tags.unsorted_tags,
    tags.legacy_tag,
    tags.misplaced_stable_abi,
    tags.extension_in_none_abi,
    tags.native_code_in_any,
    tags.no_native_code,
    tags.missing_architecture,
    machine.wrong_machine,
    machine.missing_slice,
    machine.library_wrong_machine,
    machine.library_lacks_slice,
    machine.wrong_machine_executable,
    machine.emulated_executable,
    machine.foreign_helper,
    machine.wrong_format,
    machine.arm64ec_image,
    machine.arm64x_image,
    machine.dotnet_bitness,
    machine.misnamed_machine,
    machine.static_archive,
    machine.debug_companion,
    machine.surplus_slice,
    machine.narrow_slice,
    machine.arm64_slice_hidden,
    machine.sub_abi_differs,
    machine.isa_above_baseline,
    python_link.versioned_dll_in_stable_abi,
    python_link.wrong_python_version,
    python_link.wrong_flavour,
    python_link.wrong_stable_abi,
    python_link.debug_runtime,
    python_link.foreign_runtime,
    python_link.no_python_dll,
    python_link.mixed_stable_abi,
    python_link.delayed_python,
    python_link.bundled_python,
    python_link.libpython_needed,
    python_link.python_framework,
    python_link.no_python_library,
    python_link.could_be_abi3,
    python_link.ordinal_import,
    names.unimportable_suffix,
    names.suffix_machine_mismatch,
    names.other_platform_suffix,
    names.missing_init_hook,
    names.untagged_suffix,
    names.triplet_before_315,
    names.unpicked_variant,
    names.abi3t_without_export_hook,
    names.debug_suffix,
    names.library_suffix,
    names.python2_hook,
    names.abi3_in_free_threaded,
    os_floor.minos_above_tag,
    os_floor.minor_version_above_tag,
    os_floor.wrong_apple_platform,
    os_floor.missing_platform_command,
    os_floor.unsigned_arm64,
    os_floor.misplaced_signature,
    needed.unknown_load_command,
    os_floor.wrong_libc,
    malformed.truncated_binary,
    malformed.offset_outside_file,
    malformed.limit_hit,
    malformed.overlapping_slices,
    malformed.contradicting_headers,
    malformed.looping_structure,
    malformed.misnamed_file,
    malformed.unsupported_binary,
)
"""Every rule, by code."""


def find(word: str) -> Rule:
    """Return the rule with this code or name, in any case.

    Raises:
        UsageError: There is none; the message names the nearest.
    """
    wanted = word.strip().lower()
    for one in RULES:
        if wanted in (one.code.lower(), one.name):
            return one
    raise UsageError(f"no rule is called {word!r}{_nearest(wanted)}")


def select(select: Iterable[str] = (), ignore: Iterable[str] = ()) -> tuple[Rule, ...]:
    """Return the rules that run, in the table's order.

    Args:
        select: Prefixes of codes (`WA2`, `WA301`) to run; none means all.
        ignore: Prefixes of codes to leave out. The longer of two prefixes that match a code wins, ignore on a tie.

    Raises:
        UsageError: A prefix matches no rule; the message names the nearest code.
    """
    chosen, left_out = _prefixes(select), _prefixes(ignore)

    def runs(code: str) -> bool:
        wanted = _longest(code, chosen) if chosen else 0
        return wanted >= 0 and wanted > _longest(code, left_out)

    return tuple(one for one in RULES if runs(one.code))


def _prefixes(words: Iterable[str]) -> tuple[str, ...]:
    if isinstance(words, str):
        words = words.split(",")
    prefixes = tuple(word.strip().upper() for word in words if word.strip())
    for prefix in prefixes:
        if not any(one.code.startswith(prefix) for one in RULES):
            raise UsageError(f"no rule's code starts with {prefix!r}{_nearest(prefix.lower())}")
    return prefixes


def _longest(code: str, prefixes: Sequence[str]) -> int:
    """Return the length of the longest prefix that matches, or -1."""
    return max((len(prefix) for prefix in prefixes if code.startswith(prefix)), default=-1)


def _nearest(word: str) -> str:
    """Return a hint at the rule that was meant, or nothing. Of codes that are as near, one that starts alike wins."""
    from difflib import SequenceMatcher

    def alike(spelling: str) -> tuple[float, int]:
        at_start = next(
            (i for i, (a, b) in enumerate(zip(word, spelling, strict=False)) if a != b), len(word)
        )
        return SequenceMatcher(None, word, spelling).ratio(), at_start

    known = {spelling: one for one in RULES for spelling in (one.code.lower(), one.name)}
    best = max(known, key=alike)
    return f"; did you mean {known[best].code} ({known[best].name})?" if alike(best)[0] >= 0.5 else ""


def depth_needed(rules: Iterable[Rule], role: Role, format_: Format) -> Depth | None:
    """Return how deep these rules ask members of this role and format to be read, or None for not at all."""
    depths = [
        one.needs[role] for one in rules if role in one.needs and (not one.formats or format_ in one.formats)
    ]
    return max(depths, default=None)
