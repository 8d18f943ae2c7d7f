"""Corrections: fields laid over the union's records, by hand, dated and signed."""

from web.staff.corrections.views import blueprint

__all__ = ["blueprint"]
