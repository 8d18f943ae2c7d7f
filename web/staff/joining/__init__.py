"""Libraries that want to join: applications, checks, and agreement on behalf of the hub."""

from web.staff.joining.views import blueprint

__all__ = ["blueprint"]
