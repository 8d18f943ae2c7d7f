"""What a run waits to do, as commands show it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from catalogue.decisions import Proposal
from hub.instance import Hub
from web.language import mark

_MISSING = mark("missing from the complete list")
_DECLARED = mark("declared deleted")


def as_plain(waits: Proposal) -> dict[str, Any]:
    """Return what a run waits to do and what was decided, as plain values; nothing for most."""
    if not waits.deletes and waits.decision is None:
        return {}
    return {
        "decision": waits.decision.value if waits.decision else "",
        "would_delete": waits.deletes,
        "samples": [asdict(sample) for sample in waits.samples],
    }


def show(hub: Hub, waits: Proposal) -> None:
    """Show some of the records that a run waits to delete."""
    if not waits.deletes:
        return
    hub.output.line("")
    hub.output.line(
        hub.translate("It waits to delete {count} records, such as:").format(
            count=f"{waits.deletes:,}"
        )
    )
    hub.output.table(
        ("Identifier", "Title", "Why"),
        (
            (
                each.identifier,
                each.title,
                hub.translate(_MISSING if each.absent else _DECLARED),
            )
            for each in waits.samples
        ),
    )
