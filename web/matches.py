"""The words of matching's pairs, and a library's doubles as a file for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from catalogue.pairs import Doubled
from catalogue.why import Cause, Step
from crosswalks.model import Record
from web import spreadsheet
from web.language import Translate, mark
from web.quality.reasons import words

DECISIONS = {
    "same": mark("one publication"),
    "ask": mark("perhaps one publication: a person has to look"),
    "different": mark("two publications"),
}
"""What matching says of a pair."""
VERDICTS = {
    "same": mark("one publication"),
    "different": mark("two publications"),
    "": mark("left to matching"),
}
"""What people say of a pair."""
CROWDED = {
    False: mark("too many with the same key"),
    True: mark("too many held together by links"),
}
"""Why records are a crowd."""
SETTLES = mark("An answer settles: pairs {pairs}, records {records}.")
"""How much a question settles."""
EVENTS = {
    "made": mark("the cluster began"),
    "joined": mark("new records came into it"),
    "merged": mark("all its records went to another cluster"),
    "split": mark("some records left it for a cluster of their own"),
    "moved": mark("some records left it for another cluster"),
    "gone": mark("it ended: no record was left"),
}
"""What happens to clusters; see catalogue.cluster.moving."""
BY_MATCHING = mark("matching")
"""Who did what nobody decided."""
_SOMEBODY = mark("Somebody")
"""Who decided what nobody signed."""
SAID_ONE = mark("{author} decided that they are one publication.")
_CAUSES = {
    "decided": mark("{author} decided that they are two publications."),
    "follows": mark("It follows from other decisions: {path}."),
    "veto": mark("Matching keeps the two apart, whatever else agrees."),
    "asked": mark("Matching leaves it to a person: they are alike by {score}."),
    "below": mark(
        "Too little agrees: they are alike by {score}, and {limit} makes two records one."
    ),
    "keyless": mark("They share no key, so that matching never compared them."),
    "crowded": mark(
        "Too many records hold each key that they share, so that matching never compared them."
    ),
    "blocked": mark("Their clusters are kept apart by two other records, {a} and {b}."),
    "parted": mark(
        "Their clusters are kept apart by two other records, {a} and {b}: {author} decided that"
        " these are two publications."
    ),
    "average": mark(
        "Their clusters are alike by {score} on average, and {limit} would make them one."
    ),
    "cut": mark(
        "Their clusters hang together with very many records, which are taken apart more strictly."
    ),
    "waiting": mark("They wait to be placed. Look again in a moment."),
}
_COLUMNS = (mark("Publication"), mark("Record number"), mark("Description"))


class Told(NamedTuple):
    """A sentence, and matching's reasons for it in words."""

    sentence: str
    reasons: list[str]


def cause_words(cause: Cause, translate: Translate, number: Callable[[float], str]) -> Told:
    """Return in words why two records are not one."""
    kind = "parted" if cause.kind == "blocked" and cause.decided else cause.kind
    sentence = translate(_CAUSES[kind]).format(
        author=cause.author or translate(_SOMEBODY),
        path=cause.path,
        a=cause.a,
        b=cause.b,
        score=number(cause.score),
        limit=number(cause.limit),
    )
    return Told(sentence, words(cause.reasons, translate))


def step_words(step: Step, translate: Translate) -> list[str]:
    """Return in words why two records of a path are one."""
    if not step.decided:
        return words(step.reasons, translate)
    author = step.author or translate(_SOMEBODY)
    return [translate(SAID_ONE).format(author=author), *filter(None, (step.reason,))]


def month(since: int) -> str:
    """Return a month as 202611 for people, as ISO 8601 writes it; nothing for none."""
    return f"{since // 100}-{since % 100:02}" if since else ""


def heading(record: Record) -> str:
    """Return a record in one line: title and responsibility, imprint, extent."""
    title = " ".join(record.values("245", "abcnp"))
    said = (
        title if record.values("245", "c") else " / ".join(filter(None, (title, _author(record)))),
        " ".join([*record.values("250", "ab")]),
        " ".join([*record.values("260", "abc"), *record.values("264", "abc")]),
        " ".join(record.values("300", "ac")),
        " ".join(record.values("020", "a")),
    )
    return " – ".join(part.strip() for part in said if part.strip())


def _author(record: Record) -> str:
    return next((name for tag in ("100", "110", "111") for name in record.values(tag, "a")), "")


def doubles_file(found: Iterable[Doubled], translate: Translate) -> Iterator[bytes]:
    """Yield what a library has more than one record of as CSV: UTF-8 with a mark, for Excel."""
    yield spreadsheet.BEGINNING
    yield spreadsheet.row([translate(word) for word in _COLUMNS])
    for each in found:
        for side in each.records:
            number = side.name.partition("/")[2]
            yield spreadsheet.row((each.cluster, number, heading(side.record)))
