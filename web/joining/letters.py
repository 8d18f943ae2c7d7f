"""The letter that reminds an applicant of what is awaited from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from catalogue.joining.model import State
from web.alerts.paragraphs import wrapped
from web.joining.words import day
from web.language import Translate, mark

_SUBJECT = mark("Your application to join {hub}: something is awaited from you")
_GREETING = mark("Dear {contact},")
_NOBODY = mark("Dear colleagues,")
_SINCE = mark(
    "Your library {name} ({code}) has applied to join {hub}. We had hoped for it by {due}:"
)
_WANTED = {
    State.SURVEY: mark("Please fill in the survey on your page."),
    State.CHECK: mark(
        "The technical check has passed. Please look at your records on your page, and say there"
        " whether you agree."
    ),
    State.FIX: mark(
        "The report on your page says what has to be mended, and how. When it is mended, ask for"
        " another check there."
    ),
}
_OTHER = mark("Please look at your page.")
_LINK = mark("Your page is behind the link that you were given.")


class Voice(Protocol):
    """How somebody is spoken to."""

    @property
    def translate(self) -> Translate:
        """Say a message in their language."""

    @property
    def language(self) -> str:
        """The code of that language."""


def subject(hub: str, voice: Voice) -> str:
    """Return what the letter is about."""
    return voice.translate(_SUBJECT).format(hub=hub)


def text(details: Mapping[str, Any], hub: str, voice: Voice) -> str:
    """Return the letter: plain text in lines."""
    say = voice.translate
    greeting = say(_GREETING if details["contact"] else _NOBODY)
    due = day(details["due"], voice.language)
    names = {"name": details["name"], "code": details["code"], "hub": hub, "due": due}
    wanted = say(_WANTED.get(State(details["state"]), _OTHER))
    paragraphs = (
        greeting.format(contact=details["contact"]),
        say(_SINCE).format(**names),
        wanted,
        say(_LINK),
    )
    return "\n\n".join(wrapped(each) for each in paragraphs)
