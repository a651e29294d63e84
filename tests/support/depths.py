"""Wheels as the audit would read them for a rule.

Members of the roles that the rule declares are cut to the depth that it declares. The others stay as they are: a rule
may look at what is read deeper for other reasons (`audit(depth=...)`, other rules), and says so in its known limits.
"""

from wheelarch.facts.wheel import Wheel
from wheelarch.model import Depth, Format, Image, Member
from wheelarch.rules import Depths, Rule


def read_for(rule: Rule, wheel: Wheel) -> Wheel:
    """Return the wheel without the facts that are only there when a member is read deeper than the rule declares."""
    depths = Depths((rule,))
    members = tuple(_shallow(member, depths) for member in wheel.members)
    return wheel._replace(members=members, guesses=wheel.guesses)


def _shallow(member: Member, depths: Depths) -> Member:
    if not member.images:
        return member
    depth = depths.of(member.role, member.images[0].format)
    if depth is None:
        return member
    images = tuple(_cut(image, min(depth, image.depth)) for image in member.images)
    python = member.python
    if python is not None and depth < Depth.SYMBOLS:
        python = python._replace(stable_abi=None)
    if python is not None and depth < Depth.LINKAGE:
        python = python._replace(hooks=(), runtime=python.runtime if images[0].needed else None)
    return member._replace(images=images, python=python)


def _cut(image: Image, depth: Depth) -> Image:
    """Return the image as it is if it was read to a depth; what each field needs is in the fields' docs."""
    if depth < Depth.WHOLE and image.macho is not None and image.macho.signature is not None:
        signature = image.macho.signature._replace(state="unchecked", detail="")
        image = image._replace(macho=image.macho._replace(signature=signature))
    if depth < Depth.SYMBOLS:
        image = image._replace(imported=())
    if depth < Depth.LINKAGE:
        image = image._replace(hooks=())
        if image.format is not Format.MACHO:
            image = image._replace(needed=())
        if image.pe is not None:
            image = image._replace(pe=image.pe._replace(imports=()))
        if image.elf is not None:
            image = image._replace(elf=image.elf._replace(soname="", rpath=(), runpath=(), version_needs=()))
    return image._replace(depth=depth)
