"""What people changed, for administrators."""

from web.staff.audit.views import blueprint

__all__ = ["blueprint"]
