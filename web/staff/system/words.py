"""What the kinds of background work are called."""

from __future__ import annotations

from web.coming import CHORES
from web.language import mark

KINDS = {
    **CHORES,
    "alerts": mark("looking for what people have to be told"),
    "bulk": mark("bulk correction"),
    "check": mark("check of a delivery"),
    "clock": mark("the clock"),
    "decide": mark("carrying out a decision about a harvest"),
    "effect": mark("effect of a crosswalk"),
    "harvest": mark("harvest"),
    "message": mark("message about alerts"),
    "place": mark("placing of records"),
    "preview": mark("preview of a source that is tried out"),
    "policy-effect": mark("effect of a matching policy"),
    "backup": mark("making a backup"),
    "rebuild": mark("matching everything anew"),
    "remap": mark("mapping records again"),
    "report": mark("report"),
    "retry": mark("reading what is in quarantine again"),
    "rewrite": mark("making stored forms anew"),
    "server": mark("place in the line at a member's server"),
    "succeed": mark("passing on the records of a source"),
    "techcheck": mark("technical check"),
    "validate": mark("check of a member's server"),
}
"""By the name that the queue has for them; others are shown by that."""
