"""The one table of rules: a line per file. Nothing registers itself."""

from __future__ import annotations

from importlib import import_module

from .rule import Rule

__all__ = ["FILES", "RULES"]

FILES = (
    # the container
    "archive",
    "member_names",
    "wheel_metadata",
    "wheel_documents",
    "installed_files",
    # the tags
    "file_name",
    "platform_tags",
    "abi_tags",
    "native_code",
    "any_platform",
    # machines and slices
    "wrong_machine",
    "library_machine",
    "program_machine",
    "wrong_format",
    "windows_machine",
    "build_leftovers",
    "slices",
    "sub_abi",
    # the link to Python
    "python_dll",
    "gil_flavor",
    "debug_runtime",
    "python_import",
    "libpython",
    "could_be_abi3",
    # names and the stable ABI
    "suffixes",
    "suffix_contents",
    "init_hooks",
    "module_variants",
    "stable_abi",
    # systems and libraries
    "macos_floor",
    "apple_platform",
    "code_signature",
    "install_names",
    "load_commands",
    "slices_differ",
    "flat_lookups",
    "glibc_floor",
    "libc",
    "missing_library",
    "outside_libraries",
    "elf_segments",
    "unchecked_cpu",
    "packed_relocations",
    # sets of wheels
    "copied_binary",
    "copied_module",
    "wheel_set",
    "variant_set",
    "sdist",
    # provenance
    "known_bad_toolchain",
    # a given interpreter
    "interpreter",
    # damage
    "damage",
    "misnamed_file",
)
"""The modules of this package that hold rules."""


def _rules_of(file: str) -> list[Rule]:
    module = import_module(f".{file}", __package__)
    return [value for value in vars(module).values() if isinstance(value, Rule)]


RULES: tuple[Rule, ...] = tuple(sorted({one.code: one for file in FILES for one in _rules_of(file)}.values()))
"""Every rule, by code."""
