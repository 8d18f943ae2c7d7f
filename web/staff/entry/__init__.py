"""The way in and out: signing in, one's own password, signing out everywhere."""

from web.staff.entry.views import blueprint

__all__ = ["blueprint"]
