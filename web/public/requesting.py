"""``/record/<id>/request``: how a library is asked for what it has, by its system or by a letter.

Nothing is sent from here: what readers send, they send themselves. Whether a copy is there or on
loan is never told, since nobody here knows.
"""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import quote

from flask import abort, render_template, request

from catalogue import libraries
from catalogue.errors import NoSuchLibrary
from catalogue.lending import keeping
from catalogue.model import Holding, Library
from crosswalks.openurl import Source, openurl, year
from web.language import mark
from web.lending import LENDS
from web.public import display
from web.public.lending import isbn, links
from web.public.lookup import Found, found_here
from web.public.views import blueprint
from web.site import current_site
from web.speech import language, words
from web.tickets import UNTITLED

LONGEST = 2000
"""Characters of the address of a letter: more is cut off by some programs without a word."""
_SUBJECT = mark("Request: {title}")
_ASKING = mark("I should like to ask for this item, on loan, as a copy or for your reading room:")
_NAME = mark("My name, and how you reach me:")
_LINES = {
    "title": mark("Title: {value}"),
    "author": mark("Author: {value}"),
    "year": mark("Year of publication: {value}"),
    "isbn": mark("ISBN: {value}"),
    "call": mark("Call number: {value}"),
    "number": mark("Number in your catalogue: {value}"),
    "record": mark("In the union catalogue: {value}"),
}
_TITLES = (400, 120, 60, 30)
"""Characters of the title, fewer where the letter would be too long."""


class Letter(NamedTuple):
    """A letter to a library's desk that a reader may send."""

    address: str
    """Opens it in the reader's own program."""
    text: str


@blueprint.get("/record/<public_id>/request")
def asked(public_id: str) -> str:
    """Show how a library that has a record lends, and how it is asked for it."""
    shown = found_here(public_id)
    library = _library(request.args.get("library", ""))
    theirs = [each for each in shown.holdings if library and each.library == library.code]
    if library is None or not theirs:
        abort(HTTPStatus.NOT_FOUND)
    site = current_site()
    lending = keeping.get(site.database, library.code)
    source = Source(shown.address, site.identity.domain)
    return render_template(
        "public/request.html",
        public_id=shown.public_id,
        title=display.title(shown.record),
        library=library,
        lending=lending,
        lends=LENDS[lending.lends],
        policy=lending.policy(language()),
        links=links(lending, shown.record, theirs),
        holdings=theirs,
        openurl=openurl(lending.resolver, shown.record, source) if lending.resolver else "",
        letter=letter(lending.mail, shown, theirs) if lending.mail else None,
    )


def letter(mail: str, shown: Found, holdings: list[Holding]) -> Letter:
    """Return the letter that asks for a record, in the reader's language."""
    whole = display.title(shown.record) or words()(UNTITLED)
    address = ""
    for most in _TITLES:
        title = _cut(whole, most)
        text = "\n".join(_letter(shown, holdings, title))
        subject = words()(_SUBJECT).format(title=title)
        # RFC 6068: lines end with CRLF, and nothing but what is reserved may stand as it is.
        body = quote(text.replace("\n", "\r\n"), safe="")
        address = f"mailto:{quote(mail, safe='@')}?subject={quote(subject, safe='')}&body={body}"
        if len(address) <= LONGEST:
            break
    return Letter(address, "\n".join(_letter(shown, holdings, _cut(whole, _TITLES[0]))))


def _letter(shown: Found, holdings: list[Holding], title: str) -> Iterator[str]:
    say, record = words(), shown.record
    author = next((each.first("a") for each in record.data("100", "110", "111")), "")
    values = {
        "title": title,
        "author": _cut(author.rstrip(" ,."), 80),
        "year": year(record),
        "isbn": isbn(record),
        "call": _cut(_listed(each.call_number for each in holdings), 80),
        "number": _cut(_listed(each.local_number for each in holdings), 80),
        "record": shown.address,
    }
    yield say(_ASKING)
    yield ""
    yield from (say(_LINES[name]).format(value=value) for name, value in values.items() if value)
    yield ""
    yield say(_NAME)


def _listed(values: Iterator[str]) -> str:
    return "; ".join(dict.fromkeys(filter(None, values)))


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 2].rstrip()} …"


def _library(code: str) -> Library | None:
    try:
        return libraries.get(current_site().database, code) if code.isprintable() else None
    except NoSuchLibrary:
        return None
