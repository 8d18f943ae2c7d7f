"""Who is connected: bounds in all and for each address, held by whoever accepts connections."""

from __future__ import annotations

from collections import Counter

from provider.z3950.model import Limits


class Connected:
    """Counts connections by address; used by one thread."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._addresses: Counter[str] = Counter()

    def enter(self, address: str) -> bool:
        """Count one more from an address; tell whether it may stay. It leaves in any case."""
        self._addresses[address] += 1
        return (
            self._addresses.total() <= self._limits.sessions
            and self._addresses[address] <= self._limits.sessions_per_address
        )

    def leave(self, address: str) -> None:
        """Count one less."""
        self._addresses[address] -= 1
        if not self._addresses[address]:
            del self._addresses[address]


def address_of(peer: object) -> str:
    """Return the address of a peer without its port, as sockets name peers."""
    return str(peer[0]) if isinstance(peer, tuple) and peer else ""
