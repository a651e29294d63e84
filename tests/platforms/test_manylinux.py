"""What auditwheel's policies say about symbol versions and libraries, and that the table is theirs."""

import pytest

from tests import manylinux_table
from wheelarch.model import Machine
from wheelarch.platforms.linux import from_musl_system
from wheelarch.platforms.manylinux import (
    NO_POLICY,
    family_of,
    first_policy,
    highest_allowed,
    is_covered,
    is_glibc,
    libraries,
)


@pytest.mark.corpus
def test_the_table_is_what_the_newest_auditwheel_says() -> None:
    """Writing the table again gives the same rows. If not, run `python -m tests.manylinux_table --write`."""
    found = manylinux_table.newest()
    policies = manylinux_table.installed() if isinstance(found, str) else found
    if policies is None:
        pytest.skip(f"pip cannot download auditwheel, and none is installed: {found}")
    assert manylinux_table.difference(policies) == ""
    expected = {name for one in policies.musllinux for name in one["lib_whitelist"]}
    assert expected
    assert [name for name in expected if not from_musl_system(name)] == []


def test_the_table_names_machines_that_we_know() -> None:
    """The machines of the rows are those of `Machine`, and each has a policy with versions of every family."""
    known = {machine.value for machine in Machine}
    assert set(manylinux_table.MACHINES.values()) <= known
    for machine in manylinux_table.MACHINES.values():
        newest = (2, 17) if machine == "ppc64" else (2, 41)
        for family in ("GLIBCXX", "CXXABI", "GCC", "ZLIB", "LIBATOMIC"):
            assert is_covered(family, machine, newest)


@pytest.mark.parametrize(
    ("library", "version", "family"),
    [
        ("libc.so.6", "GLIBC_2.17", "GLIBC"),
        ("libpthread.so.0", "GLIBC_PRIVATE", "GLIBC"),
        ("ld-linux-armhf.so.3", "GLIBC_2.4", "GLIBC"),
        ("ld64.so.2", "GLIBC_2.17", "GLIBC"),
        ("libgcc_s.so.1", "GLIBC_2.0", ""),
        ("libgcc_s.so.1", "GCC_3.0", "GCC"),
        ("libgcc_s-39080030.so.1", "GCC_3.0", ""),
        ("libstdc++.so.6", "GLIBCXX_3.4", "GLIBCXX"),
        ("libstdc++.so.6", "CXXABI_1.3", "CXXABI"),
        ("libstdc++.so.6", "GCC_3.0", ""),
        ("libc++.so.1", "CXXABI_1.3", ""),
        ("libz.so.1", "ZLIB_1.2.9", "ZLIB"),
        ("libatomic.so.1", "LIBATOMIC_1.0", "LIBATOMIC"),
        ("libc.so", "LIBC", ""),
        ("libssl.so.3", "OPENSSL_3.0.0", ""),
        ("libc.so", "GLIBC_2.17", ""),
        ("libcfoo.so.6", "GLIBC_2.17", ""),
    ],
)
def test_whose_version_it_is(library: str, version: str, family: str) -> None:
    """A version counts only if the library that has to define it is the one that owns the family."""
    assert family_of(library, version) == family


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("libc.so.6", True),
        ("libm.so.6", True),
        ("libmvec.so.1", True),
        ("libnss_dns.so.2", True),
        ("ld-linux-x86-64.so.2", True),
        ("ld64.so.1", True),
        ("libc.so", False),
        ("libcap.so.2", False),
        ("libc.musl-x86_64.so.1", False),
        ("ld-musl-x86_64.so.1", False),
        ("libstdc++.so.6", False),
    ],
)
def test_glibcs_own_libraries(name: str, expected: bool) -> None:
    """They are known by their sonames."""
    assert is_glibc(name) is expected


