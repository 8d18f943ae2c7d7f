"""What the kinds of background work are called."""

from __future__ import annotations

from web.language import mark

KINDS = {
    "alerts": mark("looking for what people have to be told"),
    "bulk": mark("bulk correction"),
    "check": mark("check of a delivery"),
    "clock": mark("the clock"),
    "decide": mark("carrying out a decision about a harvest"),
    "effect": mark("effect of a crosswalk"),
    "harvest": mark("harvest"),
    "message": mark("message about alerts"),
    "place": mark("placing of records"),
    "policy-effect": mark("effect of a matching policy"),
    "backup": mark("making a backup"),
    "prune": mark("removing what need not be kept any longer"),
    "rebuild": mark("matching everything anew"),
    "reindex": mark("making the search index again"),
    "remap": mark("mapping records again"),
    "report": mark("report"),
    "retry": mark("reading what is in quarantine again"),
    "rewrite": mark("making stored forms anew"),
    "server": mark("place in the line at a member's server"),
    "succeed": mark("passing on the records of a source"),
    "techcheck": mark("technical check"),
}
"""By the name that the queue has for them; others are shown by that."""
