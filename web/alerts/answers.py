"""The letter that tells a reader what became of a report."""

from __future__ import annotations

from catalogue.tickets.model import State, Ticket
from web.alerts.paragraphs import wrapped
from web.alerts.words import Voice
from web.language import mark
from web.tickets import UNTITLED

_SUBJECT = mark("Your report number {number}")
_GREETING = mark("Dear reader,")
_THANKS = mark("Thank you for your report of {when} about this record:")
_BECAME = {
    State.MENDED: mark("The error is mended."),
    State.NO_ERROR: mark("It was looked into, and nothing was found that is wrong."),
}
_ANSWER = mark("What we can say about it:")


def subject(ticket: Ticket, voice: Voice) -> str:
    """Return what the letter is about."""
    return voice.translate(_SUBJECT).format(number=ticket.id)


def text(ticket: Ticket, base: str, voice: Voice) -> str:
    """Return the letter about a closed ticket: plain text in lines; ``base`` is the hub's."""
    say = voice.translate
    paragraphs = [
        say(_GREETING),
        say(_THANKS).format(when=voice.moment(ticket.opened)),
        f"{wrapped(ticket.title or say(UNTITLED))}\n{base}/record/{ticket.record}",
        say(_BECAME[ticket.state]),
    ]
    if ticket.answer:
        paragraphs += [say(_ANSWER), "\n".join(map(wrapped, ticket.answer.splitlines()))]
    return "\n\n".join(each if "\n" in each else wrapped(each) for each in paragraphs)
