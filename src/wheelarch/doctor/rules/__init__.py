"""The rules of the doctor: one file per family, and one table that lists them all. No rule registers itself."""

from __future__ import annotations

from . import apple, cross_windows, python_library, settings, targets
from ._base import DoctorRule, Prediction

__all__ = ["RULES", "DoctorRule", "Prediction"]

RULES: tuple[DoctorRule, ...] = (
    cross_windows.foreign_import_library,
    cross_windows.host_interpreter_for_foreign_target,
    cross_windows.skipped_xwin,
    cross_windows.unknown_xwin_value,
    cross_windows.useless_xwin,
    cross_windows.foreign_library_with_xwin,
    python_library.versioned_python_dll,
    python_library.missing_versioned_library,
    python_library.broken_generated_library,
    python_library.deprecated_import_library,
    python_library.missing_interpreter,
    settings.forced_cross,
    settings.foreign_pyo3_config,
    settings.ignored_environments,
    targets.foreign_tool_cache_python,
    targets.wrong_width_python,
    targets.host_for_foreign_python,
    targets.undetected_python,
    targets.emulated_universal2,
    targets.undetected_win32,
    targets.win32_on_arm,
    apple.archflags_elsewhere,
    apple.unknown_archflags,
    targets.foreign_host_platform,
    apple.deployment_target_without_minor,
    apple.floor_below_rustc,
    apple.two_deployment_targets,
    targets.bypassed_cargo_target,
    targets.foreign_setuptools_platform,
    targets.thin_universal2,
    python_library.mingw_link_regression,
    python_library.misnamed_mingw_library,
    python_library.misspelt_x86_symbols,
    settings.stable_abi_with_free_threading,
    settings.several_abi3_floors,
    cross_windows.missing_sdk_archives,
    targets.narrow_python_in_container,
    settings.ambiguous_pyo3,
)
"""Every rule, in the order of the codes."""
