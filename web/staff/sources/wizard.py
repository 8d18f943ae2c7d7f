"""Adding a source in five steps: address, test, choice, look at records, schedule.

What was typed travels from step to step within the forms, so nothing has to be remembered between
requests, one may go back, and what is left half-way leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from http import HTTPStatus
from itertools import islice
from typing import Any, TypeAlias

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from catalogue import libraries, sources
from catalogue.errors import NameTaken, NoSuchLibrary
from catalogue.model import Source
from catalogue.users import Role
from crosswalks.errors import Error
from scheduler.tryout import Tried, set_sizes, try_out
from web.language import mark, message
from web.site import current_site
from web.speech import words
from web.staff import access
from web.staff.room import current_room
from web.staff.sources import form
from web.staff.sources.outgoing import BUSY, Offers, records_of, steps_of, stream
from web.staff.sources.views import blueprint, check_sent, filled_form

TRIED = 500
"""Records of a dry run."""
COUNTED = 20
"""Sets that are counted when asked to; each is a request."""
Answer: TypeAlias = Response | str | tuple[str, int]
_NAMES = (
    mark("Address"),
    mark("Testing"),
    mark("Choice"),
    mark("Records"),
    mark("Schedule"),
)
ADDRESS, TEST, CHOICE, RECORDS, LAST = range(1, len(_NAMES) + 1)
_BEFORE = {TEST: ADDRESS, RECORDS: CHOICE}
"""The step that is shown where there is no room to ask a server."""
_ADDED = mark("{name} is added. Try it with a look at some records, then run it.")
_LIBRARY = mark("Library {code} was not known and has been added.")
_PAGES = ("address", "test", "choice", "records", "schedule")


@blueprint.context_processor
def _path() -> dict[str, Any]:
    return {"wizard_steps": _NAMES}


@blueprint.get("/add-source")
@access.needs(Role.OPERATOR)
def add() -> str:
    """Ask for the address of a new source."""
    return _page(ADDRESS, form.Filled(), Offers())


@blueprint.route("/add-source/address", methods=["GET", "POST"])
@access.needs(Role.OPERATOR)
def address() -> Answer:
    """Come back to the address, with all that was typed since."""
    return _given(lambda filled, offers: _page(ADDRESS, filled, offers))


@blueprint.route("/look-source", methods=["GET", "POST"])
@access.needs(Role.OPERATOR)
def look() -> Answer:
    """Show step by step what an address answers."""

    def show(filled: form.Filled, _before: Offers) -> Answer:
        free = _suggested(filled)
        named = replace(filled, name=filled.name or free)
        try:
            # The address may be another than the one for which the rest was chosen.
            source = _asked(replace(filled, name=free, library="-", sets=(), prefix=""))
        except Error as error:
            return _refused(ADDRESS, filled, _before, message(error, words()))
        offers = Offers()
        return _stream(TEST, source, named, offers, steps=steps_of(source, offers))

    return _given(show)


@blueprint.route("/add-source/choice", methods=["GET", "POST"])
@access.needs(Role.OPERATOR)
def choose() -> Answer:
    """Let one choose from what the server offers; count the records of sets if that is asked."""

    def show(filled: form.Filled, offers: Offers) -> Answer:
        if "count" not in request.form:
            return _page(CHOICE, filled, offers)
        try:
            source = _asked(replace(filled, name=_suggested(filled), library="-", sets=()))
        except Error as error:
            return _refused(CHOICE, filled, offers, message(error, words()))
        specs = list(islice(offers.all_sets, COUNTED))
        lines = _sizes(source, specs, offers)
        return _stream(CHOICE, source, filled, offers, set_lines=lines, counted=True)

    return _given(show)


@blueprint.route("/add-source/records", methods=["GET", "POST"])
@access.needs(Role.OPERATOR)
def look_at_records() -> Answer:
    """Show the first records of a source that is not kept yet, as it is chosen."""

    def show(filled: form.Filled, offers: Offers) -> Answer:
        try:
            source = _free(_asked(filled))
        except Error as error:
            return _refused(CHOICE, filled, offers, message(error, words()))
        return _stream(RECORDS, source, filled, offers, records=records_of(source))

    return _given(show)


@blueprint.route("/add-source/schedule", methods=["GET", "POST"])
@access.needs(Role.OPERATOR)
def plan() -> Answer:
    """Ask when the source is harvested, and how."""
    return _given(lambda filled, offers: _page(LAST, filled, offers))


@blueprint.route("/add-source/dry-run", methods=["GET", "POST"])
@access.needs(Role.OPERATOR)
def dry_run() -> Answer:
    """Show what a harvest would store, with nothing stored."""

    def show(filled: form.Filled, offers: Offers) -> Answer:
        try:
            source = _free(_sent(current_room().check(filled.source())))
        except Error as error:
            return _refused(LAST, filled, offers, message(error, words()))
        return _stream(LAST, source, filled, offers, tried=_tried(source))

    return _given(show)


@blueprint.post("/add-source")
@access.needs(Role.OPERATOR)
def save_new() -> Answer:
    """Keep a new source, the copy of another too, or show what is wrong with it."""
    filled = form.read(request.form)
    try:
        original = sources.get(current_site().database, filled.copied) if filled.copied else None
        made = filled.source() if original is None else filled.copy_of(original)
        source = current_room().check(made)
        check_sent(source, original)
        if _added(source):
            flash(words()(_LIBRARY).format(code=source.library))
    except Error as error:
        said = message(error, words())
        if "step" in request.form:
            return _refused(LAST, filled, Offers.read(request.form), said)
        page = render_template("staff/sources/form.html", **filled_form(filled, said))
        return page, HTTPStatus.BAD_REQUEST
    flash(words()(_ADDED).format(name=source.name))
    return redirect(url_for("sources.show", name=source.name))


def _added(source: Source) -> bool:
    """Add a source; tell whether its library is new. Pressed twice, it is added once."""
    database = current_site().database
    try:
        return sources.add(database, source)
    except NameTaken:
        if sources.get(database, source.name) != source:
            raise
        return False


def _given(show: Callable[[form.Filled, Offers], Answer]) -> Answer:
    """Answer a form; whoever comes without one begins at the beginning."""
    if request.method == "GET":
        return redirect(url_for("sources.add"))
    return show(form.read(request.form), Offers.read(request.form))


def _suggested(filled: form.Filled) -> str:
    """Return a name that no source has; one that was typed may lead to any inbox."""
    taken = {source.name: source for source in sources.all(current_site().database)}
    return form.suggested(filled.url, taken)


def _asked(filled: form.Filled) -> Source:
    """Return the source whose server is asked before all is filled in; raise what is wrong with it.

    What is wrong with a later step is said there.
    """
    later = {name: filled.options[name] for name in ("credentials",) if name in filled.options}
    now = replace(filled, schedule="", written="", written_before="", options=later)
    return _sent(current_room().check(now.source()))


def _sent(source: Source) -> Source:
    """Return a source that may be asked on behalf of this person: it may get a password."""
    check_sent(source, None)
    return source


def _free(source: Source) -> Source:
    """Return a source that could be kept by its name and library; raise what is wrong with them."""
    sources.check_name(source.name)
    database = current_site().database
    try:
        libraries.get(database, source.library)
    except NoSuchLibrary:
        libraries.check_code(source.library)
    if any(known.name == source.name for known in sources.all(database)):
        raise NameTaken(name=source.name)
    return source


def _sizes(
    source: Source, specs: list[str], offers: Offers
) -> Iterator[tuple[str, str, int | None]]:
    """Yield the sets that are offered with their names, and how many records are in the first."""
    for spec, size in set_sizes(current_room().line, source, specs):
        yield spec, offers.sets[spec], size
    for spec in islice(offers.all_sets, len(specs), None):
        yield spec, offers.sets[spec], None


def _tried(source: Source) -> Iterator[tuple[Tried | None, str]]:
    """Yield what came after each page, and at last why there is no more, if that is an error."""
    try:
        for each in try_out(current_room().line, source, TRIED):
            yield each, ""
    except Error as error:
        yield None, message(error, words())


def _context(step: int, filled: form.Filled, offers: Offers, **more: Any) -> dict[str, Any]:
    return {
        "step": step,
        "most_tried": TRIED,
        "most_counted": COUNTED,
        "set_lines": ((spec, name, None) for spec, name in offers.all_sets.items()),
        "counted": False,
        **filled_form(filled, offers=offers),
        **more,
    }


def _template(step: int) -> str:
    return f"staff/sources/add/{_PAGES[step - 1]}.html"


def _page(step: int, filled: form.Filled, offers: Offers, **more: Any) -> str:
    return render_template(_template(step), **_context(step, filled, offers, **more))


def _refused(
    step: int, filled: form.Filled, offers: Offers, said: str, **more: Any
) -> tuple[str, int]:
    page = _page(step, filled, offers, **more | {"refused": said})
    return page, HTTPStatus.BAD_REQUEST


def _stream(step: int, source: Source, filled: form.Filled, offers: Offers, **more: Any) -> Answer:
    """Answer with a step that is sent as it comes to be, or with the one before it."""
    answer = stream(source, _template(step), **_context(step, filled, offers, **more))
    if answer is not None:
        return answer
    page = _page(_BEFORE.get(step, step), filled, offers, refused=words()(BUSY))
    return page, HTTPStatus.SERVICE_UNAVAILABLE
