"""``lienthong authorities``: lists of headings that widen searches."""

from __future__ import annotations

from typing import Any

import click

from catalogue.authorities import importing, keeping, looking, review
from catalogue.authorities.importing import File, Giving
from catalogue.authorities.looking import Wanted
from catalogue.authorities.model import Address, Answer, AuthorityList, Listed, Outcome
from catalogue.clock import told
from crosswalks.authorities.model import Kind
from crosswalks.authorities.reading import FORMS, HEAD
from hub.commands.crosswalk import author_option
from hub.crosswalks import author_of
from hub.filing import opened, peeked
from hub.instance import Hub
from hub.options import GREATEST, json_option, limit_option, with_options
from web.authorities.words import ANSWERS, FIGURES, KINDS, RELATIONS, reason

_SHOWN = 20
"""Records that could not be taken in, told one by one."""


@click.group("authorities")
def group() -> None:
    """Take in lists of names and subjects whose see-references widen searches."""


@group.command("import")
@click.argument("file")
@with_options(
    click.option("--list", "code", required=True, help="Code of the list, as in MARC $2: bkt."),
    click.option("--name", default="", help="What the list is called."),
    click.option(
        "--kind",
        type=click.Choice([each.value for each in Kind]),
        help="Of headings that do not tell theirs.",
    ),
    click.option("--format", "form", type=click.Choice([*FORMS]), help="Else by its looks."),
    click.option("--yes", "accepts", is_flag=True, help="Also where most of the list would go."),
    author_option,
    json_option,
)
@click.pass_obj
def import_list(hub: Hub, /, file: str, *, form: str | None, **given: Any) -> None:
    """Make a list what FILE says: MARC 21 authorities, SKOS, N-Triples or a table."""
    as_json, kind = given.pop("as_json"), given.pop("kind")
    given["author"] = author_of(hub, given["author"])
    giving = Giving(kind=Kind(kind) if kind else None, **given)
    with hub.catalogue() as db, opened(file) as stream:
        head, whole = peeked(stream, HEAD)
        done = importing.take_file(db, giving, File(head, whole, form or ""))
    if as_json:
        return hub.output.value(_outcome(hub, done))
    return _tell(hub, done)


def _tell(hub: Hub, done: Outcome) -> None:
    hub.output.pairs({word: getattr(done, name) for name, word in FIGURES.items()})
    for each in done.told[:_SHOWN]:
        hub.output.notice(
            "Record {place}: {reason}", place=each.place, reason=reason(each, hub.translate)
        )
    more = done.problems - min(len(done.told), _SHOWN)
    if more > 0:
        hub.output.notice("{count} more problems; see them with --json.", count=more)


def _outcome(hub: Hub, done: Outcome) -> dict[str, object]:
    figures = {name: getattr(done, name) for name in FIGURES}
    said = [{"record": each.place, "reason": reason(each, hub.translate)} for each in done.told]
    return {"list": done.code, **figures, "told": said}


@group.command("list")
@json_option
@click.pass_obj
def list_lists(hub: Hub, *, as_json: bool) -> None:
    """List the lists of authorities."""
    with hub.catalogue() as db:
        found = looking.all_lists(db)
    if as_json:
        return hub.output.values(map(_as_list, found))
    return hub.output.table(
        ("List", "Name", "Kind", "Headings", "Widens searches", "Taken in", "By"),
        [
            (
                *(each.code, each.name, hub.translate(KINDS[each.kind]), each.headings),
                hub.translate("yes" if each.widens else "no"),
                *(told(each.imported), each.author),
            )
            for each in found
        ],
    )


def _as_list(each: AuthorityList) -> dict[str, object]:
    return {
        "list": each.code,
        "name": each.name,
        "kind": each.kind,
        "headings": each.headings,
        "widens": each.widens,
        "imported": told(each.imported),
        "author": each.author,
    }


@group.command("find")
@click.argument("words", nargs=-1, required=True)
@click.option("--list", "code", default="", help="Only in this list.")
@limit_option
@json_option
@click.pass_obj
def find(hub: Hub, words: tuple[str, ...], *, code: str, limit: int, as_json: bool) -> None:
    """Find headings that WORDS, or a name that leads to them, begin with."""
    with hub.catalogue() as db:
        found = looking.find(db, Wanted(" ".join(words), code, limit=limit)).headings
    if as_json:
        return hub.output.values(map(as_heading, found))
    return hub.output.table(
        ("List", "Number", "Kind", "Heading", "See from"),
        [(*each.address, hub.translate(KINDS[each.kind]), each.heading, each.by) for each in found],
    )


def as_heading(each: Listed) -> dict[str, object]:
    """Return a line of headings as one flat object."""
    return {
        "list": each.address.code,
        "number": each.address.number,
        "kind": each.kind,
        "heading": each.heading,
        "see_from": each.by,
    }


