"""WA512: slices of one universal binary that were built differently.

For each file, the libraries that each slice needs from outside, and the init hooks that it exports, are compared.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..facts.loads import loading_targets, loading_triples
from ..model import Depth, Format, Role, Severity
from ._floors import LIBRARIES_AND_MODULES
from ._needs import macho_edges
from .rule import Family, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts.wheel import Wheel
    from ..loading.graph import Edge


__all__ = ["slices_differ"]

_HOOKS = ("PyInit_", "PyInitU_", "PyModExport_", "PyModExportU_")


def _difference(values: dict[str, set[str]]) -> str:
    """Return how the slices differ: a clause for each slice that has what another lacks.

    Args:
        values: What each slice has, by its architecture.
    """
    everywhere = set.intersection(*values.values())
    return ", ".join(
        f"only {arch} has {' and '.join(sorted(value - everywhere))}"
        for arch, value in values.items()
        if value != everywhere
    )


@rule(
    "WA512",
    "slices-differ",
    Family.SYSTEM,
    Severity.WARNING,
    remedies=("build-slices-alike",),
    needs={**dict.fromkeys(LIBRARIES_AND_MODULES, Depth.HEADER), Role.EXTENSION: Depth.LINKAGE},
    formats=(Format.MACHO,),
    breaks_promise=Severity.ERROR,
)
def slices_differ(wheel: Wheel) -> Iterator[Problem]:
    """The slices of one universal binary were built differently.

    What it does:
        Compares the slices that the tags need: the libraries that neither the wheel nor the system has, and the
        functions with which Python starts the module.

    Why it is bad:
        One slice was built in another environment, and may fail although the others work.

    Example:
        The arm64 slice needs `/opt/homebrew/lib/libomp.dylib`, but the x86_64 slice does not.

    How to fix:
        Build every slice in the same way: in one build, or on two machines with the same setup.

    Known limits:
        Libraries of the wheel and of the system may differ: OpenBLAS needs libquadmath only on x86_64.

    References:
        lipo(1); delocate-merge; docs/facts/loaders.md, "Library load commands in Mach-O files".
    """
    edges: dict[str, list[Edge]] = {}
    for edge, _ in macho_edges(wheel):
        edges.setdefault(edge.loader.path, []).append(edge)
    for member in wheel.members:
        images = [
            image for image in member.images if image.macho is not None and loading_targets(wheel, image)
        ]
        if (
            member.role not in LIBRARIES_AND_MODULES
            or len(images) < 2
            or any(image.damaged for image in images)
        ):
            continue
        needed: dict[str, set[str]] = {image.arch: set() for image in images}
        for edge in edges.get(member.path, ()):
            if not edge.found and edge.image.arch in needed:
                needed[edge.image.arch].add(edge.name)
        hooks = {
            image.arch: {hook for hook in image.hooks if hook.startswith(_HOOKS)}
            for image in images
            if image.depth >= Depth.LINKAGE
        }
        differences = [_difference(values) for values in (needed, hooks) if len(values) > 1]
        for difference in filter(None, differences):
            yield Problem(
                f"the slices of {member.path} differ: {difference}",
                member.path,
                None,
                tuple(dict.fromkeys(tag for image in images for tag in loading_triples(wheel, image))),
                {"have": difference},
            )
