"""Fuzz one target: `python -m tests.hostile.fuzz TARGET [LIBFUZZER OPTION...]`.

For example: `python -m tests.hostile.fuzz elf -max_total_time=600`.

Needs atheris. The corpus starts from files in testdata and grows in the user's cache. An input that makes the target
raise, or take more than ten seconds, is written to the working folder as `TARGET-crash-...` or `TARGET-timeout-...`.
"""

import hashlib
import sys

import atheris

with atheris.instrument_imports(include=["wheelarch"]):
    from tests.hostile.fuzz.targets import TARGETS

from tests.support.cache import cache_folder


def main() -> None:
    name, *options = sys.argv[1:] or [""]
    if name not in TARGETS:
        sys.exit(f"the target must be one of: {', '.join(TARGETS)}")
    target = TARGETS[name]
    corpus = cache_folder(f"fuzz/{name}")
    for seed in target.seeds():
        (corpus / hashlib.sha256(seed).hexdigest()[:16]).write_bytes(seed)
    fixed = ["-timeout=10", "-rss_limit_mb=1024", "-max_len=65536", f"-artifact_prefix={name}-"]
    atheris.Setup([sys.argv[0], *fixed, *options, str(corpus)], target.run)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
