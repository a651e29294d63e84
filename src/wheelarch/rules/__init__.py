"""Every check, one file a family, and the one table that lists them. Nothing registers itself."""

from __future__ import annotations

from functools import cache

from .._lib import lazy
from .._lib.typed import TYPE_CHECKING
from . import (
    catalogue,
    container,
    dist_set,
    interpreter,
    machine,
    malformed,
    names,
    needed,
    os_floor,
    provenance,
    python_link,
    stable_abi,
    tags,
)
from ._base import Problem, Rule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ..model import Depth, Format, Role

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
    stable_abi.name_outside_stable_abi,
    stable_abi.name_newer_than_tag,
    stable_abi.layout_helper,
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
    needed.foreign_install_name,
    needed.missing_relative_library,
    needed.duplicate_load_command,
    needed.unknown_load_command,
    needed.chained_fixups_too_new,
    needed.slices_differ,
    os_floor.glibc_above_tag,
    os_floor.wrong_libc,
    os_floor.glibc_private,
    needed.missing_library,
    needed.absolute_run_path,
    os_floor.executable_stack,
    os_floor.small_page_alignment,
    os_floor.android_api_above_tag,
    dist_set.copied_binary,
    dist_set.hole_in_set,
    dist_set.overlapping_wheels,
    dist_set.native_code_in_sdist,
    provenance.known_bad_toolchain,
    interpreter.unloadable_by_interpreter,
    interpreter.unsupported_by_interpreter,
    interpreter.emulated_interpreter,
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
    """Return the rule with this code or name. See `wheelarch.rules.catalogue.find`."""
    return catalogue.find(RULES, word)


def select(select: Iterable[str] = (), ignore: Iterable[str] = ()) -> tuple[Rule, ...]:
    """Return the rules that run, in the table's order. See `wheelarch.rules.catalogue.select`."""
    return catalogue.select(RULES, select, ignore)


def depth_needed(rules: Iterable[Rule], role: Role, format_: Format) -> Depth | None:
    """Return how deep these rules ask members of this role and format to be read, or None for not at all."""
    return _needs_of(tuple(rules))(role, format_)


@lazy.once
def _needs_of(rules: tuple[Rule, ...]) -> Callable[[Role, Format], Depth | None]:
    @cache
    def depth(role: Role, format_: Format) -> Depth | None:
        depths = [
            one.needs[role]
            for one in rules
            if role in one.needs and (not one.formats or format_ in one.formats)
        ]
        return max(depths, default=None)

    return depth
