"""How the hub itself stands: what it is made of, what it is at, and what it goes by."""

from web.staff.system.views import blueprint

__all__ = ["blueprint"]
