"""What stands between a source and a target: every transform by the name that rules use.

A transform is made once from its arguments. It works on the values of one occurrence (a field, an
element), on each value, or, where its meaning is the order among all values, on all of them.
"""

from __future__ import annotations

from crosswalks.language.transforms import (
    citation,
    dublin,
    isbd,
    marc,
    mods,
    names,
    numbers,
    text,
    unimarc,
    unisbd,
    values,
    whole,
)
from crosswalks.language.transforms.registry import Made, Scope, known, make, shape, shapes

__all__ = ["Made", "Scope", "known", "make", "shape", "shapes"]

# Importing a module registers what is in it.
_MODULES = (
    text,
    values,
    whole,
    numbers,
    names,
    citation,
    dublin,
    marc,
    mods,
    isbd,
    unimarc,
    unisbd,
)
