"""Matching: what is asked, why records are one, and what a library has twice."""

from web.staff.matches import reviewing
from web.staff.matches.views import blueprint

__all__ = ["blueprint", "reviewing"]
