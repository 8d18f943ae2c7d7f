"""Where what is stored is not what was worked out: which records, and which links."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from catalogue.cluster.whole.columns import Bools, Hashes, hashed
from catalogue.cluster.whole.engine import Whole
from catalogue.cluster.whole.judging import Links, coded
from catalogue.cluster.whole.stored import Ids, Members, StoredLinks, places
from catalogue.cluster.whole.texts import Texts

_STEP = 10_000


class Correction(NamedTuple):
    """What has to be done."""

    again: set[int]
    """Records that have to be placed again."""
    gone: NDArray[np.int64]
    """Links to be taken away, a row of two ids each."""
    come: Links
    """Links to be stored, or stored otherwise."""


class _Compared(NamedTuple):
    """Links by place: which stored ones are of no use, and which found ones are not stored."""

    stale: Bools
    gone: Bools
    come: Bools


def correction(found: Whole, links: StoredLinks, members: Members, idle: Ids) -> Correction:
    """Compare; links are corrected at once where both ends are ``idle``, sorted ids."""
    compared = _compared(found, links)
    stored_idle = places(idle, links.a)[1] & places(idle, links.b)[1]
    found_idle = (
        places(idle, found.ids[found.links.a])[1] & places(idle, found.ids[found.links.b])[1]
    )
    ends = (
        links.a[compared.stale & ~stored_idle],
        links.b[compared.stale & ~stored_idle],
        found.ids[found.links.a[compared.come & ~found_idle]],
        found.ids[found.links.b[compared.come & ~found_idle]],
        misplaced(found, members),
    )
    gone = compared.gone & stored_idle
    return Correction(
        again=set(np.unique(np.concatenate(ends)).tolist()),
        gone=np.stack([links.a[gone], links.b[gone]], 1),
        come=found.links.at(compared.come & found_idle),
    )


def _compared(found: Whole, links: StoredLinks) -> _Compared:
    a, a_known = places(found.ids, links.a)
    b, b_known = places(found.ids, links.b)
    live = a_known & b_known
    before = coded(a.astype(np.int32), b.astype(np.int32))
    after = coded(found.links.a, found.links.b)
    place, there = _places(after, before)
    there &= live
    right = there.copy()
    at = place[there]
    right[there] = (
        (links.decision[there] == found.links.decision[at])
        & (links.score[there] == found.links.score[at])
        & (links.reasons[there] == _hashes(found.reasons)[found.links.reason[at]])
    )
    come = np.ones(len(after), np.bool_)
    come[place[right]] = False
    return _Compared(stale=~right, gone=~there, come=come)


def _places(within: Hashes, wanted: Hashes) -> tuple[NDArray[np.intp], Bools]:
    place = np.searchsorted(within, wanted)
    if not len(within):
        return place, np.zeros(len(wanted), np.bool_)
    place = np.minimum(place, len(within) - 1)
    return place, within[place] == wanted


def _hashes(texts: Texts) -> Hashes:
    count = len(texts)
    parts = [
        np.array([hashed(text) for text in texts.between(first, first + _STEP)], np.uint64)
        for first in range(0, count, _STEP)
    ]
    return np.concatenate([np.zeros(0, np.uint64), *parts])


def misplaced(found: Whole, members: Members) -> Ids:
    """Return records that are with others than they should be, or should be in no cluster."""
    head = found.head.astype(np.int64)
    cluster = members.of(found.ids)
    stored, size = np.unique(members.clusters, return_counts=True)
    sizes = np.bincount(head, minlength=len(head))
    _, pair, together = np.unique(
        np.stack([cluster, head], 1), axis=0, return_inverse=True, return_counts=True
    )
    place, known = places(stored, cluster)
    common = together[pair.ravel()]
    right = np.zeros(len(head), np.bool_)
    right[known] = (size[place[known]] == common[known]) & (sizes[head[known]] == common[known])
    withdrawn = members.records[~places(found.ids, members.records)[1]]
    return np.concatenate([found.ids[~right], withdrawn])
