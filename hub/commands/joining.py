"""``lienthong joining``: libraries that want to join, from the first letter to the connection."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import click

from catalogue.clock import told
from catalogue.joining import checks, inviting, store
from catalogue.joining.model import Application, By, Check, State
from hub.commands.crosswalk import author_option
from hub.crosswalks import author_of
from hub.errors import WrongUse
from hub.harvesting import line_of
from hub.instance import Hub
from hub.options import json_option, with_options
from hub.sourcecheck import check as check_source
from scheduler.joining import survey, techcheck
from scheduler.joining.offered import have_stream
from scheduler.joining.survey import ADDRESS
from web.joining import report as words_of
from web.joining.words import ACTIONS, AWAITED, STATES, VERDICTS
from web.language import mark

_STATES = click.Choice([each.value for each in State])


@click.group("joining")
def group() -> None:
    """Take libraries in: application, survey, technical check, test stream, agreement."""


@group.command("list")
@json_option
@click.pass_obj
def list_applications(hub: Hub, *, as_json: bool) -> None:
    """List the applications, those that wait longest first."""
    with hub.catalogue() as db:
        found = store.all(db)
    if as_json:
        return hub.output.values(map(_plain, found))
    return hub.output.table(
        ("Code", "Name", "State", "Since", "Awaited"),
        [
            (
                *(each.code, each.name, hub.translate(STATES[each.state]), told(each.since)),
                hub.translate(AWAITED[each.turn]),
            )
            for each in found
        ],
    )


@group.command("show")
@click.argument("code")
@json_option
@click.pass_obj
def show(hub: Hub, code: str, *, as_json: bool) -> None:
    """Show an application, its answers and what happened to it."""
    with hub.catalogue() as db:
        found, events = store.get(db, code), store.events(db, code)
    if as_json:
        return hub.output.value(_plain(found) | {"events": [asdict(each) for each in events]})
    _print(hub, found)
    return hub.output.table(
        ("When", "Done by", "What happened", "State", "Note"),
        [
            (
                *(told(each.at), each.author, hub.translate(ACTIONS[each.action])),
                *(hub.translate(STATES[each.state]), each.note),
            )
            for each in events
        ],
    )


_details = with_options(
    click.option("--name", default="", help="The library's name."),
    click.option("--kind", default="", help="Type of library: university, public, special, ..."),
    click.option("--region", default="", help="Province or region."),
    click.option("--contact", default="", help="Who is written to."),
    click.option("--mail", default="", help="Mail address of that person."),
    click.option("--note", default="", help="A note for those who come later."),
    author_option,
)


@group.command("add")
@click.argument("code")
@_details
@json_option
@click.pass_obj
def add(hub: Hub, /, code: str, *, as_json: bool, note: str, author: str, **given: Any) -> None:
    """Note that a library wants to join, under the code that it wants."""
    with hub.catalogue() as db:
        made = store.add(db, Application(code=code, **given), author_of(hub, author), note)
    _tell(hub, made, as_json=as_json)


@group.command("survey")
@click.argument("code")
@click.argument("answers", nargs=-1, metavar="[NAME=ANSWER]...")
@click.option("--part", is_flag=True, help="Only some of the answers yet.")
@author_option
@json_option
@click.pass_obj
def fill_in(hub: Hub, /, code: str, answers: tuple[str, ...], author: str, **given: bool) -> None:
    """Keep a library's answers to the survey; without any, list the questions."""
    asked = survey.questions(hub.settings.joining.survey)
    if not answers:
        return _questions(hub, asked, as_json=given["as_json"])
    said: dict[str, list[str]] = {}
    for each in answers:
        name, equals, text = each.partition("=")
        if not equals or name not in {question.name for question in asked}:
            raise WrongUse(reason=mark("write each answer as the name of its question, =, answer"))
        said.setdefault(name, []).append(text)
    complete = not given["part"]
    with hub.catalogue() as db:
        known = store.get(db, code).answers
        kept = {name: [text] if isinstance(text, str) else text for name, text in known.items()}
        merged = kept | said
        read = survey.checked(
            asked, lambda name: merged.get(name, ()), hub.language, complete=complete
        )
        by = By(author_of(hub, author))
        _tell(hub, store.answer(db, code, read, by, complete=complete), as_json=given["as_json"])
    return None


def _questions(hub: Hub, asked: tuple[survey.Question, ...], *, as_json: bool) -> None:
    if as_json:
        return hub.output.values(map(asdict, asked))
    return hub.output.table(
        ("Name", "Question", "Answers to choose from"),
        [
            (each.name, each.said(hub.language), " ".join(one.name for one in each.choices))
            for each in asked
        ],
    )


