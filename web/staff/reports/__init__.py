"""Reports: made, looked at with charts, and taken along for a spreadsheet."""

from web.staff.reports.views import blueprint

__all__ = ["blueprint"]
