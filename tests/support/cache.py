"""Where tests keep what they download."""

import os
from pathlib import Path


def cache_folder(name: str) -> Path:
    """A folder below the user's cache that outlives a run; WHEELARCH_TEST_CACHE moves it."""
    base = (
        os.environ.get("WHEELARCH_TEST_CACHE")
        or os.environ.get("XDG_CACHE_HOME")
        or str(Path.home() / ".cache")
    )
    folder = Path(base) / "wheelarch" / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder
