"""Crosswalks: read, written, tried on stored records, and put to use once their effect was seen."""

from web.staff.crosswalks import deciding, editing, trying, views
from web.staff.crosswalks.room import blueprint

__all__ = ["blueprint", "deciding", "editing", "trying", "views"]
