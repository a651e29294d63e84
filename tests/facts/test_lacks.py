"""What the loads of a wheel lack, joined to one lack for each cause."""

from support.needed import WIN, X86_64
from support.systems import ELF_EXT, MANYLINUX
from support.values import elf, macho, member, pe, wheel
from wheelarch.facts.lacks import is_needed, is_plugin, lacks, words
from wheelarch.loading.simulate import Answer
from wheelarch.model import Dylib, Fact, Machine, Role


def test_one_lack_for_one_library() -> None:
    """Several files that need one library lack it once, whatever the case of its name on Windows."""
    modules = [
        member(f"pkg/{one}.pyd", pe(X86_64, name)) for one, name in (("a", "Foo.dll"), ("b", "FOO.dll"))
    ]
    (lack,) = lacks(wheel(WIN, *modules))
    assert (lack.names, lack.who, lack.what) == (("Foo.dll",), "pkg/a.pyd and 1 more file need", "Foo.dll")
    assert lack.claims == ((Fact.LIBRARIES, "Foo.dll"),)


def test_one_lack_for_one_owner() -> None:
    """Libraries that one distribution, or one software, brings are one lack."""
    (lack,) = lacks(
        wheel(MANYLINUX, member(ELF_EXT, elf(X86_64, "libtorch.so", "libc10.so", "libtorch_cpu.so")))
    )
    assert (lack.answer, lack.by, lack.what) == (
        Answer.DISTRIBUTION,
        "torch",
        "libtorch.so, libc10.so, libtorch_cpu.so",
    )


def test_the_file_that_matters_most_comes_first() -> None:
    """A module is named before a library that nothing needs."""
    idle = member("pkg/a.so", elf(X86_64, "libgone.so"), role=Role.LIBRARY)
    subject = wheel(MANYLINUX, idle, member("pkg/z.so", elf(X86_64, "libgone.so")))
    (lack,) = lacks(subject)
    assert lack.member.path == "pkg/z.so"
    assert not is_needed(subject, idle)
    assert is_needed(subject, lack.member)
    assert is_needed(wheel(MANYLINUX, idle), idle)


def test_plugins_do_without() -> None:
    """What a plugin lacks and nobody brings is not a lack of the wheel."""
    plugin = member("pkg/plugins/x.so", elf(X86_64, "libgone.so"), role=Role.LIBRARY)
    assert is_plugin(plugin)
    assert lacks(wheel(MANYLINUX, plugin)) == ()


def test_a_slice_is_named() -> None:
    """Of a fat file, the slice that needs the library."""
    needing = macho(Machine.ARM64, dylibs=(Dylib("@rpath/libfoo.dylib", "load"),))
    core = member("pkg/_core.so", needing, macho(X86_64))
    subject = wheel("pkg-1.0-cp311-cp311-macosx_11_0_universal2.whl", core)
    (lack,) = lacks(subject)
    assert (lack.slice, lack.who) == ("arm64", "the arm64 slice of pkg/_core.so needs")
    assert words(subject, lack) == "Library not loaded: @rpath/libfoo.dylib"
