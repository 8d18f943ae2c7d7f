"""Sets that staff define by a query."""

from web.staff.sets.views import blueprint

__all__ = ["blueprint"]
