"""A Z39.50 server (ANSI/NISO Z39.50-2003): the union catalogue for any client that speaks it.

``server`` holds the sockets, ``session`` answers one message after the other, and knows nothing of
sockets; what it needs of the catalogue comes from ``provider.lookup``.
"""

from provider.z3950.doors import Door, Handed, Listening
from provider.z3950.model import Limits, Pool
from provider.z3950.room import Room
from provider.z3950.server import Server
from provider.z3950.spreading import Spreader

__all__ = ["Door", "Handed", "Limits", "Listening", "Pool", "Room", "Server", "Spreader"]
