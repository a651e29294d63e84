"""What images there are, how each is made, and what is true of it."""

from . import elf, macho, other, pe
from .base import Recipe, Truth

__all__ = ["RECIPES", "Recipe", "Truth"]

RECIPES: tuple[Recipe, ...] = (*pe.recipes(), *macho.recipes(), *elf.recipes(), *other.recipes())
