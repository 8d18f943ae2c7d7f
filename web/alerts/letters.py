"""Mail as people read it: a subject that says what it is about, and plain text below."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo
from typing import Any

from catalogue.alerts.model import Alert, Channel, Kind
from catalogue.model import HubIdentity
from catalogue.tickets.model import Ticket
from scheduler.alerts.model import Letter
from web.alerts import answers as reader
from web.alerts import digests
from web.alerts.paragraphs import wrapped
from web.alerts.words import SEVERITIES, Voice, sentences, title
from web.joining import letters as applicant
from web.language import Translate, mark, translator

_NAMED = 3
"""Sources in a subject, which has to be short."""
_SOME = mark("{count} changes of {sources}")
_NONE = mark("Nothing to tell any more")
_TEST = mark("This is a test")
_ARRIVES = mark(
    "Messages of {hub} arrive at {channel}. Nothing has happened, and nothing has to be done."
)
_WHY = mark("This was sent by {hub} by itself, since {channel} is to be told of it.")
_APPLICANT = mark(
    "This was sent by {hub} by itself, since your library has applied to join. If you have lost the"
    " link to your page, or have questions: {email}"
)
_READER = mark(
    "This was sent by {hub} by itself, since you asked for an answer to your report. Your address"
    " is used for nothing else, and deleted some time after the report. Questions: {email}"
)
_STAFF = mark("Who is told of what is set here:")
_MEMBER = mark("What you are told is chosen on the pages of your library. Questions: {email}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Letters:
    """Writes the letters of one hub."""

    identity: HubIdentity
    zone: tzinfo = UTC

    def alerts(self, alerts: Sequence[Alert], channel: Channel) -> Letter:
        """Return what tells of some alerts, the gravest first."""
        voice = self.voice(channel.language)
        blocks = [self._block(each, voice, channel) for each in alerts]
        return self._letter(channel, voice, _subject(alerts, voice), blocks)

    def digest(
        self, figures: Mapping[str, Any], alerts: Sequence[Alert], channel: Channel
    ) -> Letter:
        """Return a summary of figures and of what was told meanwhile."""
        voice = self.voice(channel.language)
        return self._letter(
            channel, voice, digests.subject(figures, voice), digests.blocks(figures, alerts, voice)
        )

    def joining(self, details: Mapping[str, Any], channel: Channel) -> Letter:
        """Return what tells an applicant that something is awaited from it."""
        voice = self.voice(channel.language)
        hub, email = self.identity.name, self.identity.admin_email
        foot = wrapped(voice.translate(_APPLICANT).format(hub=hub, email=email))
        subject, text = applicant.subject(hub, voice), applicant.text(details, hub, voice)
        return Letter(" ".join(f"[{hub}] {subject}".split()), f"{text}\n\n-- \n{foot}\n")

    def answer(self, ticket: Ticket, language: str) -> Letter:
        """Return what tells a reader what became of a report."""
        voice = self.voice(language)
        hub, email = self.identity.name, self.identity.admin_email
        foot = wrapped(voice.translate(_READER).format(hub=hub, email=email))
        subject, text = reader.subject(ticket, voice), reader.text(ticket, self._base(), voice)
        return Letter(" ".join(f"[{hub}] {subject}".split()), f"{text}\n\n-- \n{foot}\n")

    def test(self, channel: Channel) -> Letter:
        """Return what tells that messages arrive."""
        voice = self.voice(channel.language)
        said = voice.translate(_ARRIVES).format(hub=self.identity.name, channel=channel.name)
        return self._letter(channel, voice, voice.translate(_TEST), [wrapped(said)])

    def said(self, alert: Alert, language: str) -> str:
        """Return an alert in a sentence or two."""
        voice = self.voice(language)
        return ". ".join([title(alert, voice), *sentences(alert, voice)])

    def address(self, alert: Alert) -> str:
        """Return where on the staff pages more is told of an alert."""
        if alert.kind is Kind.TICKET:
            return f"{self._base()}/staff/tickets/{alert.details['ticket']}"
        if alert.kind is Kind.JOINING:
            return f"{self._base()}/staff/joining/{alert.details['code']}"
        if alert.run is not None:
            return f"{self._base()}/staff/runs/{alert.run}"
        if alert.source:
            return f"{self._base()}/staff/sources/{alert.source}"
        return f"{self._base()}/staff/alerts"

    def voice(self, language: str) -> Voice:
        """Return how somebody is spoken to."""
        return Voice(translate=translator(language), language=language, zone=self.zone)

    def _base(self) -> str:
        return self.identity.base_url.rstrip("/")

    def _block(self, alert: Alert, voice: Voice, channel: Channel) -> str:
        said: Translate = voice.translate
        head = f"[{said(SEVERITIES[alert.severity]).upper()}] {title(alert, voice)}"
        where = " · ".join(filter(None, (alert.library, voice.moment(alert.at))))
        lines = [wrapped(head), wrapped(where), ""]
        lines += [wrapped(text) for text in sentences(alert, voice)]
        if alert.kind is Kind.TICKET and channel.library:
            lines += ["", f"{self._base()}/member/tickets/{alert.details['ticket']}"]
        elif not channel.library:
            # Members have no way in there.
            lines += ["", self.address(alert)]
        return "\n".join(lines)

    def _letter(
        self, channel: Channel, voice: Voice, subject: str, blocks: Iterable[str]
    ) -> Letter:
        said = voice.translate
        why = said(_WHY).format(hub=self.identity.name, channel=channel.name)
        foot = [wrapped(why)]
        if channel.library:
            foot.append(wrapped(said(_MEMBER).format(email=self.identity.admin_email)))
            foot.append(f"{self._base()}/member/contacts")
        else:
            foot += [said(_STAFF), f"{self._base()}/staff/alerts/channels"]
        # What stands below this line is taken for a signature, and left out of answers.
        text = "\n\n\n".join(blocks) + "\n\n-- \n" + "\n".join(foot) + "\n"
        return Letter(" ".join(f"[{self.identity.name}] {subject}".split()), text)


def _subject(alerts: Sequence[Alert], voice: Voice) -> str:
    if not alerts:
        # They were forgotten while the message waited.
        return voice.translate(_NONE)
    severity = voice.translate(SEVERITIES[alerts[0].severity]).capitalize()
    if len(alerts) == 1:
        return f"{severity}: {title(alerts[0], voice)}"
    names = list(dict.fromkeys(each.source for each in alerts if each.source))
    some = ", ".join(names[:_NAMED]) + (", …" if len(names) > _NAMED else "")
    said = voice.translate(_SOME).format(count=len(alerts), sources=some)
    return f"{severity}: {said}"
