"""Several files of one extension module."""

from support.values import member, pe, wheel
from wheelarch.facts.module_variants import shadowed_variants
from wheelarch.model import Machine

WIN = "pkg-1.0-cp311-cp311-win_amd64.whl"


def test_shadowed_variants() -> None:
    """Of several files of one module, those that no target picks first are shadowed."""
    subject = wheel(
        WIN,
        member("pkg/_a.cp311-win_amd64.pyd", pe(Machine.X86_64)),
        member("pkg/_a.pyd", pe(Machine.ARM64)),
        member("pkg/_b.cp311-win_arm64.pyd", pe(Machine.ARM64)),
        member("pkg/_c.pyd", pe(Machine.ARM64)),
        member("pkg/_c.cp310-win_amd64.pyd", pe(Machine.X86_64)),
    )
    assert shadowed_variants(subject) == {
        "pkg/_a.pyd",
        "pkg/_c.cp310-win_amd64.pyd",
    }
