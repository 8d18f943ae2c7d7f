"""Services that take the catalogue with a key, and what was taken."""

from web.staff.consumers.views import blueprint

__all__ = ["blueprint"]
