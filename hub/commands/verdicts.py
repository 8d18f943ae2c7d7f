"""What people decide about pairs of records, by command: said, taken back, looked up."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import click

from catalogue import judging, records, verdicts
from catalogue.clock import told
from catalogue.database import Database
from catalogue.verdicts import Event, Name, Said, Verdict
from crosswalks.errors import Error
from hub.commands.crosswalk import author_option
from hub.crosswalks import author_of, read_file
from hub.errors import BadVerdictFile
from hub.instance import Hub
from hub.options import GREATEST, json_option, limit_option
from web.language import mark, message
from web.matches import VERDICTS

_COLUMNS = ("one", "other", "decision")
_AS_BEFORE = mark("That is decided already.")
_KEPT = mark("Decision {number} is kept. To take it back: lienthong clusters undo {number}")
reason_option = click.option("--reason", default="", help="Why, in a few words.")


@click.command("same")
@click.argument("one", metavar="SOURCE/IDENTIFIER")
@click.argument("other", metavar="SOURCE/IDENTIFIER")
@reason_option
@author_option
@json_option
@click.pass_obj
def same(hub: Hub, /, one: str, other: str, *, as_json: bool, **given: str) -> None:
    """Decide that two records, and what is one with either, are one publication."""
    _decide(hub, (one, other), Verdict.SAME, _said(hub, given), as_json=as_json)


@click.command("different")
@click.argument("one", metavar="SOURCE/IDENTIFIER")
@click.argument("other", metavar="SOURCE/IDENTIFIER")
@reason_option
@author_option
@json_option
@click.pass_obj
def different(hub: Hub, /, one: str, other: str, *, as_json: bool, **given: str) -> None:
    """Decide that two records are two publications, whatever matching says."""
    _decide(hub, (one, other), Verdict.DIFFERENT, _said(hub, given), as_json=as_json)


def _said(hub: Hub, given: Mapping[str, str]) -> Said:
    return Said(author=author_of(hub, given["author"]), reason=given["reason"])


def _decide(hub: Hub, pair: tuple[str, str], wanted: Verdict, said: Said, *, as_json: bool) -> None:
    one, other = map(records.parted, pair)
    with hub.catalogue() as db:
        number = judging.decide(db, one, other, wanted, said)
    if as_json:
        return hub.output.value({"decision": number or None, "changed": bool(number)})
    return hub.output.notice(_KEPT if number else _AS_BEFORE, number=number)


@click.command("undo")
@click.argument("number", type=click.IntRange(1, GREATEST), metavar="DECISION")
@reason_option
@author_option
@json_option
@click.pass_obj
def undo(hub: Hub, /, number: int, *, as_json: bool, **given: str) -> None:
    """Take a decision back: clusters become what they would be without it."""
    with hub.catalogue() as db:
        verdicts.undo(db, number, _said(hub, given))
    if as_json:
        return hub.output.value({"decision": number, "undone": True})
    return hub.output.notice("Decision {number} is taken back.", number=number)


@click.command("history")
@click.argument("record", metavar="[SOURCE/IDENTIFIER]", default="")
@limit_option
@json_option
@click.pass_obj
def history(hub: Hub, record: str, limit: int, *, as_json: bool) -> None:
    """List what was decided, the newest first: of all records, or of one."""
    with hub.catalogue() as db:
        found = verdicts.history(db, records.parted(record) if record else None, limit=limit)
    if as_json:
        return hub.output.values(_plain(each) for each in found)
    return hub.output.table(
        (
            "Decision",
            "Date",
            "Author",
            "What they said",
            "One record",
            "Another record",
            "Other pairs",
            "Reason",
        ),
        (
            (
                each.id,
                told(each.made),
                each.author,
                _words(hub, each),
                each.a,
                each.b,
                each.more or "",
                each.reason,
            )
            for each in found
        ),
    )


def _plain(each: Event) -> dict[str, object]:
    return {
        "decision": each.id,
        "a": each.a,
        "b": each.b,
        "before": each.before,
        "after": each.after,
        "author": each.author,
        "made": told(each.made),
        "reason": each.reason,
        "undoes": each.undoes,
        "stands": each.stands,
        "more": each.more,
    }


def _words(hub: Hub, each: Event) -> str:
    if each.undoes is not None:
        return hub.translate("took {number} back").format(number=each.undoes)
    return hub.translate(VERDICTS[each.after])


class _Row(NamedTuple):
    """A line of a file of decisions."""

    line: int
    one: Name
    other: Name
    wanted: Verdict
    reason: str


@click.command("judge")
@click.argument("file", metavar="FILE.csv")
@author_option
@json_option
@click.pass_obj
def judge(hub: Hub, file: str, *, author: str, as_json: bool) -> int:
    """Take in a file of decisions: columns one, other, decision (same or different), reason."""
    rows = list(_rows(read_file(file)))
    counts = {"kept": 0, "unchanged": 0, "refused": 0}
    with hub.catalogue() as db:
        for row in rows:
            counts[_taken(hub, db, row, author_of(hub, author))] += 1
    if as_json:
        hub.output.value(counts)
    else:
        hub.output.pairs(
            {
                "Decisions kept": counts["kept"],
                "Decided already": counts["unchanged"],
                "Refused": counts["refused"],
            }
        )
    return 1 if counts["refused"] else 0


def _taken(hub: Hub, db: Database, row: _Row, author: str) -> str:
    """Take in a line; one that is refused is told of, and stops no other."""
    said = Said(author=author, reason=row.reason)
    try:
        number = judging.decide(db, row.one, row.other, row.wanted, said)
    except Error as error:
        reason = message(error, hub.translate)
        hub.output.notice("Line {line}: {reason}", line=row.line, reason=reason)
        return "refused"
    return "kept" if number else "unchanged"


def _rows(text: str) -> Iterator[_Row]:
    """Yield the decisions of a file; all of it is looked at before the first is kept."""
    dialect = ";" if ";" in text.partition("\n")[0] else ","
    lines = csv.DictReader(io.StringIO(text, newline=""), delimiter=dialect)
    if not set(_COLUMNS) <= set(lines.fieldnames or ()):
        raise BadVerdictFile(line=1, wanted=", ".join(_COLUMNS))
    for each in lines:
        word = (each["decision"] or "").strip()
        if word not in set(Verdict) or None in each:
            raise BadVerdictFile(line=lines.line_num, wanted=", ".join(_COLUMNS))
        yield _Row(
            line=lines.line_num,
            one=records.parted((each["one"] or "").strip()),
            other=records.parted((each["other"] or "").strip()),
            wanted=Verdict(word),
            reason=(each.get("reason") or "").strip(),
        )
