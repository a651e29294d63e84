"""How an extension module is linked to Python."""

import pytest

from support.values import member, pe
from wheelarch.facts.python_linkage import python_linkage
from wheelarch.model import Machine


@pytest.mark.parametrize(
    ("dll", "gil"),
    [
        ("python311.dll", "gil"),
        ("python3.dll", "gil"),
        ("python313t.dll", "free-threaded"),
        ("libpypy3.11-c.dll", "unknown"),
    ],
)
def test_python_linkage(dll: str, gil: str) -> None:
    """The name of Python's library shows the flavor of the interpreter, if it has one."""
    image = pe(Machine.X86_64, "KERNEL32.dll", dll, hooks=("PyInit__a", "initx"))
    linkage = python_linkage(member("pkg/_a.pyd", image))
    assert linkage == (dll, ("PyInit__a",), gil, None)
