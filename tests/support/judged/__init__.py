"""A repository that keeps to OAI-PMH 2.0 in every point, and ways to spoil just one of them.

``provider`` is the repository, ``faults`` what can be wrong with it, ``variants`` what may be
otherwise without being wrong.
"""

from support.judged.provider import Item, Provider, library

__all__ = ["Item", "Provider", "library"]
