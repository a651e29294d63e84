"""WA530, WA531: names that no library brings, which the linker accepted because of `-undefined dynamic_lookup`.

WA530 has a witness: another slice of the same file says where the name comes from. WA531 has none. Which image of the
wheel exports such a name is read only if there are some (`facts.flat_lookups`).
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..facts.flat_lookups import HANDFUL, MOST_NAMES, FlatLookup, may_be_loaded_before, may_bring, unanswered
from ..facts.loads import loading_triples
from ..model import Depth, Fact, Format, Role, Severity
from ._floors import LIBRARIES_AND_MODULES
from ._needs import slice_name, slice_title
from .rule import Family, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts.wheel import Wheel

__all__ = ["flat_lookup_of_one_slice", "unresolved_symbol"]


def _problem(wheel: Wheel, lookup: FlatLookup, severity: Severity, where: str) -> Problem:
    """Return the problem of one lookup.

    Args:
        wheel: The wheel.
        lookup: The names.
        severity: How bad it is.
        where: Where the names come from, as a clause.
    """
    first, count = lookup.names[0], len(lookup.names)
    more = f" and {count - 1} more" if count > 1 else ""
    if count == MOST_NAMES:
        more = " and many more"
    title = slice_title(lookup.member, lookup.image)
    return Problem(
        f"{title} uses {first}{more}, but names no library that has {'them' if more else 'it'}{where}",
        lookup.member.path,
        slice_name(lookup.member, lookup.image),
        loading_triples(wheel, lookup.image),
        {"symbol": first, "count": str(count), **({"library": lookup.library} if lookup.library else {})},
        f"symbol not found in flat namespace '_{first}'",
        severity,
        claims=((Fact.IMPORTS, first),),
    )


@rule(
    "WA530",
    "flat-lookup-of-one-slice",
    Family.SYSTEM,
    Severity.ERROR,
    remedies=("build-slices-alike",),
    needs=dict.fromkeys(LIBRARIES_AND_MODULES, Depth.SYMBOLS),
    formats=(Format.MACHO,),
    rests_on=(Fact.IMPORTS,),
    breaks_promise=Severity.ERROR,
)
def flat_lookup_of_one_slice(wheel: Wheel) -> Iterator[Problem]:
    """One slice of a universal binary lacks a library, or code, that another slice of the same file has.

    What it does:
        Looks for names that a slice leaves to be searched in all images of the process, although another slice of the
        file takes them from a library of the wheel or at `@rpath` or `@loader_path`, or has them itself. Names of
        Python, weak names, and names that an image of the wheel exports for this machine are left out. It is a warning
        if something may bring the name into the process: a distribution that the wheel requires (unless the library is
        in the wheel), the same library, loaded by another file, Python code that uses RTLD_GLOBAL, or Apple, by the
        looks of the name. It is a warning too if the other slice takes the names from an absolute path, where no macOS
        has the library.

    Why it is bad:
        The library was there for one machine only when the wheel was built. The linker did not complain, because
        extension modules are linked with `-undefined dynamic_lookup`. On the other machine, no image of the process has
        the name, and every import fails. Lazy binding does not help: Python loads with RTLD_NOW, so dyld binds all
        names at once.

    Example:
        openmm-8.6.1-cp311-cp311-macosx_10_12_universal2.whl: the arm64 slice of `_openmm.cpython-311-darwin.so` needs
        `@rpath/libOpenMM.dylib`; the x86_64 slice uses the same functions, but no library.

    How to fix:
        Build every slice with the same libraries, or tag the wheel for the machine of the slice that works.

    Known limits:
        The first 200 names of a slice are looked at.

    References:
        dyld dyld/Loader.cpp (resolveSymbol) and common/MachOLayout.cpp; CPython Python/dynload_shlib.c;
        docs/facts/loaders.md, "How dyld finds a symbol".
    """
    for lookup in unanswered(wheel):
        if lookup.kind == "nowhere":
            continue
        if lookup.kind == "exported":
            where = f"; the {lookup.other} slice has the code itself"
        else:
            them = "them" if len(lookup.names) > 1 else "it"
            where = f"; the {lookup.other} slice takes {them} from {lookup.library}"
        severity = Severity.ERROR if _is_certain(wheel, lookup) else Severity.WARNING
        yield _problem(wheel, lookup, severity, where)


def _is_certain(wheel: Wheel, lookup: FlatLookup) -> bool:
    """Whether nothing that the wheel shows could bring the names into the process."""
    # Only here, because nearly no wheel gets this far.
    from ..platforms.apple_symbols import may_be_apples

    if lookup.kind == "absolute" or (wheel.flat_lookups is not None and wheel.flat_lookups.preloads):
        return False
    requires = wheel.dist_info.requires
    if lookup.kind == "exported":
        return not may_bring(requires) and not may_be_loaded_before(wheel, lookup.image)
    if all(may_be_apples(name, frameworks=True) for name in lookup.names):
        return False
    if may_be_loaded_before(wheel, lookup.image, lookup.library):
        return False
    bundled = any(edge.found for edge in wheel.edges if edge.name == lookup.library)
    return bundled or not may_bring(requires, lookup.names[0])


@rule(
    "WA531",
    "unresolved-symbol",
    Family.SYSTEM,
    Severity.WARNING,
    remedies=("link-library",),
    needs={**dict.fromkeys(LIBRARIES_AND_MODULES, Depth.HEADER), Role.EXTENSION: Depth.SYMBOLS},
    formats=(Format.MACHO,),
    rests_on=(Fact.IMPORTS,),
    breaks_promise=Severity.ERROR,
)
def unresolved_symbol(wheel: Wheel) -> Iterator[Problem]:
    """An extension module uses a name that no library it needs, no other file of the wheel and no Python has.

    What it does:
        Looks for names that a module leaves to be searched in all images of the process. Left out are names of Python,
        weak names, names that an image of the wheel exports, and names that look like those of Apple's libraries.
        Nothing is reported for a module with 20 or more such names, for a wheel whose Python code uses RTLD_GLOBAL,
        that needs a library from outside, or that requires a distribution with native code: something loads the owner
        of the names first.

    Why it is bad:
        The linker did not complain, because extension modules are linked with `-undefined dynamic_lookup`. If nothing
        else in the process has the name, every import fails.

    Example:
        bonsai-1.5.4-cp312-cp312-macosx_11_0_arm64.whl: `_bonsai.cpython-312-darwin.so` uses
        `ldap_create_passwordpolicy_control`, which Apple's LDAP framework does not have.

    How to fix:
        Link with the library that has the function, and copy it into the wheel: `delocate-wheel -v`. To let the linker
        report such names, replace `-undefined dynamic_lookup` by `-Wl,-U,_NAME` for each of Python's names that you
        use.

    Known limits:
        Another module that is imported first may have the name, so this is never an error.

    References:
        dyld dyld/Loader.cpp (resolveSymbol); noirello/bonsai issue 100; docs/facts/loaders.md, "How dyld finds a
        symbol".
    """
    for lookup in unanswered(wheel):
        if (
            lookup.kind == "nowhere"
            and lookup.member.role is Role.EXTENSION
            and lookup.image.hooks
            and len(lookup.names) < HANDFUL
            and not (wheel.flat_lookups is not None and wheel.flat_lookups.preloads)
            and not may_be_loaded_before(wheel, lookup.image)
            and not may_bring(wheel.dist_info.requires, lookup.names[0])
        ):
            yield _problem(wheel, lookup, Severity.WARNING, "")
