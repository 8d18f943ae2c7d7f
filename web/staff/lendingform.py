"""The form of how a library lends, which staff and the library itself fill in."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, NamedTuple

from flask import flash, redirect, render_template, request
from werkzeug.wrappers import Response

from catalogue import libraries
from catalogue.lending import keeping
from catalogue.lending.model import NAMES, Lending, Lends
from crosswalks.errors import Error
from web.language import mark, message
from web.lending import LENDS
from web.site import current_site
from web.speech import words

_KEPT = mark("What readers are told of lending is kept.")
_SAME = mark("It was like that already; nothing was changed.")


class Place(NamedTuple):
    """Where the form stands, and for which library."""

    template: str
    code: str
    here: str
    """The address of the form."""
    back: str
    """Where it goes on when it was kept."""


def shown(place: Place) -> str:
    """Show how a library lends, to be changed."""
    found = keeping.get(current_site().database, place.code)
    return _form(place, found, found.fingerprint)


def kept(place: Place) -> Response | tuple[str, int]:
    """Keep what the form says, unless somebody else changed it meanwhile."""
    lends = request.form.get("lends", "")
    texts = {name: request.form.get(name, "") for name in NAMES if name != "lends"}
    wanted = Lending(lends=Lends(lends) if lends in set(Lends) else Lends.NOT_TOLD, **texts)
    seen = request.form.get("seen", "")
    try:
        changed = keeping.change(current_site().database, place.code, wanted, seen)
    except Error as error:
        page = _form(place, wanted, seen, message(error, words()))
        return page, HTTPStatus.BAD_REQUEST
    flash(words()(_KEPT if changed else _SAME))
    return redirect(place.back)


def _form(place: Place, value: Lending, seen: str, refused: str = "") -> str:
    told: dict[str, Any] = {"value": value, "seen": seen, "refused": refused, "lends": LENDS}
    library = libraries.get(current_site().database, place.code)
    return render_template(place.template, library=library, here=place.here, **told)
