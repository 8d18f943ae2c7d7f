"""``lienthong sources encoding``: what a source's records showed of their encoding."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from catalogue import sources, sourcetext
from catalogue.model import Source
from catalogue.sources import AUTO
from hub.instance import Hub
from hub.options import json_option
from web.language import mark


@click.command("encoding")
@click.argument("name")
@click.option(
    "--forget", is_flag=True, help="Withdraw what was decided, and the evidence: begin anew."
)
@json_option
@click.pass_obj
def command(hub: Hub, name: str, *, forget: bool, as_json: bool) -> None:
    """Show which encoding a source's records were found to be in, and on what evidence."""
    with hub.catalogue() as db:
        if forget and sourcetext.forget(db, name) is not None:
            hub.output.notice("The source's records are mapped again in the background.")
        source = sources.get(db, name)
    if as_json:
        return hub.output.value(
            {"name": name, "encoding": source.encoding, "decided": source.decided}
        )
    return hub.output.pairs(_told(source))


def in_words(source: Source) -> str:
    """Return a source's encoding, with what it was decided to be."""
    return f"{source.encoding} ({source.decided.encoding})" if source.decided else source.encoding


def _told(source: Source) -> dict[str, object]:
    told: dict[str, object] = {
        mark("Name"): source.name,
        mark("Encoding"): source.encoding or "utf-8",
    }
    if source.decided is None:
        return told | ({mark("Found to be"): ""} if source.encoding.strip().lower() == AUTO else {})
    found = source.decided
    return told | {
        mark("Found to be"): found.encoding,
        mark("Fields with marks"): found.fields,
        mark("Of them in Unicode"): found.unicode,
        mark("Words judged"): found.words,
        mark("Vietnamese words"): found.legal,
        mark("Words mended"): found.mended,
        mark("Decided"): f"{datetime.fromtimestamp(found.at, UTC):%Y-%m-%d %H:%M} UTC",
    }
