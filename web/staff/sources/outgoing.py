"""What asks a member's server while somebody waits: told line by line, as the answers come.

A few such pages at a time: each keeps a thread of the web server for as long as a server takes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from threading import BoundedSemaphore
from typing import Any, NamedTuple, Self

from flask import (
    Response,
    flash,
    redirect,
    request,
    stream_template,
    url_for,
)
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from catalogue import sources
from catalogue.model import Source
from catalogue.users import Role
from crosswalks import trials
from crosswalks.errors import Error
from crosswalks.model import Element, Problem, Record
from scheduler.connection import FileStage, SearchStage, Stage, State, Step, check
from scheduler.preview import preview as look_at
from web.language import mark, message, said
from web.site import current_site
from web.speech import words
from web.staff import access
from web.staff.room import current_room
from web.staff.shown import shown
from web.staff.sources.views import blueprint

AT_ONCE = 3
LOOKED_AT = 10
_RAW_SHOWN = 6_000
_STAGES = {
    Stage.IDENTIFY: mark("Identify"),
    Stage.FORMATS: mark("Formats"),
    Stage.SETS: mark("Sets"),
    Stage.FIRST_PAGE: mark("First page"),
    FileStage.FILES: mark("Files"),
    FileStage.FORMAT: mark("Format"),
    FileStage.FIRST_RECORDS: mark("First records"),
    SearchStage.SESSION: mark("Session"),
    SearchStage.WAYS: mark("Ways"),
    SearchStage.FIRST_RECORDS: mark("First records"),
}
_STATES = {
    State.OK: mark("ok"),
    State.FAILED: mark("failed"),
    State.SKIPPED: mark("skipped"),
}
_ALL_WELL = mark("Everything answers as it should.")
_NOT_WELL = mark("Not everything answers as it should; see what failed above.")
BUSY = mark("Several members are being asked just now. Please try again in a minute.")
doors = BoundedSemaphore(AT_ONCE)
"""Held by each page that is being answered."""


class StepLine(NamedTuple):
    """One step as it is shown."""

    name: str
    state: State
    word: str
    seconds: float
    details: tuple[str, ...]
    failure: str


class Offered(NamedTuple):
    """A format that a server offers; its name has no white space (OAI-PMH 2.0 s3.4)."""

    prefix: str
    readable: bool


class RecordShown(NamedTuple):
    """One record at each step of its way, as text; or why there are no more."""

    identifier: str = ""
    deleted: bool = False
    raw: str = ""
    parsed: str = ""
    mapped: str = ""
    problems: tuple[Problem, ...] = ()
    failure: str = ""


@dataclass(slots=True)
class Offers:
    """What the form can let one choose from, filled while the steps are shown."""

    name: str = ""
    formats: list[Offered] = field(default_factory=list)
    sets: dict[str, str] = field(default_factory=dict)
    set_count: int = 0
    well: bool = True

    def learn(self, step: Step) -> None:
        """Take what a step found."""
        found = step.found
        match step.name:
            case Stage.IDENTIFY | SearchStage.SESSION:
                self.name = str(found.get("name", ""))
            case Stage.FORMATS:
                self.formats = [Offered(one, readable=True) for one in found.get("readable", ())]
                self.formats += [Offered(one, readable=False) for one in found.get("others", ())]
            case Stage.SETS:
                self.sets, self.set_count = found.get("offered", {}), found.get("count", 0)
        self.well = self.well and step.state is not State.FAILED

    @classmethod
    def read(cls, given: MultiDict[str, str]) -> Self:
        """Return what a form brings along of an earlier step."""
        formats = (one.partition(" ") for one in given.getlist("offered_format"))
        sets = (one.partition(" ") for one in given.getlist("offered_set"))
        offers = cls(name=given.get("offered_name", ""), well="offered_ill" not in given)
        offers.formats = [Offered(prefix, readable=how == "") for prefix, _, how in formats]
        offers.sets = {spec: name for spec, _, name in sets}
        offers.set_count = given.get("offered_sets", 0, type=int)
        return offers

    @property
    def all_sets(self) -> dict[str, str]:
        """The sets with their names, if they are few enough to be ticked."""
        return self.sets if len(self.sets) == self.set_count else {}

    @property
    def verdict(self) -> str:
        """How it went, as a message to be translated."""
        return _ALL_WELL if self.well else _NOT_WELL


@blueprint.route("/sources/<name>/test", methods=["GET", "POST"])
@access.needs(Role.OPERATOR)
def test(name: str) -> AnyResponse:
    """Show the steps of connecting to a source, as each ends."""
    source = sources.get(current_site().database, name)
    if request.method == "GET":
        return redirect(url_for("sources.show", name=name))
    offers = Offers()
    steps = steps_of(source, offers)
    return _stream(source, "staff/sources/test.html", steps=steps, offers=offers)


@blueprint.route("/sources/<name>/preview", methods=["GET", "POST"])
@access.needs(Role.OPERATOR)
def preview(name: str) -> AnyResponse:
    """Show the first records as they come, and what reading and mapping make of them."""
    source = sources.get(current_site().database, name)
    if request.method == "GET":
        return redirect(url_for("sources.show", name=name))
    return _stream(source, "staff/sources/preview.html", records=records_of(source))


def _stream(source: Source, template: str, **context: Any) -> AnyResponse:
    """Answer with a page as ``stream`` does, or lead back to the list."""
    answer = stream(source, template, **context)
    if answer is not None:
        return answer
    flash(words()(BUSY))
    return redirect(url_for("sources.listing"))


def stream(source: Source, template: str, **context: Any) -> Response | None:
    """Return a page that is sent as it comes to be; None where there is room for no more."""
    if not doors.acquire(blocking=False):
        return None
    answer = Response(stream_template(template, source=source, **context), mimetype="text/html")
    answer.call_on_close(doors.release)
    # nginx would keep it back until it is whole.
    answer.headers["X-Accel-Buffering"] = "no"
    return answer


def steps_of(source: Source, offers: Offers) -> Iterator[StepLine]:
    """Yield the steps of connecting to a source, and have ``offers`` learn from them."""
    translate = words()
    try:
        for step in check(current_room().line, source):
            offers.learn(step)
            yield StepLine(
                name=translate(_STAGES.get(step.name, step.name.value)),
                state=step.state,
                word=translate(_STATES[step.state]),
                seconds=step.seconds,
                details=tuple(said(each, translate) for each in step.detail),
                failure=message(step.error, translate) if step.error else "",
            )
    except Error as error:
        offers.well = False
        word = translate(_STATES[State.FAILED])
        yield StepLine("", State.FAILED, word, 0.0, (), message(error, translate))


def records_of(source: Source) -> Iterator[RecordShown]:
    """Yield the first records of a source at each step of their way, or why there are no more."""
    translate = words()
    try:
        for each in look_at(current_room().line, source, LOOKED_AT):
            yield RecordShown(
                identifier=each.raw.identifier,
                deleted=each.raw.deleted,
                raw=shown(each.raw.body, _RAW_SHOWN),
                parsed=_lines(each.parsed),
                mapped=_lines(each.mapped),
                problems=each.problems,
            )
    except Error as error:
        yield RecordShown(failure=message(error, translate))


def _lines(record: Record | None) -> str:
    if record is None:
        return ""
    elements = [entry for entry in record.fields if isinstance(entry, Element)]
    return "\n".join(_elements(elements, 0) if elements else trials.lines(record))


def _elements(elements: Iterable[Element], depth: int) -> Iterator[str]:
    """Yield a line for each element: what it is called, says, and has beside that."""
    for element in elements:
        told = "".join(f" {name}={value}" for name, value in element.attributes)
        yield f"{'  ' * depth}{element.name}{told}: {element.text}".rstrip(": ")
        yield from _elements(element.children, depth + 1)
