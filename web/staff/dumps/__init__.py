"""Dumps: which there are, and having one made."""

from web.staff.dumps.views import blueprint

__all__ = ["blueprint"]
