"""``/staff/alerts`` lists what changed with sources, ``/staff/alerts/channels`` who is told."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import TypeVar

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from catalogue import libraries, sources
from catalogue.alerts import channels, outbox, store
from catalogue.alerts.model import Channel, ChannelKind, Rhythm
from catalogue.errors import WrongUse
from catalogue.users import Role
from crosswalks.errors import Error
from crosswalks.model import Severity
from scheduler.alerts import testing
from scheduler.alerts.sending import signing_key
from web.alerts.words import SEVERITIES, Voice, sentences, title
from web.language import LANGUAGES, mark, message
from web.site import current_site
from web.speech import language, words
from web.staff import access
from web.staff.room import current_room
from web.told import run_message

blueprint = Blueprint(
    "alerts", __name__, url_prefix="/staff/alerts", template_folder="../templates"
)

T = TypeVar("T")

PER_PAGE = 50
KINDS = {ChannelKind.MAIL: mark("mail"), ChannelKind.WEBHOOK: mark("webhook")}
RHYTHMS = {
    Rhythm.NEVER: mark("never"),
    Rhythm.DAILY: mark("daily"),
    Rhythm.WEEKLY: mark("weekly"),
}
_ADDED = mark("{name} is told from now on.")
_KEY = mark("Messages to {name} are signed with this key, which is shown only now: {key}")
_GONE = mark("{name} is told no more.")
_SENT = mark("The message to {target} was handed over.")
_READ = mark("All alerts are marked as read.")


@blueprint.get("")
def listing() -> str:
    """Show the newest alerts first, of one source or of all, a page at a time."""
    database, source = current_site().database, request.args.get("source", "")
    before = request.args.get("before", type=int)
    if before is not None:
        access.fitting(before)
    least = _severity(request.args.get("severity", "")) or Severity.INFO
    found = store.listing(database, source=source, least=least, before=before, limit=PER_PAGE + 1)
    voice = _voice()
    return render_template(
        "staff/alerts/list.html",
        alerts=[(each, title(each, voice), sentences(each, voice)) for each in found[:PER_PAGE]],
        older=found[PER_PAGE - 1].id if len(found) > PER_PAGE else None,
        source=source,
        least=least,
        severities=SEVERITIES,
        seen=store.seen(database, access.me().id),
    )


@blueprint.post("/read")
@access.needs(Role.VIEWER)
def read() -> Response:
    """Note that somebody has read all that was on the page."""
    up_to = access.fitting(request.form.get("up_to", 0, type=int))
    store.mark_read(current_site().database, access.me().id, up_to)
    flash(words()(_READ))
    return redirect(url_for("alerts.listing"))


@blueprint.get("/channels")
@access.needs(Role.ADMIN)
def told() -> str:
    """Show who is told of what, and whether messages arrive."""
    return _page()


@blueprint.post("/channels/add")
@access.needs(Role.ADMIN)
def add() -> str | Response | tuple[str, int]:
    """Have somebody told."""
    try:
        kept = channels.add(current_site().database, _wanted())
    except Error as error:
        return _page(message(error, words())), HTTPStatus.BAD_REQUEST
    if kept.kind is ChannelKind.WEBHOOK:
        return _page(told=_key_of(kept))
    return _said(words()(_ADDED).format(name=kept.name))


@blueprint.post("/channels/<name>/key")
@access.needs(Role.ADMIN)
def renew(name: str) -> str:
    """Have messages to a webhook signed by another key."""
    return _page(told=_key_of(channels.renew_key(current_site().database, name)))


@blueprint.post("/channels/<name>/test")
@access.needs(Role.ADMIN)
def test(name: str) -> str | Response:
    """Send a test message while somebody waits."""
    channel = channels.get(current_site().database, name)
    teller = current_room().teller
    if teller is None:
        raise WrongUse(reason=mark("messages are not sent from here"))
    try:
        testing.send_test(teller, channel)
    except Error as error:
        return _page(message(error, words()))
    return _said(words()(_SENT).format(target=channel.target))


@blueprint.post("/channels/<name>/remove")
@access.needs(Role.ADMIN)
def remove(name: str) -> Response:
    """Tell somebody no more."""
    gone = channels.remove(current_site().database, name)
    return _said(words()(_GONE).format(name=gone.name))


def _wanted() -> Channel:
    given = request.form
    return Channel(
        name=given.get("name", "").strip(),
        kind=_chosen(ChannelKind, given.get("kind", "")),
        target=given.get("target", "").strip(),
        language=given.get("language", "") if given.get("language") in LANGUAGES else "vi",
        severity=_severity(given.get("severity", "")),
        sources=tuple(filter(None, given.getlist("source"))),
        library=given.get("library", ""),
        digest=_chosen(Rhythm, given.get("digest", "")),
    )


def _chosen(kind: Callable[[str], T], value: str) -> T:
    try:
        return kind(value)
    except ValueError as error:
        raise WrongUse(reason=mark("there is no such choice")) from error


def _severity(value: str) -> Severity | None:
    return next((level for level in Severity if level == value), None)


def _voice() -> Voice:
    return Voice(translate=words(), language=language(), zone=current_room().line.zone)


def _key_of(channel: Channel) -> str:
    key = signing_key(current_room().line.key, channel)
    return words()(_KEY).format(name=channel.name, key=key)


def _said(text: str) -> Response:
    flash(text)
    return redirect(url_for("alerts.told"))


def _page(refused: str = "", told: str = "") -> str:
    database = current_site().database
    posts, teller = outbox.posts(database), current_room().teller
    return render_template(
        "staff/alerts/channels.html",
        channels=[(each, posts.get(each.id)) for each in channels.all(database)],
        why=lambda post: run_message(post, words()),
        kinds=KINDS,
        rhythms=RHYTHMS,
        severities=SEVERITIES,
        sources=[each.name for each in sources.all(database)],
        libraries=libraries.all(database),
        sends=teller is not None,
        mails=teller is not None and teller.mail is not None,
        refused=refused,
        told=told,
        given=request.form,
    )