@group.command("check")
@click.argument("code")
@click.option("--url", ADDRESS, default="", help="The address to check; else what the survey says.")
@click.option("--prefix", default="", help="The metadataPrefix or record syntax.")
@click.option("--encoding", default="", help="Encoding of the records.")
@click.option("--source", default="", help="Name of the test source; else the code.")
@author_option
@json_option
@click.pass_obj
def check(hub: Hub, /, code: str, *, as_json: bool, author: str, **given: str) -> int:
    """Check what a library offers, as a test stream; exit code 1 where something is to be mended.

    Its records are at no door until both sides have agreed.
    """
    by = By(author_of(hub, author))
    with hub.catalogue() as db:
        have_stream(db, code, given, by, check_source)
        techcheck.check_now(line_of(hub, db), code, by)
        newest = checks.all(db, code)[0]
    _report(hub, newest, as_json=as_json)
    return int(newest.verdict != checks.PASS)


@group.command("report")
@click.argument("code")
@json_option
@click.pass_obj
def report(hub: Hub, code: str, *, as_json: bool) -> None:
    """Show what the newest technical check found, and how to mend it."""
    with hub.catalogue() as db:
        found = [each for each in checks.all(db, code) if each.finished]
    if not found:
        return hub.output.notice("Nothing was checked yet.")
    return _report(hub, found[0], as_json=as_json)


def _report(hub: Hub, check: Check, *, as_json: bool) -> None:
    findings = list(words_of.findings(check.report, hub.translate))
    if as_json:
        plain = {
            "check": check.id,
            "verdict": check.verdict,
            "facts": check.report.get("facts", {}),
        }
        return hub.output.value(plain | {"findings": [each._asdict() for each in findings]})
    hub.output.pairs(dict(_head(hub, check)))
    for each in findings:
        count = f" ({each.records})" if each.records else ""
        where = f" {each.where}" if each.where else ""
        hub.output.line(f"[{hub.translate(each.severity)}] {each.words}{where}{count}")
        if each.example:
            hub.output.line(f"    {each.example}")
        if each.advice:
            hub.output.line(f"    → {each.advice}")
    return None


def _head(hub: Hub, check: Check) -> Iterator[tuple[str, object]]:
    yield mark("Checked"), told(check.finished)
    yield mark("Verdict"), hub.translate(VERDICTS[check.verdict])
    for name, words in words_of.FACTS.items():
        value = check.report.get("facts", {}).get(name)
        if value not in (None, ""):
            yield words, value


@group.command("move")
@click.argument("code")
@click.argument("state", type=_STATES)
@click.option("--note", default="", help="A note for those who come later.")
@author_option
@json_option
@click.pass_obj
def move(hub: Hub, /, code: str, state: str, *, as_json: bool, **given: str) -> None:
    """Move an application on, back, or to its end."""
    with hub.catalogue() as db:
        moved = store.move(
            db, code, State(state), By(author_of(hub, given["author"]), given["note"])
        )
    _tell(hub, moved, as_json=as_json)


@group.command("invite")
@click.argument("code")
@click.option("--end", is_flag=True, help="Have the link lead nowhere any more.")
@author_option
@json_option
@click.pass_obj
def invite(hub: Hub, /, code: str, author: str, *, end: bool, as_json: bool) -> None:
    """Make the link by which a library fills in the survey and agrees; it is shown this once."""
    with hub.catalogue() as db:
        if end:
            inviting.uninvite(db, code, author_of(hub, author))
            return hub.output.notice("The link leads nowhere any more.")
        token = inviting.invite(db, code, author_of(hub, author))
    link = f"{hub.identity().base_url.rstrip('/')}/joining/{token}"
    if as_json:
        return hub.output.value({"link": link})
    return hub.output.line(link)


def _tell(hub: Hub, found: Application, *, as_json: bool) -> None:
    if as_json:
        return hub.output.value(_plain(found))
    return _print(hub, found)


def _print(hub: Hub, found: Application) -> None:
    hub.output.pairs(
        {
            "Code": found.code,
            "Name": found.name,
            "Type": found.kind,
            "Region": found.region,
            "Contact": found.contact,
            "Mail": found.mail,
            "State": hub.translate(STATES[found.state]),
            "Awaited": hub.translate(AWAITED[found.turn]),
            "Test source": found.source,
            "Answers": tuple(f"{name}={text}" for name, text in found.answers.items()),
        }
    )


def _plain(found: Application) -> dict[str, Any]:
    return asdict(found)
