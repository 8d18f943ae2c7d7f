"""A digest in words: for staff how their sources fare, for a library what it has to mend."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from catalogue.alerts.model import Alert
from scheduler.health import Health
from web.alerts.members import own_step
from web.alerts.paragraphs import wrapped
from web.alerts.words import SEVERITIES, Voice, title
from web.language import mark
from web.quality.words import meaning

HEALTH = {
    Health.WAITING: mark("waits for a decision"),
    Health.FAILING: mark("failing"),
    Health.LATE: mark("late"),
    Health.PAUSED: mark("paused"),
    Health.NEW: mark("never harvested"),
    Health.FRESH: mark("fresh"),
}
_FINE = frozenset({Health.FRESH, Health.PAUSED})
_MOST_SOURCES = 50
_SUBJECTS = {
    "daily": mark("The day {period}"),
    "weekly": mark("The week {period}"),
}
_LIBRARY_SUBJECT = mark("What the union catalogue found in the records of {library}")
_SPAN = mark("From {since} to {until}.")
_NONE = mark("There is no source to tell of.")
_SOURCES = mark("{count} sources: {summary}.")
_CAME = mark(
    "{runs} harvests brought {delivered} records: {added} new, {changed} changed,"
    " {deleted} deleted."
)
_KEPT = mark("{count} records are in quarantine.")
_LOOK = mark("Look at these first:")
_SOURCE = mark("{name}: {state}; last success {when}")
_NO_SUCCESS = mark("{name}: {state}; no success yet")
_MORE = mark("and {count} more")
_TOLD = mark("What was told in this time:")
_NOTHING_TOLD = mark("Nothing changed in this time that had to be told.")
_REPORTED = mark(
    "Errors that readers reported and that are not closed: {count}. See Reported errors."
)
_MEND = mark("What has to be mended, what keeps records out of the catalogue first:")
_NOTHING = mark("Nothing has to be mended.")
_OUT = mark("{meaning}: {count} records are kept out of the catalogue")
_IN = mark("{meaning}: {count} records")
_SAMPLE = mark("for example {identifiers}")


def subject(figures: Mapping[str, Any], voice: Voice) -> str:
    """Return what a digest is about."""
    said = voice.translate
    if figures["library"]:
        library = figures["title"] or figures["library"]
        return said(_LIBRARY_SUBJECT).format(library=library)
    return said(_SUBJECTS[figures["rhythm"]]).format(period=_period(figures, voice))


def blocks(figures: Mapping[str, Any], alerts: Sequence[Alert], voice: Voice) -> list[str]:
    """Return the parts of a digest."""
    said, sources = voice.translate, figures["sources"]
    since, until = voice.moment(figures["since"]), voice.moment(figures["until"])
    head = [said(_SPAN).format(since=since, until=until), ""]
    reported = [wrapped(said(_REPORTED).format(count=voice.number(figures["tickets"])))]
    reported = reported if figures.get("tickets") else []
    if not sources:
        return ["\n".join([*head, said(_NONE)]), *reported]
    head += _overview(sources, voice)
    parts = ["\n".join(head)]
    parts += ["\n".join(lines) for lines in (list(_troubled(sources, voice)),) if lines]
    if figures["library"]:
        parts.append("\n".join(_to_mend(figures["mend"], sources, voice)))
    parts += [*reported, "\n".join(_told(alerts, voice))]
    return parts


def _overview(sources: Sequence[Mapping[str, Any]], voice: Voice) -> list[str]:
    said = voice.translate
    states = Counter(Health(each["state"]) for each in sources if each["state"])
    summary = ", ".join(
        f"{voice.number(states[state])} {said(HEALTH[state])}" for state in Health if states[state]
    )
    names = ("runs", "delivered", "added", "changed", "deleted")
    came = {name: voice.number(sum(each[name] for each in sources)) for name in names}
    kept = voice.number(sum(each["quarantined"] for each in sources))
    return [
        wrapped(said(_SOURCES).format(count=voice.number(len(sources)), summary=summary)),
        wrapped(said(_CAME).format(**came)),
        said(_KEPT).format(count=kept),
    ]


def _troubled(sources: Sequence[Mapping[str, Any]], voice: Voice) -> Iterator[str]:
    """Yield the sources that need somebody, the worst first."""
    order = list(Health)
    found = [each for each in sources if each["state"] and Health(each["state"]) not in _FINE]
    found.sort(key=lambda each: order.index(Health(each["state"])))
    if found:
        yield voice.translate(_LOOK)
    for each in found[:_MOST_SOURCES]:
        template = voice.translate(_SOURCE if each["success"] else _NO_SUCCESS)
        state = voice.translate(HEALTH[Health(each["state"])])
        yield "- " + template.format(name=each["name"], state=state, when=_when(each, voice))
    if len(found) > _MOST_SOURCES:
        yield "- " + voice.translate(_MORE).format(count=len(found) - _MOST_SOURCES)


def _to_mend(
    kinds: Sequence[Mapping[str, Any]], sources: Sequence[Mapping[str, Any]], voice: Voice
) -> Iterator[str]:
    said = voice.translate
    # A warning about which nobody can do anything is none.
    kinds = [each for each in kinds if each["severity"] == "error" or own_step(each["code"])]
    if not kinds:
        yield said(_NOTHING)
        return
    yield wrapped(said(_MEND))
    for kind in kinds:
        template = said(_OUT if kind["severity"] == "error" else _IN)
        of = f"{kind['source']}: " if len(sources) > 1 else ""
        text = template.format(
            meaning=said(meaning(kind["code"])), count=voice.number(kind["count"])
        )
        yield ""
        yield wrapped(f"{of}{text}.")
        names = ", ".join(_named(each) for each in kind["samples"])
        if names:
            yield wrapped(said(_SAMPLE).format(identifiers=names), "  ")
        step = own_step(kind["code"])
        if step:
            yield wrapped(f"→ {said(step)}", "  ")


def _named(sample: Mapping[str, str]) -> str:
    """Return a record with the field and the value that are meant, as far as these are short."""
    value = " ".join(filter(None, (sample["field"], sample["sample"][:40])))
    return f"{sample['identifier']} ({value})" if value else sample["identifier"]


def _told(alerts: Sequence[Alert], voice: Voice) -> Iterator[str]:
    said = voice.translate
    if not alerts:
        yield said(_NOTHING_TOLD)
        return
    yield said(_TOLD)
    for each in alerts:
        severity = said(SEVERITIES[each.severity])
        yield wrapped(f"- {voice.moment(each.at)} [{severity}] {title(each, voice)}")


def _when(source: Mapping[str, Any], voice: Voice) -> str:
    success = source["success"]
    return voice.moment(int(datetime.fromisoformat(success).timestamp())) if success else ""


def _period(figures: Mapping[str, Any], voice: Voice) -> str:
    period = str(figures["period"])
    if figures["rhythm"] == "daily" and voice.language == "vi":
        return datetime.fromisoformat(period).strftime("%d/%m/%Y")
    year, _, week = period.partition("-W")
    return f"{week}/{year}" if week else period
