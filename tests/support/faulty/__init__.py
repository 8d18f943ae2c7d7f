"""A repository that changes under one's hands and misbehaves as real ones do, on a schedule.

``collection`` is what it holds, ``lists`` how it pages, ``faults`` how one answer is spoiled,
``endpoint`` the server that strings them.
"""

from support.faulty.collection import Collection, Tombstones
from support.faulty.endpoint import Endpoint
from support.faulty.faults import Fault
from support.faulty.manners import Manners, Paging, Sizes

__all__ = ["Collection", "Endpoint", "Fault", "Manners", "Paging", "Sizes", "Tombstones"]