@group.command("show")
@click.argument("code", metavar="LIST")
@click.argument("number")
@json_option
@click.pass_obj
def show(hub: Hub, code: str, number: str, *, as_json: bool) -> None:
    """Show one heading with what leads to it and where it leads."""
    with hub.catalogue() as db:
        found = looking.show(db, Address(code, number))
    entry = found.entry
    if as_json:
        links = [
            {
                "relation": each.relation,
                "heading": each.text,
                "number": each.address.number if each.address else None,
            }
            for each in found.links
        ]
        return hub.output.value(
            {
                "list": code,
                "number": number,
                "kind": entry.kind,
                "heading": entry.heading,
                "see_from": [{"text": name, "language": lang} for name, lang in entry.names],
                "related": links,
                "same": entry.same,
                "notes": entry.notes,
                "sources": entry.sources,
            }
        )
    lines: list[tuple[str, str]] = [("Heading", entry.heading)]
    lines += [("Kind", hub.translate(KINDS[entry.kind])), ("List", found.list_name)]
    lines += [("See from", name) for name, _ in entry.names]
    lines += [(RELATIONS[each.relation], each.text) for each in found.links]
    lines += [("The same elsewhere", each) for each in entry.same]
    lines += [("Note", each) for each in (*entry.notes, *entry.sources)]
    return hub.output.table(
        ("Name", "Value"), [(hub.translate(name), value) for name, value in lines]
    )


@group.command("set")
@click.argument("code", metavar="LIST")
@click.option(
    "--widens",
    type=click.Choice(["yes", "no"]),
    required=True,
    help="Whether its see-references widen searches.",
)
@json_option
@click.pass_obj
def set_list(hub: Hub, code: str, *, widens: str, as_json: bool) -> None:
    """Say whether see-references of a list widen searches."""
    does = widens == "yes"
    with hub.catalogue() as db:
        keeping.set_widening(db, code, widens=does)
    if as_json:
        return hub.output.value({"list": code, "widens": does})
    return hub.output.notice(
        "List {code} widens searches." if does else "List {code} widens no searches.", code=code
    )


@group.command("remove")
@click.argument("code", metavar="LIST")
@json_option
@click.pass_obj
def remove(hub: Hub, code: str, *, as_json: bool) -> None:
    """Take a list away; records stay as they are."""
    with hub.catalogue() as db:
        headings = keeping.remove(db, code)
    if as_json:
        return hub.output.value({"list": code, "headings": headings})
    return hub.output.notice(
        "List {code} is gone; it had {headings} headings.", code=code, headings=headings
    )


@group.command("asked")
@limit_option
@json_option
@click.pass_obj
def asked(hub: Hub, *, limit: int, as_json: bool) -> None:
    """List headings that one name leads to: do they name the same person?"""
    with hub.catalogue() as db:
        found = review.questions(db, limit=limit)
    if as_json:
        return hub.output.values(
            {
                "one": str(each.one.address),
                "one_heading": each.one.heading,
                "other": str(each.other.address),
                "other_heading": each.other.heading,
                "name": each.name,
            }
            for each in found
        )
    return hub.output.table(
        ("One", "Heading", "Other", "Heading", "Name that leads to both"),
        [(*map(str, each.one), *map(str, each.other), each.name) for each in found],
    )


@group.command("answer")
@click.argument("one", nargs=2, metavar="LIST NUMBER")
@click.argument("other", nargs=2, metavar="LIST NUMBER")
@click.argument("said", type=click.Choice([each.value for each in Answer]))
@author_option
@json_option
@click.pass_obj
def answer(
    hub: Hub, /, one: tuple[str, str], other: tuple[str, str], said: str, **how: Any
) -> None:
    """Say whether two headings name the same; they then widen each other, or do not."""
    with hub.catalogue() as db:
        number = review.answer(
            db, Address(*one), Address(*other), Answer(said), author_of(hub, how["author"])
        )
    if how["as_json"]:
        return hub.output.value({"number": number})
    return hub.output.notice("Kept under the number {number}.", number=number)


@group.command("answers")
@limit_option
@json_option
@click.pass_obj
def answers(hub: Hub, *, limit: int, as_json: bool) -> None:
    """List what was said of headings, the newest first."""
    with hub.catalogue() as db:
        found = review.answered(db, limit=limit)
    if as_json:
        return hub.output.values(
            {
                "number": each.number,
                "one": str(each.one),
                "other": str(each.other),
                "answer": each.answer,
                "person": each.person,
                "at": told(each.at),
                "undone_at": None if each.undone_at is None else told(each.undone_at),
                "undone_by": each.undone_by,
            }
            for each in found
        )
    return hub.output.table(
        ("Number", "One", "Other", "Answer", "Done by", "At", "Taken back"),
        [
            (
                *(each.number, str(each.one), str(each.other)),
                *(hub.translate(ANSWERS[each.answer]), each.person, told(each.at)),
                "" if each.undone_at is None else told(each.undone_at),
            )
            for each in found
        ],
    )


@group.command("undo")
@click.argument("number", type=click.IntRange(1, GREATEST))
@author_option
@json_option
@click.pass_obj
def undo(hub: Hub, number: int, author: str, *, as_json: bool) -> None:
    """Take an answer back."""
    with hub.catalogue() as db:
        review.undo(db, number, author_of(hub, author))
    if as_json:
        return hub.output.value({"number": number, "undone": True})
    return hub.output.notice("Answer {number} is taken back.", number=number)
