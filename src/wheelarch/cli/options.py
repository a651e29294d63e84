"""The options of a verb without a parser: what the verb gets if only paths are given.

Most calls are `wheelarch audit PATH...`. Loading argparse and building a parser takes a tenth of a small audit, so
these calls go without: the same `add_arguments` that fills a parser fills a `Defaults`, so there is one list of
options.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from typing import Any

__all__ = ["Defaults", "Options"]


class Options(Protocol):
    """What `add_arguments` of a verb needs of a parser."""

    def add_argument(self, *names: str, **settings: Any) -> object:
        """Add a positional argument or an option."""

    def add_mutually_exclusive_group(self) -> Options:
        """Return a group of which only one option may be given."""


class Defaults:
    """Takes the options that a parser takes, and keeps only the values of those that are not given."""

    def __init__(self) -> None:
        self.values: dict[str, object] = {}

    def add_argument(self, *names: str, **settings: Any) -> object:
        """Add an option; of several with one destination the first decides, as in argparse."""
        name = settings.get("dest") or names[0].lstrip("-").replace("-", "_")
        unset = {"store_true": False, "store_false": True}.get(settings.get("action", ""))
        return self.values.setdefault(name, settings.get("default", unset))

    def add_mutually_exclusive_group(self) -> Defaults:
        """Return itself: no option is given, so none can exclude another."""
        return self
