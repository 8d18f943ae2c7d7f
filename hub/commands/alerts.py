"""``lienthong alerts``: what was told of sources, and who is told of what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from catalogue.alerts import channels, outbox, store
from catalogue.alerts.model import LEVELS, Alert, Channel, ChannelKind, Post, Rhythm
from catalogue.clock import told
from crosswalks.errors import Error
from crosswalks.model import Severity
from hub.errors import OneWayOnly
from hub.instance import Hub
from hub.options import json_option, limit_option
from web.alerts.words import SEVERITIES, Voice, sentences, title
from web.language import message
from web.told import run_message

if TYPE_CHECKING:
    from scheduler.alerts.model import Letter

NONE = "none"
_LEVELS = [level.value for level in LEVELS]


@click.group("alerts")
def group() -> None:
    """See what changed with sources, and say who is told of it."""


@group.command("list")
@click.option("--source", default="", help="Only of this source.")
@click.option("--severity", type=click.Choice(_LEVELS), help="Only from this severity on.")
@limit_option
@json_option
@click.pass_obj
def list_alerts(
    hub: Hub, /, source: str, severity: str | None, *, limit: int, as_json: bool
) -> None:
    """List what changed with sources, the newest first."""
    least = Severity(severity) if severity else Severity.INFO
    with hub.catalogue() as db:
        found = store.listing(db, source=source, least=least, limit=limit)
    voice = _voice(hub)
    if as_json:
        return hub.output.values(_alert(each, voice) for each in found)
    return hub.output.table(
        ("Time", "Severity", "Source", "What changed", "Harvest"),
        (
            (
                voice.moment(each.at),
                hub.translate(SEVERITIES[each.severity]),
                each.source,
                ". ".join([title(each, voice), *sentences(each, voice)]),
                each.run or "",
            )
            for each in found
        ),
    )


@group.command("channels")
@json_option
@click.pass_obj
def list_channels(hub: Hub, *, as_json: bool) -> None:
    """List who is told of what, and whether the messages arrive."""
    with hub.catalogue() as db:
        found, posts = channels.all(db), outbox.posts(db)
    if as_json:
        return hub.output.values(_channel(hub, each, posts.get(each.id)) for each in found)
    return hub.output.table(
        ("Name", "Kind", "Address", "Language", "Told from", "Sources", "Digest", "Waits", "Why"),
        (
            (
                each.name,
                hub.translate(each.kind.value),
                each.target,
                each.language,
                hub.translate(SEVERITIES[each.severity]) if each.severity else "-",
                " ".join(each.sources) or each.library or hub.translate("all"),
                hub.translate(each.digest.value) if each.digest else "-",
                *_fares(hub, posts.get(each.id)),
            )
            for each in found
        ),
    )


@group.command("add")
@click.argument("name")
@click.option("--mail", help="The mail address of who is told.")
@click.option("--webhook", help="The address of a program that is told, https://...")
@click.option(
    "--severity",
    type=click.Choice([*_LEVELS, NONE]),
    default=Severity.WARNING.value,
    show_default=True,
    help="Tell of this and what is graver; none: no alerts, only digests.",
)
@click.option("--source", "sources", multiple=True, help="Only of this source; again for more.")
@click.option("--library", default="", help="Only of this library's sources, and as its own.")
@click.option(
    "--language",
    type=click.Choice(["vi", "en"]),
    default="vi",
    show_default=True,
    help="The language of the messages.",
)
@click.option(
    "--digest",
    type=click.Choice([NONE, Rhythm.DAILY.value, Rhythm.WEEKLY.value]),
    default=NONE,
    show_default=True,
    help="How often a summary is sent.",
)
@json_option
@click.pass_obj
def add(hub: Hub, /, name: str, *, as_json: bool, **wanted: Any) -> None:
    """Have somebody told of what changes with sources."""
    channel = _wanted(name, wanted)
    with hub.catalogue() as db:
        kept = channels.add(db, channel)
        _show_added(hub, kept, as_json=as_json)
    if kept.kind is ChannelKind.MAIL and not hub.settings.mail.host:
        hub.output.notice(
            "No mail server is named yet: set [mail] host in instance/lienthong.toml. What is to be"
            " told waits until then."
        )


@group.command("key")
@click.argument("name")
@json_option
@click.pass_obj
def key(hub: Hub, name: str, *, as_json: bool) -> None:
    """Have messages to a webhook signed by another key; the one before is void."""
    with hub.catalogue() as db:
        kept = channels.renew_key(db, name)
    _show_added(hub, kept, as_json=as_json)


@group.command("remove")
@click.argument("name")
@json_option
@click.pass_obj
def remove(hub: Hub, name: str, *, as_json: bool) -> None:
    """Tell somebody no more; what waits to be sent is dropped."""
    with hub.catalogue() as db:
        gone = channels.remove(db, name)
    if as_json:
        hub.output.value(_channel(hub, gone, None))


@group.command("test")
@click.argument("name")
@json_option
@click.pass_context
def test(context: click.Context, name: str, *, as_json: bool) -> None:
    """Send a test message now, and say whether it went out."""
    from hub.alerting import teller_of  # noqa: PLC0415 - brings the network; the others only look
    from scheduler.alerts import testing  # noqa: PLC0415 - as above

    hub: Hub = context.obj
    with hub.catalogue() as db:
        channel = channels.get(db, name)
        failure = _tried(lambda: testing.send_test(teller_of(hub, db), channel))
    _say_sent(hub, channel, failure, as_json=as_json)
    context.exit(1 if failure else 0)


@group.command("send-digest")
@click.argument("name")
@click.option("--show", is_flag=True, help="Show it instead of sending it.")
@json_option
@click.pass_context
def send_digest(context: click.Context, name: str, *, show: bool, as_json: bool) -> None:
    """Send the digest of somebody now, whether or not it is due."""
    from hub.alerting import teller_of  # noqa: PLC0415 - as above
    from scheduler.alerts import testing  # noqa: PLC0415 - as above

    hub: Hub = context.obj
    with hub.catalogue() as db:
        channel = channels.get(db, name)
        teller = teller_of(hub, db)
        if show:
            _show(hub, testing.digest_letter(teller, channel), as_json=as_json)
            return
        failure = _tried(lambda: testing.send_digest(teller, channel))
    _say_sent(hub, channel, failure, as_json=as_json)
    context.exit(1 if failure else 0)


@group.command("run")
@json_option
@click.pass_obj
def run(hub: Hub, *, as_json: bool) -> None:
    """Look what changed and send all that waits, where no worker runs that does so by itself."""
    from hub.alerting import teller_of  # noqa: PLC0415 - as above
    from scheduler.alerts.telling import tell_now  # noqa: PLC0415 - as above

    with hub.catalogue() as db:
        changes, tried = tell_now(teller_of(hub, db))
    if as_json:
        return hub.output.value({"changes": changes, "tried": tried})
    return hub.output.notice(
        "{changes} changes were noted, {tried} messages were tried. See what waits with: lienthong"
        " alerts channels",
        changes=changes,
        tried=tried,
    )


def _wanted(name: str, wanted: dict[str, Any]) -> Channel:
    mail, webhook = wanted["mail"], wanted["webhook"]
    if bool(mail) == bool(webhook):
        raise OneWayOnly
    severity, digest = wanted["severity"], wanted["digest"]
    return Channel(
        name=name,
        kind=ChannelKind.MAIL if mail else ChannelKind.WEBHOOK,
        target=mail or webhook,
        language=wanted["language"],
        severity=None if severity == NONE else Severity(severity),
        sources=wanted["sources"],
        library=wanted["library"],
        digest=Rhythm.NEVER if digest == NONE else Rhythm(digest),
    )


def _tried(send: Any) -> Error | None:
    try:
        send()
    except Error as error:
        if error.wrong_use:
            raise
        return error
    return None


def _show(hub: Hub, letter: Letter, *, as_json: bool) -> None:
    if as_json:
        hub.output.value({"subject": letter.subject, "text": letter.text})
        return
    hub.output.line(letter.subject)
    hub.output.line("")
    hub.output.line(letter.text.rstrip("\n"))


def _say_sent(hub: Hub, channel: Channel, failure: Error | None, *, as_json: bool) -> None:
    why = message(failure, hub.translate) if failure else ""
    if as_json:
        hub.output.value({"name": channel.name, "sent": failure is None, "message": why})
    elif failure:
        hub.output.notice("{why}", why=why)
    else:
        hub.output.notice("The message to {target} was handed over.", target=channel.target)


def _voice(hub: Hub) -> Voice:
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - as above

    zone = ZoneInfo(hub.settings.scheduler.time_zone)
    # Commands know their translator, not what it is called.
    language = "en" if hub.translate("yes") == "yes" else "vi"
    return Voice(translate=hub.translate, language=language, zone=zone)


def _alert(each: Alert, voice: Voice) -> dict[str, Any]:
    return {
        "id": each.id,
        "at": told(each.at),
        "kind": each.kind.value,
        "severity": each.severity.value,
        "source": each.source,
        "library": each.library,
        "run": each.run,
        "text": ". ".join([title(each, voice), *sentences(each, voice)]),
        "details": dict(each.details),
    }


def _channel(hub: Hub, each: Channel, post: Post | None) -> dict[str, Any]:
    return {
        "name": each.name,
        "kind": each.kind.value,
        "target": each.target,
        "language": each.language,
        "severity": each.severity.value if each.severity else NONE,
        "kinds": list(each.kinds),
        "sources": list(each.sources),
        "library": each.library,
        "digest": each.digest.value or NONE,
        "created": told(each.created),
        "queued": post.queued if post else 0,
        "failed": post.failed if post else 0,
        "last_sent": told(post.last_sent) if post and post.last_sent else "",
        "message": run_message(post, hub.translate) if post else "",
    }


def _fares(hub: Hub, post: Post | None) -> tuple[object, str]:
    return (post.queued or "", run_message(post, hub.translate)) if post else ("", "")


def _show_added(hub: Hub, kept: Channel, *, as_json: bool) -> None:
    """Show a channel, and of a webhook the key by which it knows that a message is ours."""
    signed = {}
    if kept.kind is ChannelKind.WEBHOOK:
        from hub.harvesting import credentials_key  # noqa: PLC0415 - as above
        from scheduler.alerts.sending import signing_key  # noqa: PLC0415 - as above

        signed = {"key": signing_key(credentials_key(hub), kept)}
    if as_json:
        hub.output.value({**_channel(hub, kept, None), **signed})
    elif signed:
        hub.output.notice("The key that its messages are signed with:")
        hub.output.line(signed["key"])
