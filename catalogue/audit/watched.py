"""Which tables people edit, what names a row there, and what of it is kept.

A table is in one of the two lists below, and a test sees to that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A table whose changes by people are written down, row by row."""

    key: tuple[str, ...] = ()
    """Columns that name a row for good; none where rows are only added."""
    name: str = ""
    """The column whose value people know the row by; empty: the name of what was acted upon."""
    ignored: frozenset[str] = frozenset()
    """Columns in which programs note how things stand."""
    secret: frozenset[str] = frozenset()
    """Columns of which only that they changed may be told."""


def _watched(key: str = "", name: str = "", ignored: str = "", secret: str = "") -> Watched:
    return Watched(
        key=tuple(key.split()),
        name=name,
        ignored=frozenset(ignored.split()),
        secret=frozenset(secret.split()),
    )


WATCHED: Mapping[str, Watched] = {
    "library": _watched("code", "code"),
    "library_alias": _watched("alias", "alias"),
    "library_group": _watched("code", "code"),
    "library_group_member": _watched("group_id library_id"),
    "contact": _watched("library_id name", "name"),
    "agreement": _watched("library_id number", "number"),
    "joining": _watched("code", "code", "created since rev reminded", "digest"),
    "joining_sign": _watched("joining_id side"),
    "lending": _watched("library_id"),
    "ticket": _watched("", "id", "opened changed told once rev language mail"),
    "preview_sign": _watched("", "", "at run mapping"),
    "source": _watched(
        "code",
        "code",
        "checkpoint generation deletions list_run list_done reconciled decided shown",
    ),
    "source_note": _watched("source_id", "", "author changed"),
    "credentials": _watched("name", "name", "made", "sealed"),
    "user_account": _watched(
        "folded",
        "name",
        "folded created last_login factor_step",
        "password factor recovery",
    ),
    "account_identity": _watched("issuer subject", "", "made used user_id"),
    "account_ticket": _watched("digest", "", "made user_id expires", "digest"),
    "person_key": _watched("id", "title", "made user_id epoch used", "digest"),
    "consumer": _watched("name", "name", "created", "digest"),
    "alert_channel": _watched("name", "name", "created", "salt"),
    "alert_scope": _watched("channel_id source_id"),
    "authority_answer": _watched("", "", "at undone_at"),
    "authority_list": _watched("code", "code", "version attempt headings imported"),
    "clockwork": _watched("id", "", "sources seen"),
    "crosswalk_draft": _watched("name", "name", "made"),
    "crosswalk_revision": _watched("name number", "name", "made text tables"),
    "crosswalk_version": _watched("name version", "name", "made"),
    "crosswalk_test": _watched("name title", "title", "made"),
    "policy": _watched("version", "version", "rules"),
    "policy_version": _watched("version", "version", "made effect effect_of"),
    "oai_set": _watched("spec", "spec"),
    "query_set": _watched("set_id", "", "reached"),
    "holding_delivery": _watched("", "list", "at sha256 turn report body"),
    "holding_list": _watched("library_id name", "name", "put turn whole"),
    "intake": _watched("", "name", "checked report message code details decided run_id received"),
    "bulk": _watched("id", "", "at told agreed_by agreed_at undone_by undone_at"),
    "overlay": _watched("", "", "at undone_at state parted records cluster_id bulk_id"),
    "suppression": _watched("", "target", "at lifted_at"),
    "verdict": _watched("a b", "", "made"),
    "run": _watched(
        "",
        "",
        "job_id source_id status started finished delivered added changed unchanged deleted"
        " quarantined held absent pages message code details options replays absent_held"
        " generation decided listed",
    ),
}
"""By name of the table."""

UNCOUNTED = frozenset(
    {
        *("audit", "sign_in", "usage", "taken_list", "raw_blob", "form", "daily_figure"),
        *("public_figure", "public_size"),
        *("quality_figure", "quality_average"),
    }
)
"""Tables that are written to without anything being changed for people."""

DERIVED = frozenset(
    (
        "alert",
        "alert_known",
        "alert_message",
        "alert_seen",
        "alert_watch",
        "bulk_cluster",
        "authority",
        "authority_identifier",
        "authority_key",
        "authority_name",
        "authority_question",
        "cluster",
        "contact_channel",
        "crosswalk_edition",
        "crosswalk_effect",
        "dead_key",
        "delivery",
        "dirty",
        "edge",
        "event",
        "event_record",
        "held",
        "holding",
        "holding_key",
        "hub_clock",
        "improved",
        "item",
        "item_set",
        "job",
        "joining_check",
        "joining_event",
        "large_component",
        "left_cluster",
        "standing_event",
        "suppressed_record",
        "master",
        "match_key",
        "member",
        "preliminary",
        "preview",
        "problem",
        "problem_figure",
        "quarantine",
        "question",
        "raw_page",
        "report",
        "run_log",
        "record",
        "search_document",
        "search_heading",
        "search_heading_of",
        "search_shown",
        "search_view",
        "search_waiting",
        "search_word",
        "succession",
        "succession_clue",
        "succession_pair",
        "ticket_event",
        "ticket_library",
        "verdict_event",
        "validation",
        "view",
        "work_dirty",
        "work_key",
        "work_member",
    )
)
"""Tables that programs fill; where a person has that done, the act itself is written down."""
