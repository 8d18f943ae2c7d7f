"""Errors in records that readers report: one ticket each, for staff and the libraries concerned."""
