"""What is told of members in words: types, groups and days."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from catalogue.members.model import Basis, Days
from web.language import mark

BASES: Mapping[Basis, str] = MappingProxyType(
    {
        Basis.NONE: "",
        Basis.FUNCTION: mark("by function"),
        Basis.FIELD: mark("by field of knowledge"),
        Basis.REGION: mark("by region"),
        Basis.PROJECT: mark("by project"),
    }
)
DAYS: Mapping[Days, str] = MappingProxyType(
    {
        Days.NOW: mark("under way"),
        Days.NOT_YET: mark("not begun yet"),
        Days.OVER: mark("its last day is over"),
    }
)
