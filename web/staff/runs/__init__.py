"""Harvests: under way, ended, and those that wait for a person to decide."""

from web.staff.runs.views import blueprint

__all__ = ["blueprint"]
