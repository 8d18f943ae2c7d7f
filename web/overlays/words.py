"""The words of corrections."""

from __future__ import annotations

from web.language import mark

KINDS = {
    "add": mark("field added"),
    "replace": mark("field replaced"),
    "suppress": mark("field left out"),
}
STATES = {
    "applied": mark("in force"),
    "changed": mark("in force; what lies beneath has changed"),
    "overruled": mark("a later correction stands in its place"),
    "waiting": mark("waiting: the field it is about is not there"),
    "undone": mark("taken off"),
}
PARTED = mark("its cluster has parted since")
