"""Errors that readers reported."""

from web.staff.tickets.views import blueprint

__all__ = ["blueprint"]
