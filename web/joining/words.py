"""The states, turns and doings of an application, in words."""

from __future__ import annotations

from datetime import date

from catalogue.joining.model import Action, Side, State, Turn
from web.language import mark

STATES = {
    State.ASKED: mark("asked to join"),
    State.SURVEY: mark("survey"),
    State.CHECK: mark("technical check"),
    State.FIX: mark("something to mend"),
    State.AGREED: mark("agreed by the library"),
    State.CONNECTED: mark("connected"),
    State.DECLINED: mark("declined"),
    State.WITHDRAWN: mark("taken back"),
}
AWAITED = {
    Turn.STAFF: mark("The staff of the union catalogue have to act"),
    Turn.APPLICANT: mark("The library has to act"),
    Turn.NOBODY: mark("Nothing is awaited"),
}
ACTIONS = {
    Action.ADDED: mark("application noted"),
    Action.CHANGED: mark("details changed"),
    Action.ANSWERED: mark("survey filled in"),
    Action.MOVED: mark("moved on"),
    Action.CHECKED: mark("checked"),
    Action.INVITED: mark("link given"),
    Action.UNINVITED: mark("link taken back"),
    Action.SIGNED: mark("agreed"),
    Action.OBJECTED: mark("something to mend was named"),
    Action.CONNECTED: mark("connected"),
}
SIDES = {Side.MEMBER: mark("the library"), Side.HUB: mark("the union catalogue")}
VERDICTS = {"pass": mark("passed"), "mend": mark("to be mended"), "": mark("not finished")}
_PATTERNS = {"vi": "%d/%m/%Y", "en": "%Y-%m-%d"}


def day(told: str, language: str) -> str:
    """Return a day of ISO 8601 as it is written in a language."""
    return date.fromisoformat(told).strftime(_PATTERNS[language])
