"""Very many records placed at once: those of clusters none of whose records was ever in one.

A first load is placed so, and a large library that has just come. The partition is worked out as a
whole (``cluster.whole``) rather than looked up batch by batch, ``planning`` has each cluster
rendered by as many processes as there are processors, and ``placing`` writes one plan after the
other by the same T2 as any placement. Whatever else waits, and what changes meanwhile, is left to
the usual placements; so is what cannot be placed.
"""

from catalogue.cluster.atonce.placing import GetsWhole, PlacedAtOnce, place_at_once

__all__ = ["GetsWhole", "PlacedAtOnce", "place_at_once"]
