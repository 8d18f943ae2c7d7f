"""Whether a run may carry out what it holds, or has to wait for a person: a pure judgement.

A server that has lost its index looks exactly like one whose records were deleted. Only people know
which it is, and they are asked before anything disappears.
"""

from __future__ import annotations

from dataclasses import dataclass

from catalogue.errors import (
    CannotMap,
    ListDoubtful,
    NeedsDecision,
    SourceShrank,
    StoppedUnmapped,
    WouldDelete,
)
from catalogue.options import Guards

HANDFUL = 5
"""So few records never make a run wait, however small the source is."""
FIRST = 200
"""Records after which it is judged whether a source can be mapped at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a run comes to at the end of its list."""

    run: int
    held: int
    """Deletions of the source that wait."""
    held_live: int
    """Of these, deletions of records that readers see."""
    live: int
    """Records of the source that readers see."""
    listed: int | None
    """How many of these the complete list held; None where it was not read."""
    listed_before: int | None
    """How many the last good complete list held."""
    absent: int
    """Held deletions that were not declared: records missing from the complete list."""
    holes: bool
    """Whether the list had places where records may have been lost."""
    tried: int
    """Records that came and were no deletions."""
    unmapped: int
    accepts: bool
    """Whether a person said to go on although many cannot be mapped."""


def judge(found: Figures, guards: Guards) -> NeedsDecision | None:
    """Return why a run has to wait for a person, or None where it may end by itself."""
    return (
        _deletes(found, guards.delete_percent)
        or _shrinks(found, guards.shrink_percent)
        or _doubts(found)
        or _fails(found, guards.unmapped_percent)
    )


def judge_early(run: int, tried: int, unmapped: int, guards: Guards) -> StoppedUnmapped | None:
    """Return why a run stops after its first records, or None where it goes on."""
    limit = guards.unmapped_percent
    if tried < FIRST or not _is_more(unmapped, tried, limit):
        return None
    share = _share(unmapped, tried)
    return StoppedUnmapped(run=run, unmapped=unmapped, tried=tried, share=share, limit=limit)


def _deletes(found: Figures, limit: int) -> WouldDelete | None:
    if not _is_more(found.held_live, found.live, limit):
        return None
    share = _share(found.held_live, found.live)
    return WouldDelete(
        run=found.run, deleted=found.held_live, live=found.live, share=share, limit=limit
    )


def _shrinks(found: Figures, limit: int) -> SourceShrank | None:
    if found.listed is None or found.listed_before is None:
        return None
    fewer = found.listed_before - found.listed
    if not _is_more(fewer, found.listed_before, limit):
        return None
    share = _share(fewer, found.listed_before)
    return SourceShrank(
        run=found.run, listed=found.listed, before=found.listed_before, share=share, limit=limit
    )


def _doubts(found: Figures) -> ListDoubtful | None:
    return (
        ListDoubtful(run=found.run, absent=found.absent) if found.holes and found.absent else None
    )


def _fails(found: Figures, limit: int) -> CannotMap | None:
    if found.accepts or not _is_more(found.unmapped, found.tried, limit):
        return None
    share = _share(found.unmapped, found.tried)
    return CannotMap(
        run=found.run, unmapped=found.unmapped, tried=found.tried, share=share, limit=limit
    )


def _is_more(part: int, whole: int, limit: int) -> bool:
    """Tell whether a part is more than so many percent; a handful never is, unless any is."""
    return part * 100 > whole * limit and (part > HANDFUL or not limit)


def _share(part: int, whole: int) -> str:
    return f"{part * 100 / whole:.0f}" if whole else "100"
