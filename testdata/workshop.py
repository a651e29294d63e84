"""Where images are built: a folder with the sources, the compilers, and a record of what was run."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SOURCES = Path(__file__).parent / "sources"
CACHE = Path(__file__).parent / ".cache"


class Workshop:
    """One image's own folder, so that no path and no leftover of another image gets into it.

    Attributes:
        steps: The commands run so far, for the manifest.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.steps: list[str] = []

    def zig(self, *arguments: str) -> None:
        """Run `python -m ziglang`.

        Raises:
            RuntimeError: The tool failed; the message is what it printed.
        """
        self.steps.append(f"zig {' '.join(arguments)}")
        done = subprocess.run(
            [sys.executable, "-m", "ziglang", *arguments],
            cwd=self._folder,
            env={**os.environ, "ZIG_GLOBAL_CACHE_DIR": str(CACHE), "ZIG_LOCAL_CACHE_DIR": str(CACHE)},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{self.steps[-1]}: exit {done.returncode}\n{done.stderr}")

    def take(self, name: str) -> bytes:
        """Return what a step left in the folder."""
        return (self._folder / name).read_bytes()


@contextmanager
def workshop() -> Iterator[Workshop]:
    """Open a workshop that is gone afterwards."""
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent, "sources")
        shutil.copytree(SOURCES, folder)
        yield Workshop(folder)
