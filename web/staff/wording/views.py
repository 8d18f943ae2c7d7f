"""``/staff/words`` shows all messages in both languages, to be read, and saved with corrections."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, Response, render_template, request

from web.language import Translate, mark
from web.numbers import whole
from web.site import current_site
from web.speech import words
from web.spreadsheet import BEGINNING, row
from web.staff.wording.listing import Asked, Line, Show, chosen
from web.staff.wording.places import WHERE

blueprint = Blueprint("wording", __name__, url_prefix="/staff", template_folder="../templates")

PER_PAGE = 50
_SHOWS = {
    Show.ALL: mark("all"),
    Show.LACKING: mark("not said in Vietnamese yet"),
    Show.SAME: mark("the same in both languages"),
    Show.PLACEHOLDERS: mark("with something filled in"),
}
_HEADS = (mark("English"), mark("Vietnamese"), mark("Where"), mark("File"), mark("Better wording"))


@blueprint.get("/words")
def listing() -> str:
    """Show the messages that are looked for, a page at a time."""
    asked = _asked()
    found = chosen(asked)
    page = max(1, whole(request.args.get("page", "")) or 1)
    begin = (page - 1) * PER_PAGE
    return render_template(
        "staff/wording/list.html",
        lines=found[begin : begin + PER_PAGE],
        count=len(found),
        page=page,
        more=len(found) > begin + PER_PAGE,
        asked=asked,
        kept=_kept(asked),
        shows=_SHOWS,
        places=WHERE,
        mail=current_site().identity.admin_email,
    )


@blueprint.get("/words.csv")
def file() -> Response:
    """Give the messages that are looked for as a file, with a column for a better wording."""
    # In the language of whoever asks, who is known no longer once rows are on their way.
    say = words()
    rows = _rows(chosen(_asked()), say)
    answer = Response(rows, mimetype="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = "attachment; filename=lien-thong-words.csv"
    return answer


def _rows(found: list[Line], say: Translate) -> Iterator[bytes]:
    yield BEGINNING + row(map(say, _HEADS))
    for line in found:
        yield row((line.english, line.vietnamese, say(line.where), " ".join(line.files), ""))


def _asked() -> Asked:
    show, place = request.args.get("show", ""), request.args.get("where", "")
    return Asked(
        words=request.args.get("q", "").strip(),
        show=Show(show) if show in list(Show) else Show.ALL,
        where=place if place in WHERE else "",
    )


def _kept(asked: Asked) -> dict[str, str]:
    """Return what the addresses of other pages carry along."""
    told = {"q": asked.words, "show": asked.show.value, "where": asked.where}
    return {name: value for name, value in told.items() if value}
