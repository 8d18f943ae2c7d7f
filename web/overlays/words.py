"""The words of corrections."""

from __future__ import annotations

from collections.abc import Mapping

from catalogue.overlays.bulk import Fate, Figures, Phase
from catalogue.overlays.model import Change
from web.language import mark

KINDS = {
    "add": mark("field added"),
    "replace": mark("field replaced"),
    "suppress": mark("field left out"),
}
_PARTS = {
    "add": mark("subfield added"),
    "replace": mark("subfield replaced"),
    "suppress": mark("subfield left out"),
}
_POSITIONS = mark("positions replaced")
STATES = {
    "applied": mark("in force"),
    "changed": mark("in force; what lies beneath has changed"),
    "overruled": mark("a later correction stands in its place"),
    "waiting": mark("waiting: the field it is about is not there"),
    "undone": mark("taken off"),
}
PARTED = mark("its cluster has parted since")
PHASES = {
    Phase.LOOKING: mark("what it would do is being worked out"),
    Phase.LOOKED: mark("looked at; nothing is corrected"),
    Phase.FAILED: mark("what it would do could not be worked out"),
    Phase.APPLYING: mark("being carried out"),
    Phase.APPLIED: mark("carried out"),
    Phase.UNDOING: mark("being taken off"),
    Phase.UNDONE: mark("taken off"),
}
FATES = {
    Fate.REFUSED: mark("would be changed in a way that corrections cannot"),
    Fate.FAILED: mark("could not be corrected any more"),
}
FIGURES = {
    "found": mark("Records found"),
    "looked": mark("Looked at"),
    "would": mark("To be changed"),
    "same": mark("As they should be"),
    "refused": mark("Cannot be changed so"),
    "done": mark("Changed"),
    "failed": mark("Failed"),
    "overlays": mark("Corrections made"),
    "undone": mark("Corrections taken off"),
}
"""What a bulk correction came to, by the names of ``Figures``."""
_ONCE_AGREED = ("done", "failed", "overlays")


def kind_word(change: Change) -> str:
    """Return what a correction does, as a message."""
    if change.within is not None:
        return _PARTS[change.kind]
    return _POSITIONS if change.is_part else KINDS[change.kind]


def figures_told(figures: Figures, phase: Phase) -> Mapping[str, int]:
    """Return the figures that say something in this phase, by their messages."""
    names = ["found", "looked", "would", "same", "refused"]
    if phase not in (Phase.LOOKING, Phase.LOOKED, Phase.FAILED):
        names = ["found", "would", "same", "refused", *_ONCE_AGREED]
        names += ["undone"] if phase in (Phase.UNDOING, Phase.UNDONE) else []
    return {FIGURES[name]: getattr(figures, name) for name in names}
