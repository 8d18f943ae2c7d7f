"""An alert in words: its line in a list, and the sentences below it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any, NamedTuple

from catalogue.alerts.model import Alert, Kind
from catalogue.joining.model import State, Turn
from catalogue.tickets.model import Kind as About
from crosswalks.model import Severity
from web import tickets
from web.joining import words as joining
from web.language import Translate, mark
from web.quality.words import meaning
from web.told import run_message

SEVERITIES = {
    Severity.ERROR: mark("error"),
    Severity.WARNING: mark("warning"),
    Severity.INFO: mark("info"),
}
TITLES = {
    Kind.FAILED: mark("A harvest of {source} failed"),
    Kind.RECOVERED: mark("{source} can be harvested again"),
    Kind.SILENT: mark("{source} has not been harvested for too long"),
    Kind.SHRINKING: mark("{source} has fewer records than before"),
    Kind.PROBLEMS: mark("New kinds of problems in the records of {source}"),
    Kind.WAITING: mark("A harvest of {source} waits for a decision"),
    Kind.CERTIFICATE: mark("The certificate of the server of {source} ends soon"),
    Kind.UNDELIVERED: mark("Messages to {channel} cannot be delivered"),
    Kind.JOINING: mark("The application of {code} waits for longer than it should"),
    Kind.TICKET: mark("A reader reported an error: number {ticket}"),
}
_RECOVERED = mark("The last harvest came to the end of its list again.")
_SILENT = mark(
    "The last harvest that succeeded was on {when}. Look whether a worker and the clock run,"
    " whether the source has a schedule, and what its last harvests say."
)
_NEVER = mark(
    "No harvest of it has succeeded yet. Look whether a worker and the clock run, and whether the"
    " source has a schedule."
)
_SHRINKING = mark(
    "Its complete list holds {listed} records, where it held {before} ({share} % fewer). Ask the"
    " library whether they were taken out on purpose."
)
_KIND = mark("{meaning}: {count}")
_MORE = mark("and {count} more kinds")
_CERTIFICATE = mark(
    "It is valid until {when}; harvests fail from then on. Ask the library to renew it."
)
_WAITING = mark("Nothing is deleted until somebody approves or discards what it holds.")
_WAITS = mark("{name}: {state}. It was to go on by {due}. {turn}.")
_REPORTED = mark("{title} ({record}): {about}.")
_PATTERNS = {"vi": "%d/%m/%Y %H:%M", "en": "%Y-%m-%d %H:%M"}


class _Kept(NamedTuple):
    """A message as rows keep it."""

    message: str
    code: str
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """How one reader is spoken to."""

    translate: Translate
    language: str
    zone: tzinfo = UTC

    def moment(self, seconds: int) -> str:
        """Return a moment of epoch seconds as people write it."""
        local = datetime.fromtimestamp(seconds, UTC).astimezone(self.zone)
        return local.strftime(_PATTERNS[self.language])

    def number(self, value: int) -> str:
        """Return a number with its thousands apart."""
        return f"{value:,}".replace(",", "." if self.language == "vi" else ",")


def title(alert: Alert, voice: Voice) -> str:
    """Return an alert in a line."""
    names = {name: alert.details.get(name, "") for name in ("channel", "code", "ticket")}
    return voice.translate(TITLES[alert.kind]).format(source=alert.source, **names)


def sentences(alert: Alert, voice: Voice) -> list[str]:
    """Return what there is to say of an alert besides, a paragraph each."""
    return [text for text in _SAYING[alert.kind](alert, voice) if text]


def _reason(alert: Alert, voice: Voice) -> list[str]:
    told = alert.details
    kept = _Kept(told.get("message", ""), told.get("code", ""), told.get("details", {}))
    return [run_message(kept, voice.translate)]


def _recovered(_: Alert, voice: Voice) -> list[str]:
    return [voice.translate(_RECOVERED)]


def _silent(alert: Alert, voice: Voice) -> list[str]:
    success = alert.details.get("success", "")
    if not success:
        return [voice.translate(_NEVER)]
    return [voice.translate(_SILENT).format(when=_iso(success, voice))]


def _shrinking(alert: Alert, voice: Voice) -> list[str]:
    listed, before = alert.details["listed"], alert.details["before"]
    share = round((before - listed) * 100 / before)
    figures = {"listed": voice.number(listed), "before": voice.number(before), "share": share}
    return [voice.translate(_SHRINKING).format(**figures)]


def _problems(alert: Alert, voice: Voice) -> list[str]:
    said = voice.translate
    found = alert.details["problems"]
    lines = [
        said(_KIND).format(meaning=said(meaning(code)), count=voice.number(times))
        for code, _, times in found
    ]
    more = alert.details["kinds"] - len(found)
    return [*lines, said(_MORE).format(count=more)] if more else lines


def _waiting(alert: Alert, voice: Voice) -> list[str]:
    why = _reason(alert, voice)
    return why if why[0] else [voice.translate(_WAITING)]


def _certificate(alert: Alert, voice: Voice) -> list[str]:
    return [voice.translate(_CERTIFICATE).format(when=_iso(alert.details["expires"], voice))]


def _joining(alert: Alert, voice: Voice) -> list[str]:
    told = alert.details
    state = voice.translate(joining.STATES[State(told["state"])])
    turn = voice.translate(joining.AWAITED[Turn(told["turn"])])
    names = {"name": told["name"] or told["code"], "state": state, "turn": turn}
    return [voice.translate(_WAITS).format(**names, due=joining.day(told["due"], voice.language))]


def _ticket(alert: Alert, voice: Voice) -> list[str]:
    told = alert.details
    about = voice.translate(tickets.KINDS[About(told["about"])])
    title = told["title"] or voice.translate(tickets.UNTITLED)
    names = {"title": title, "record": told["record"], "about": about}
    return [voice.translate(_REPORTED).format(**names)]


def _iso(text: str, voice: Voice) -> str:
    return voice.moment(int(datetime.fromisoformat(text).timestamp()))


_SAYING: Mapping[Kind, Callable[[Alert, Voice], list[str]]] = {
    Kind.FAILED: _reason,
    Kind.RECOVERED: _recovered,
    Kind.SILENT: _silent,
    Kind.SHRINKING: _shrinking,
    Kind.PROBLEMS: _problems,
    Kind.WAITING: _waiting,
    Kind.CERTIFICATE: _certificate,
    Kind.UNDELIVERED: _reason,
    Kind.JOINING: _joining,
    Kind.TICKET: _ticket,
}