@pytest.mark.parametrize(
    ("version", "machine", "policy"),
    [
        ("GLIBC_2.2.5", "x86_64", (2, 2)),
        ("GLIBC_2.14", "x86_64", (2, 14)),
        ("GLIBC_2.18", "x86_64", (2, 18)),
        ("GLIBC_2.18", "arm64", (2, 17)),
        ("GLIBC_2.100", "x86_64", (2, 100)),
        ("GLIBC_2.17", "mips64", (2, 17)),
        ("GLIBC_ABI_DT_RELR", "x86_64", (2, 36)),
        ("GLIBC_ABI_DT_RELR", "riscv64", (2, 38)),
        ("GLIBC_ABI_GNU2_TLS", "x86_64", None),
        ("GLIBC_PRIVATE", "x86_64", None),
        ("GLIBCXX_3.4", "x86_64", (2, 5)),
        ("GLIBCXX_3.4", "arm64", (2, 17)),
        ("GLIBCXX_3.4.19", "x86_64", (2, 17)),
        ("GLIBCXX_3.4.20", "x86_64", (2, 24)),
        ("GLIBCXX_3.4.25", "x86_64", (2, 31)),
        ("GLIBCXX_3.4.33", "loongarch64", (2, 40)),
        ("GLIBCXX_3.4.99", "x86_64", NO_POLICY),
        ("GLIBCXX_LDBL_3.4.29", "ppc64le", (2, 34)),
        ("GLIBCXX_IEEE128_3.4.99", "ppc64le", NO_POLICY),
        ("CXXABI_TM_1", "x86_64", (2, 17)),
        ("CXXABI_FLOAT128", "x86", (2, 24)),
        ("CXXABI_FLOAT128", "arm64", None),
        ("CXXABI_ARM_1.3.3", "arm", (2, 17)),
        ("GCC_4.8.0", "x86_64", (2, 17)),
        ("GCC_7.0.0", "x86_64", (2, 27)),
        ("GCC_7.0.0", "arm64", (2, 26)),
        ("GCC_11.0", "arm64", (2, 34)),
        ("GCC_12.0.0", "x86_64", (2, 35)),
        ("GCC_4.4.0", "arm64", None),
        ("ZLIB_1.2.12", "x86", (2, 36)),
        ("LIBATOMIC_1.0", "x86_64", (2, 24)),
        ("GLIBCXX_3.4", "mips64", None),
        ("GLIBC_2.³", "x86_64", None),
        ("GLIBC_" + "9" * 5000, "x86_64", None),
        ("GLIBCXX_", "x86_64", None),
    ],
)
def test_the_first_policy(version: str, machine: str, policy: tuple[int, int] | None) -> None:
    """Versions are looked up by machine; what no policy lists is newer than all, or unknown."""
    assert first_policy(version, machine) == policy


@pytest.mark.parametrize(
    ("family", "machine", "glibc", "expected"),
    [
        ("GLIBCXX", "x86_64", (2, 5), True),
        ("GLIBCXX", "x86_64", (2, 33), True),
        ("GLIBCXX", "x86_64", (2, 42), False),
        ("GLIBCXX", "arm64", (2, 12), False),
        ("GLIBCXX", "riscv64", (2, 30), False),
        ("GLIBCXX", "ppc64", (2, 24), False),
        ("ZLIB", "x86_64", (2, 5), False),
        ("LIBATOMIC", "x86_64", (2, 17), False),
        ("LIBATOMIC", "arm64", (2, 17), True),
        ("GLIBCXX", "mips64", (2, 17), False),
    ],
)
def test_what_the_policies_cover(family: str, machine: str, glibc: tuple[int, int], expected: bool) -> None:
    """They speak from the first policy that lists the family to the newest that is for the machine."""
    assert is_covered(family, machine, glibc) is expected


@pytest.mark.parametrize(
    ("version", "glibc", "highest"),
    [
        ("GLIBCXX_3.4.33", (2, 17), "GLIBCXX_3.4.19"),
        ("GLIBCXX_3.4.33", (2, 33), "GLIBCXX_3.4.28"),
        ("CXXABI_1.3.13", (2, 17), "CXXABI_1.3.7"),
        ("ZLIB_1.2.12", (2, 5), ""),
        ("CXXABI_FLOAT128", (2, 17), "CXXABI_1.3.7"),
    ],
)
def test_the_highest_that_is_allowed(version: str, glibc: tuple[int, int], highest: str) -> None:
    """The highest of the same kind, by number."""
    assert highest_allowed(version, "x86_64", glibc) == highest


def test_the_libraries() -> None:
    """Each library has the first policy that lists it."""
    assert libraries()["libc.so.6"] == (2, 5)
    assert libraries()["libexpat.so.1"] == (2, 12)
    assert libraries()["libmvec.so.1"] == (2, 24)
    assert len(libraries()) == 24
