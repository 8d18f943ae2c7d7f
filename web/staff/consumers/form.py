"""The form of a consumer: what it is called, sees and may take."""

from __future__ import annotations

from werkzeug.datastructures import MultiDict

from catalogue.consumers.errors import TooManyRequests
from catalogue.consumers.model import Consumer
from catalogue.consumers.store import FORMATS, MOST_A_MINUTE
from catalogue.model import Sharing
from web.language import mark

VIEWS = {
    Sharing.PUBLIC: mark("what everybody sees"),
    Sharing.MEMBERS: mark("what is shared among members too"),
    Sharing.INTERNATIONAL: mark("only what may go abroad"),
}
"""The views that a key can open, in words."""
_DIGITS = 12


def read(form: MultiDict[str, str], name: str) -> Consumer:
    """Return the consumer that a form says. Raises TooManyRequests for what is no such number."""
    view = form.get("view", "")
    return Consumer(
        name=name,
        title=" ".join(form.get("title", "").split()),
        library=form.get("library", "").strip(),
        view=Sharing(view) if view in VIEWS else Sharing.PUBLIC,
        sets=tuple(dict.fromkeys(form.get("sets", "").replace(",", " ").split())),
        prefixes=_prefixes(form.getlist("prefixes")),
        per_minute=_number(form.get("per_minute", "").strip()),
    )


def _prefixes(ticked: list[str]) -> tuple[str, ...]:
    """Return the formats that are ticked; all of them is no limit, as is none."""
    found = tuple(each for each in FORMATS if each in ticked)
    return () if len(found) == len(FORMATS) else found


def _number(text: str) -> int:
    if not text:
        return 0
    if not (text.isascii() and text.isdecimal() and len(text) < _DIGITS):
        raise TooManyRequests(given=text, most=MOST_A_MINUTE)
    return int(text)
