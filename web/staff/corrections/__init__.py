"""Corrections: fields laid over the union's records, by hand or in bulk, dated and signed."""

from web.staff.corrections import bulks, views
from web.staff.corrections.room import blueprint

__all__ = ["blueprint", "bulks", "views"]
