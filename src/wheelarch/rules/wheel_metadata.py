"""WA010 to WA013, WA018: the `*.dist-info` folder, its WHEEL file and its METADATA.

`metadata.dist_info` reads them and says what it could not read. These rules compare what was read with the file name
and with what installers accept.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..model import Severity
from ._archive import wheel_path
from .rule import Family, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..facts.wheel import Wheel
    from ..metadata.file_name import WheelName
    from ..metadata.promise import Target


__all__ = [
    "dist_info_mismatch",
    "inconsistent_metadata",
    "malformed_wheel_file",
    "unsupported_wheel_version",
    "wheel_tags_differ",
]


@rule("WA010", "dist-info-mismatch", Family.METADATA, Severity.ERROR, remedies=("rebuild-wheel",))
def dist_info_mismatch(wheel: Wheel) -> Iterator[Problem]:
    """The `*.dist-info` folder is missing, belongs to another release, or there are several.

    What it does:
        Checks that there is exactly one such folder at the top, named for the project and version in the file name.
        A name that differs only in spelling is a warning.

    Why it is bad:
        Installers look there for WHEEL, METADATA and RECORD, and refuse the wheel if they do not find them. PyPI
        compares the names letter by letter.

    Example:
        `foo-1.1-py3-none-any.whl` with `foo-1.0.dist-info/`: the file was renamed.

    How to fix:
        Build the wheel again. Do not rename it by hand.

    Known limits:
        If the file name is not a wheel name, the names are not compared.

    References:
        PEP 427, "The .dist-info directory"; Recording installed projects (packaging.python.org), "The .dist-info
        directory"; docs/facts/archives.md, "The WHEEL file".
    """
    info, name = wheel.dist_info, wheel.promise.name
    if not info.folders:
        inner = next((entry.name for entry in wheel.entries if entry.name.endswith(".whl")), None)
        yield Problem(
            "the wheel has no .dist-info folder"
            + (f", but contains another wheel, {inner}" if inner else ""),
            evidence={"have": inner or "none", "need": "one"},
            consequence="pip: .dist-info directory not found",
        )
    elif len(info.folders) > 1:
        yield Problem(
            f"the wheel has {len(info.folders)} .dist-info folders, but only one is allowed",
            evidence={"have": " ".join(info.folders[:10]), "need": "one"},
            consequence=f"pip: multiple .dist-info directories found: {', '.join(info.folders[:10])}",
        )
    elif name is not None and wheel.filename is not None:
        expected = "-".join(wheel.filename.split("-")[:2]) + ".dist-info"
        if info.folder == expected:
            return
        same = _names_release(info.folder, name)
        yield Problem(
            f"{info.folder} is {'not spelled as in' if same else 'for another release than'} the file name",
            evidence={"have": info.folder, "need": expected},
            consequence="PyPI compares the names letter by letter, so it does not find WHEEL."
            if same
            else f"pip: .dist-info directory {info.folder!r} does not start with {name.project!r}",
            severity=Severity.WARNING if same else Severity.ERROR,
        )


def _names_release(folder: str, name: WheelName) -> bool:
    """Whether a folder is named for this project and version, in any spelling (PEP 503, PEP 440)."""
    from packaging.utils import canonicalize_name, canonicalize_version

    project, _, version = folder.removesuffix(".dist-info").rpartition("-")
    return canonicalize_name(project) == canonicalize_name(name.project) and canonicalize_version(
        version
    ) == canonicalize_version(name.version)


@rule("WA011", "malformed-wheel-file", Family.METADATA, Severity.ERROR, remedies=("rebuild-wheel",))
def malformed_wheel_file(wheel: Wheel) -> Iterator[Problem]:
    """WHEEL is missing or cannot be read.

    What it does:
        Checks that there is a WHEEL file of at most 64 KiB, in UTF-8 without NUL characters, with a Wheel-Version.

    Why it is bad:
        Installers refuse a wheel without it.

    Example:
        A wheel packed by hand from a folder of modules.

    How to fix:
        Build the wheel with its build backend.

    Known limits:
        Reading ends at the first line that is not a header, as in installers.

    References:
        PEP 427, "The .dist-info directory"; RFC 5322, section 2.2; docs/facts/archives.md, "The WHEEL file".
    """
    info = wheel.dist_info
    if not info.folder:
        return
    if not info.has_wheel:
        yield Problem(
            f"{wheel_path(wheel)} is missing",
            evidence={"have": "none", "need": wheel_path(wheel)},
            consequence=f"pip: could not read '{wheel_path(wheel)}' file",
        )
    elif info.wheel_problem:
        yield Problem(
            f"{wheel_path(wheel)} cannot be used: {info.wheel_problem}",
            wheel_path(wheel),
            evidence={"have": info.wheel_problem},
        )


@rule("WA012", "unsupported-wheel-version", Family.METADATA, Severity.ERROR, remedies=("rebuild-wheel",))
def unsupported_wheel_version(wheel: Wheel) -> Iterator[Problem]:
    """WHEEL has a Wheel-Version that installers do not know.

    What it does:
        Accepts 1.0. A major version above 1 is an error, any other version a note.

    Why it is bad:
        Installers must refuse a newer major version, and warn about a newer minor version.

    Example:
        `Wheel-Version: 2.0`.

    How to fix:
        Build the wheel again with a current build backend.

    Known limits:
        Version 0.1, from before PEP 427 was final, can still be installed, so it is a note.

    References:
        PEP 427, "Installing a wheel", step 1; docs/facts/archives.md, "The WHEEL file".
    """
    info = wheel.dist_info
    if info.wheel_problem or not info.wheel_version:
        return
    version = tuple(int(part) for part in info.wheel_version.split("."))
    if version[:2] in ((1,), (1, 0)):
        return
    refused = version[0] > 1
    yield Problem(
        f"{wheel_path(wheel)} has Wheel-Version {info.wheel_version}"
        + (", which installers refuse" if refused else " instead of 1.0"),
        wheel_path(wheel),
        evidence={"have": info.wheel_version, "need": "1.0"},
        consequence=f"pip: Wheel-Version ({info.wheel_version}) is not compatible with this version of pip"
        if refused
        else "",
        severity=Severity.ERROR if refused else Severity.NOTE,
    )


@rule("WA013", "wheel-tags-differ", Family.METADATA, Severity.WARNING, remedies=("match-wheel-file",))
def wheel_tags_differ(wheel: Wheel) -> Iterator[Problem]:
    """WHEEL names other tags, or another build, than the file name.

    What it does:
        Compares the expanded Tag lines and the Build line with the file name. It is a warning if somebody who can
        install the wheel takes none of the tags in WHEEL. It is a note if everybody takes one of them, if the right
        tags are not expanded, or if the Build line is missing.

    Why it is bad:
        `pip check` and `uv pip check` read Tag. If they take none of the tags, they say that the package does not
        fit the platform. And nobody can say for which tags the wheel was built.

    Example:
        A file renamed from `macosx_10_15_x86_64` to `macosx_10_15_universal2`: WHEEL still says x86_64, so this is a
        warning. A `win_amd64` wheel whose WHEEL says `py3-none-any`, or a manylinux wheel whose WHEEL says
        `linux_x86_64`, is a note. `Tag: py2.py3-none-any` should be two lines.

    How to fix:
        Change the file name and WHEEL together.

    Known limits:
        Nothing is compared if the file name is not a wheel name, or if the tags were given with `--tag`.

    References:
        PEP 427, "The .dist-info directory": Tag is the wheel's expanded compatibility tags, one per line;
        packaging.tags; pip, _internal/operations/check.py, check_unsupported; playwright 1.65.2 `win_amd64`;
        docs/facts/archives.md, "The WHEEL file".
    """
    info, promise = wheel.dist_info, wheel.promise
    if not info.has_wheel or info.wheel_problem or promise.name is None or promise.source != "name":
        return
    yield from _tag_problems(wheel)
    have, need = info.build, promise.name.build
    if have != need:
        yield Problem(
            (f"WHEEL has build tag {have}" if have else "WHEEL has no build tag")
            + (f", but the file name has build tag {need}" if need else ", but the file name has none"),
            wheel_path(wheel),
            evidence={"have": have or "none", "need": need or "none"},
            severity=Severity.WARNING if have else Severity.NOTE,
        )


_MOST_TAGS_SHOWN = 20


def _tag_problems(wheel: Wheel) -> Iterator[Problem]:
    """Yield at most one problem: the Tag lines are not the tags of the file name."""
    need, tags = frozenset(wheel.promise.triples), wheel.dist_info.tags
    lines = {tag.lower() for tag in tags}
    have: set[str] = set()
    for line in lines:
        have.update(_expanded(line))
    if not need or lines == need:
        return
    evidence = {"have": _listed(tags), "need": _listed(sorted(need))}
    message, severity, consequence = "WHEEL has other tags than the file name", Severity.NOTE, ""
    if have == need:
        message = "WHEEL lists its tags unexpanded"
    elif not tags:
        message, severity = "WHEEL has no Tag line", Severity.WARNING
    elif all(_accepts_whenever(target, have) for target in wheel.targets):
        message += ", but whoever installs the wheel accepts these too"
    else:
        severity = Severity.WARNING
    if severity is Severity.WARNING:
        consequence = "pip check: the package is not supported on this platform"
    yield Problem(message, wheel_path(wheel), evidence=evidence, consequence=consequence, severity=severity)


def _accepts_whenever(target: Target, lines: set[str]) -> bool:
    from ..metadata.offered import accepts_whenever  # asks packaging, which takes long to import

    return accepts_whenever(target, lines)


def _expanded(tag: str) -> list[str]:
    """Return the triples of one Tag line, or the line itself if it is not a tag or has too many triples."""
    parts = [part.split(".") for part in tag.split("-")]
    if len(parts) != 3 or len(parts[0]) * len(parts[1]) * len(parts[2]) > 10_000:
        return [tag]
    pythons, abis, platforms = parts
    return [f"{python}-{abi}-{platform}" for python in pythons for abi in abis for platform in platforms]


def _listed(tags: Sequence[str]) -> str:
    """Return the first tags in one line, and how many follow."""
    more = len(tags) - _MOST_TAGS_SHOWN
    shown = " ".join(tags[:_MOST_TAGS_SHOWN]) or "none"
    return f"{shown} and {more} more" if more > 0 else shown


@rule("WA018", "inconsistent-metadata", Family.METADATA, Severity.ERROR, remedies=("same-release",))
def inconsistent_metadata(wheel: Wheel) -> Iterator[Problem]:
    """METADATA is missing, or names another project or version than the file name.

    What it does:
        Compares Name and Version of METADATA with the file name as installers do: names in their normalized form,
        versions as PEP 440 orders them. So `1.0` and `1.0.0` are the same, but `1.0` and `1.0+cu128` are not.

    Why it is bad:
        pip and uv choose a wheel by its file name, read METADATA, and refuse the wheel if it contradicts the name.

    Example:
        `foo-0.2+cu130-cp312-cp312-linux_x86_64.whl` whose METADATA says `Version: 0.2`: the local version was added
        to the file name after the build.

    How to fix:
        Set the version where the build backend reads it, local part included, and build again. Do not rename the
        wheel.

    Known limits:
        If the file name is not a wheel name, nothing is compared. pip compares the name only from version 23.3 on,
        and installs a wheel that is given by its path whatever METADATA says.

    References:
        Core metadata specifications (packaging.python.org), Name, Version; PEP 440; pip,
        _internal/resolution/resolvelib/candidates.py, _check_metadata_consistency; tried with pip 26.3 and uv 0.13.9;
        docs/facts/archives.md, "METADATA".
    """
    info, name = wheel.dist_info, wheel.promise.name
    if name is None or not info.folder:
        return
    path = f"{info.folder}/METADATA"
    if not info.has_metadata:
        yield Problem(
            f"{path} is missing",
            evidence={"have": "none", "need": path},
            consequence="pip: BadMetadata: invalid metadata entry 'name'",
        )
    if not info.metadata_read:
        return
    for field, have, need in (("name", info.name, name.project), ("version", info.version, name.version)):
        if have == need or (have and (_same_name if field == "name" else _same_version)(have, need)):
            continue
        what = f"says {field.title()}: {have}" if have else f"has no {field.title()}"
        yield Problem(
            f"METADATA {what}, but the file name says {need}",
            path,
            evidence={"have": have or "none", "need": need},
            consequence=f"pip: Requested {name.project} from {wheel.filename} has inconsistent {field}: "
            f"expected {need!r}, but metadata has {have!r}"
            if have
            else f"uv: Metadata field {field.title()} not found",
        )


def _same_name(have: str, need: str) -> bool:
    """Whether a name as written is the normalized one."""
    return have.lower().replace("_", "-").replace(".", "-") == need or _canonical(have) == need


def _canonical(name: str) -> str:
    from packaging.utils import canonicalize_name

    return canonicalize_name(name)


def _same_version(have: str, need: str) -> bool:
    """Whether two versions are equal, local versions included; one that is not a version equals none."""
    from packaging.version import InvalidVersion, Version

    try:
        return Version(have) == Version(need)
    except InvalidVersion:
        return False
