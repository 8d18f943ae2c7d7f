"""What the things are called that people change, by the name of their table."""

from __future__ import annotations

from web.language import mark

KINDS = {
    "account_ticket": mark("invitation or link"),
    "alert_channel": mark("receiver of alerts"),
    "alert_scope": mark("what a receiver is told of"),
    "clockwork": mark("pause of all harvests"),
    "consumer": mark("consumer"),
    "credentials": mark("stored credentials"),
    "crosswalk_draft": mark("draft of a crosswalk"),
    "crosswalk_test": mark("test of a crosswalk"),
    "crosswalk_version": mark("version of a crosswalk"),
    "holding_list": mark("list of holdings"),
    "intake": mark("delivery"),
    "library": mark("library"),
    "library_alias": mark("another code of a library"),
    "oai_set": mark("set"),
    "policy": mark("matching policy in use"),
    "policy_version": mark("matching policy"),
    "query_set": mark("query of a set"),
    "run": mark("decision about a harvest"),
    "sign_in": mark("signing in"),
    "source": mark("source"),
    "suppression": mark("suppression"),
    "user_account": mark("user"),
    "verdict": mark("decision about records"),
}
