"""What staff hide from all doors: records, fields of them, clusters."""

from web.staff.hidden.views import blueprint

__all__ = ["blueprint"]
