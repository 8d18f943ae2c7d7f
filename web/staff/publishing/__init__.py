"""What this hub gives out, where, in which forms, and to whom: all on one page."""

from web.staff.publishing.views import blueprint

__all__ = ["blueprint"]
