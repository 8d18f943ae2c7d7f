"""``/help`` lists the how-tos by what one wants to do, ``/help/<name>`` shows one."""

from __future__ import annotations

from http import HTTPStatus
from typing import NamedTuple

from flask import (
    Blueprint,
    Response,
    abort,
    make_response,
    render_template,
    request,
    send_from_directory,
    url_for,
)

from web.language import LANGUAGES
from web.manual import rendering
from web.manual.finding import find
from web.manual.guides import GROUPS, PICTURES, START, group_of, names
from web.manual.listing import tasks
from web.manual.places import place
from web.security import WITH_OUR_SCRIPT
from web.speech import language

blueprint = Blueprint("help", __name__, url_prefix="/help", template_folder="templates")

_HOUR = 3600
_PICTURE = "image/webp"
"""Not every system knows it by the name of the file, and browsers may not guess."""
_LONGEST = 200
"""Letters of what is looked for that are read."""


class Entry(NamedTuple):
    """A line of the list of pages."""

    name: str
    title: str
    task: str
    """What one wants to do who reads it; empty where the list of the how-tos has no such line."""


@blueprint.get("")
def listing() -> str:
    """Show all pages by what they are for, or the sections with the words looked for."""
    wanted = request.args.get("q", "")[:_LONGEST].strip()
    spoken = language()
    return render_template(
        "help/list.html",
        wanted=wanted,
        found=find(wanted, spoken),
        groups=_groups(spoken),
        begin=rendering.page(START, spoken, url_for("help.listing")),
    )


def _groups(spoken: str) -> list[tuple[str, list[Entry]]]:
    """Return the headings of the list, each with its lines; no heading without one."""
    told = tasks(spoken)
    order = {name: number for number, name in enumerate(told)}
    lines: dict[str, list[Entry]] = {group: [] for group in GROUPS}
    for name in sorted(names(), key=lambda name: (order.get(name, len(order)), name)):
        entry = Entry(name, rendering.title(name, spoken), told.get(name, ""))
        lines[group_of(name)].append(entry)
    return [(GROUPS[group], entries) for group, entries in lines.items() if entries]


@blueprint.get("/<name>")
def page(name: str) -> Response:
    """Show a page."""
    shown = None if name == START else rendering.page(name, language(), url_for("help.listing"))
    if shown is None:
        abort(HTTPStatus.NOT_FOUND)
    answer = make_response(render_template("help/page.html", page=shown, name=name))
    answer.headers["Content-Security-Policy"] = WITH_OUR_SCRIPT
    answer.add_etag()
    answer.vary.update(("Cookie", "Accept-Language"))
    answer.make_conditional(request)
    return answer


@blueprint.get("/pictures/<spoken>/<name>")
def picture(spoken: str, name: str) -> Response:
    """Give a picture of the pages in one language."""
    if spoken not in LANGUAGES:
        abort(HTTPStatus.NOT_FOUND)
    return send_from_directory(PICTURES / spoken, name, mimetype=_PICTURE, max_age=_HOUR)


def here() -> str:
    """Return the address of the help for the screen that is shown."""
    found = place(request.endpoint or "")
    if found is None:
        return url_for("help.listing")
    return url_for("help.page", name=found.page, _anchor=found.anchor or None)
