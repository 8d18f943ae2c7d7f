"""The words of what is hidden, and of how libraries and sources stand."""

from __future__ import annotations

from collections.abc import Mapping

from catalogue.membership.hiding import Kind
from catalogue.membership.model import Membership
from catalogue.observed import Stage
from web.language import mark

KINDS = {
    Kind.RECORD: mark("a record"),
    Kind.FIELD: mark("a field"),
    Kind.CLUSTER: mark("a cluster"),
}
STANDINGS = {
    Membership.JOINING: mark("joining"),
    Membership.MEMBER: mark("member"),
    Membership.SUSPENDED: mark("suspended"),
    Membership.WITHDRAWN: mark("withdrawn"),
}
WORDS: Mapping[str, str] = {
    **{each.value: word for each, word in STANDINGS.items()},
    Stage.TEST.value: mark("tried out"),
    Stage.LIVE.value: mark("live"),
}
"""Standings of libraries and stages of sources."""
