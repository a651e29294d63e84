"""Libraries that a wheel leaves out on purpose, because a driver or another distribution provides them.

The answer comes from the name alone. Only findings ask, so the tables are imported when the first one does.
"""

from __future__ import annotations

__all__ = ["from_driver", "from_other_wheel"]


def from_driver(name: str) -> bool:
    """Whether the library comes with a device driver. No wheel has it, and not every computer."""
    from .user_software import software

    found = software(name)
    return found is not None and found.is_driver


def from_other_wheel(name: str) -> bool:
    """Whether wheels usually take the library from another distribution.

    Args:
        name: A DLL name, an install name or a soname.
    """
    from .distributions import brought_by

    return bool(brought_by(name))
