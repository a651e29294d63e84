"""Development tasks; `nox --list` names them, CONTRIBUTING.md explains them."""

import os
import random
import re
import shutil
import subprocess
from pathlib import Path

import nox

nox.options.sessions = ["lint", "types", "tests"]
nox.options.default_venv_backend = "venv"

HERE = Path(__file__).parent
PYTHONS = ["3.11", "3.12", "3.13", "3.14", "3.15"]


def runs(version: str) -> bool:
    """Whether the machine has this Python: a version manager's shim may stand for one that it does not have."""
    found = shutil.which(f"python{version}")
    return (
        found is not None
        and subprocess.run([found, "--version"], capture_output=True, check=False).returncode == 0
    )


FOUND = [version for version in PYTHONS if runs(version)]


def locked(name: str) -> str:
    """The requirement `name==version` as requirements-dev.txt locks it."""
    text = (HERE / "requirements-dev.txt").read_text()
    match = re.search(rf"^{re.escape(name)}==\S+", text, re.MULTILINE)
    assert match is not None, name
    return match[0]


@nox.session(python=FOUND)
def tests(session: nox.Session) -> None:
    """Run the tests against the built package, on every CPython from 3.11 that the machine has."""
    session.install(".", "-r", "requirements-dev.txt")
    session.run("python", "-m", "pytest", *session.posargs)


@nox.session
def coverage(session: nox.Session) -> None:
    """Run the tests and demand 95 % branch coverage of src/."""
    session.install(".", "-r", "requirements-dev.txt")
    session.run("python", "-m", "pytest", "--cov", *session.posargs)


@nox.session
def long(session: nox.Session) -> None:
    """Run the tests that the default run leaves out because they take long."""
    session.install(".", "-r", "requirements-dev.txt")
    session.run("python", "-m", "pytest", "-m", "long", *session.posargs)


@nox.session
def fresh(session: nox.Session) -> None:
    """Run the random tests from new seeds; WHEELARCH_SEED brings back the mutants of a seed."""
    session.install(".", "-r", "requirements-dev.txt")
    seed = os.environ.get("WHEELARCH_SEED") or str(random.SystemRandom().randrange(10**9))
    session.log(f"WHEELARCH_SEED={seed}")
    fresh = {"WHEELARCH_HYPOTHESIS": "fresh", "WHEELARCH_SEED": seed}
    session.run(
        "python",
        "-m",
        "pytest",
        "-m",
        "not corpus and not fixtures and not loaders and not real_wheels",
        *session.posargs,
        env=fresh,
    )


@nox.session
def corpus(session: nox.Session) -> None:
    """Judge the real wheels with known truth; downloads them into a cache."""
    session.install(".", "-r", "requirements-dev.txt")
    session.run("python", "-m", "pytest", "-m", "corpus", *session.posargs)


@nox.session
def policies(session: nox.Session) -> None:
    """Compare the manylinux policies with the newest auditwheel; `-- --write` takes over what has changed."""
    session.run("python", "-m", "tests.manylinux_table", *session.posargs)


@nox.session
def loaders(session: nox.Session) -> None:
    """Install the loaders that the machine lacks, as root with apt-get, and ask them about real wheels."""
    session.install(".", "-r", "requirements-dev.txt")
    if shutil.which("apt-get") and os.geteuid() == 0:
        session.run("python", "-m", "tests.loaders", "install", success_codes=range(256))
    session.run("python", "-m", "tests.loaders")
    session.run("python", "-m", "pytest", "-m", "loaders", *session.posargs)


@nox.session
def real_wheels(session: nox.Session) -> None:
    """Compare what is said of many more real wheels with what is right; downloads them into a cache."""
    session.install(".", "-r", "requirements-dev.txt")
    session.run("python", "-m", "pytest", "-m", "real_wheels", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style and form."""
    session.install(locked("ruff"))
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("python", "-m", "tests.plain_english")


@nox.session
def types(session: nox.Session) -> None:
    """Check the types of the package, and that its public API is wholly typed."""
    session.install(".", locked("mypy"), locked("pyright"), locked("nodeenv"))
    session.run("mypy")
    session.run("pyright", "--ignoreexternal", "--verifytypes", "wheelarch")


@nox.session
def fixtures(session: nox.Session) -> None:
    """Rebuild testdata with the real compilers and compare hashes; `-- --write` replaces the files."""
    session.install(".", "-r", "requirements-fixtures.txt")
    arguments = [] if "--write" in session.posargs else ["--check"]
    session.run("python", "testdata/build.py", *arguments)


@nox.session
def docs(session: nox.Session) -> None:
    """Write the pages about rules and limits from their docstrings, and the one about libraries from its tables."""
    session.install(".")
    session.run("python", "docs/build_rule_pages.py", *session.posargs)
    session.run("python", "docs/build_limits_page.py", *session.posargs)
    session.run("python", "docs/build_real_wheels_page.py", *session.posargs)
    session.run("python", "docs/build_library_page.py", *session.posargs)


@nox.session
def vulnerabilities(session: nox.Session) -> None:
    """Look up the locked tools, the package's own needs among them, in the advisory database."""
    session.install("pip-audit")
    session.run("pip-audit", "--no-deps", "--requirement", "requirements-dev.txt", *session.posargs)


@nox.session
def memory(session: nox.Session) -> None:
    """Measure the peak memory of auditing a 200 MB wheel."""
    session.install(".")
    session.run("python", "benchmarks/memory.py", *session.posargs)


@nox.session
def bench(session: nox.Session) -> None:
    """Compare speed with peers and the floor; `-- --quick` compares in-process figures with the saved base."""
    session.install(".")
    script = "guard" if "--quick" in session.posargs else "run"
    session.run("python", f"benchmarks/{script}.py", *(one for one in session.posargs if one != "--quick"))


@nox.session
def peers(session: nox.Session) -> None:
    """Audit the bad files of other projects' tests: `-- FOLDER [--write]`, as in docs/robustness.md."""
    session.install(".", "-r", "requirements-dev.txt")
    session.run("python", "-m", "tests.hostile.peers", *session.posargs)


@nox.session
def mutants(session: nox.Session) -> None:
    """Hold ten thousand new mutants to what is promised for any bytes; `-- --seed N` brings old ones back."""
    session.install(".", "-r", "requirements-dev.txt")
    session.run("python", "-m", "tests.hostile.mutants", "--count", "10000", *session.posargs)


@nox.session
def fuzz(session: nox.Session) -> None:
    """Fuzz one target by coverage: `-- macho -max_total_time=600`."""
    session.install(".", "-r", "requirements-dev.txt", "atheris")
    session.run("python", "-m", "tests.hostile.fuzz", *session.posargs)


@nox.session
def worst(session: nox.Session) -> None:
    """Measure time and peak memory of the worst known wheels of each kind."""
    session.install(".")
    session.run("python", "benchmarks/worst.py", *session.posargs)


@nox.session
def verdicts(session: nox.Session) -> None:
    """Compare verdicts before and after a change, texts left aside: `-- write FILE`, then `-- check FILE`."""
    session.install(".", "-r", "requirements-dev.txt")
    session.run("python", "-m", "tests.same_verdicts", *session.posargs)
