"""What changed with sources, and who is told of it."""

from web.staff.alerts.views import blueprint

__all__ = ["blueprint"]
