"""Who may sign in, for administrators."""

from web.staff.people.views import blueprint

__all__ = ["blueprint"]
