"""Of which work a cluster is: by its titles, its names and what kind of book it is.

A work is what its manifestations share whatever their year, publisher, edition or volume: clusters
with a title and a name in common are of one work (FRBR Work; no expressions are told apart). A
teacher's book is another work than the pupil's. Clusters that name nobody are works of their own:
a title alone says too little.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice, product

from catalogue.match.features import Features
from catalogue.match.keys import bounded, without_article

_TITLES, _NAMES = 8, 12
"""Most of a cluster that are looked at: its keys are rows."""


def work_keys(members: Iterable[Features]) -> tuple[str, ...]:
    """Return what a cluster of these records shares with others of its work, sorted.

    ``title|name|kind``: each title, or uniform title, of one record with each name of any.
    """
    members = tuple(members)
    titles = sorted({title for each in members for title in _titles(each)})
    names = sorted({name for each in members for name in each.names})
    kind = max((each.kind for each in members), default="")
    pairs = product(islice(titles, _TITLES), islice(names, _NAMES))
    return tuple(sorted({bounded(f"{title}|{name}|{kind}") for title, name in pairs}))


def _titles(features: Features) -> Iterable[str]:
    said = (features.bare, features.uniform)
    return (without_article(title).replace(" ", "") for title in said if title)
