"""Single triples in tests of tags: what each demands, and whether some installer accepts it."""

from wheelarch.metadata.promise import Target, read_promise


def target(triple: str) -> Target:
    """Return what a triple demands."""
    (found,) = read_promise(f"foo-1.0-{triple}.whl").targets
    return found


def is_alive(triple: str) -> bool:
    """Whether some installer accepts a triple."""
    promise = read_promise(f"foo-1.0-{triple}.whl")
    assert len(promise.targets) + len(promise.dead) == 1
    return bool(promise.targets)
