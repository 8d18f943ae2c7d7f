"""From pooled evidence to an encoding, where one alone turns a source's words into Vietnamese.

A sound text must never be touched, in whatever language: so words must be mended that are none as
they stand, in more than one field, hardly any be spoilt, and no other encoding do as well.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from crosswalks.encodings import viqr, western
from crosswalks.encodings.capitals import restore
from crosswalks.encodings.codecs import decode_seen
from crosswalks.encodings.evidence import Evidence, Sample
from crosswalks.encodings.model import LEGACY, Decision, Encoding
from crosswalks.encodings.syllables import Shape, shape

FIELDS = 2
"""Fields that must agree."""
_ENOUGH = 4
"""What the mended words must weigh: a broken one 2, one that might be another language's 1."""
_ALONE = 6
"""The same where one field is all there is."""
_LEGAL, _LEGAL_OF_MANY, _MANY = 0.85, 0.6, 60
_SPOILT = 0.2
"""The most words that may be spoilt, for each mended one."""

_LEGAL_MNEMONICS = 0.8
_RARE = 0.1
"""VIQR stands in many fields of a source, not in a few that happen to look so."""


@dataclass(slots=True)
class _Reading:
    """What one encoding makes of a sample."""

    encoding: Encoding
    legal: set[str] = field(default_factory=set)
    judged: int = 0
    mended: int = 0
    spoilt: int = 0
    weight: int = 0
    fields: set[int] = field(default_factory=set)
    texts: dict[str, str] = field(default_factory=dict)

    def take(self, word: str, where: int) -> None:
        text = decode_seen(word, self.encoding) or word
        if self.encoding is Encoding.TCVN3:
            text = restore(text)
        before, after = shape(word), shape(text)
        self.texts[word] = text
        if after is Shape.LEGAL:
            self.legal.add(word)
        # A foreign name spelt as in Vietnam is no syllable; but nobody writes it as it came.
        is_odd = before is Shape.BROKEN or western.is_none(word)
        is_name = text != word and after is Shape.FOREIGN and is_odd and western.is_spelt(text)
        self.judged += after is not Shape.PLAIN and not is_name
        if text == word:
            return
        if after is Shape.LEGAL and before is not Shape.LEGAL:
            self.mended += 1
            self.weight += 2 if before is Shape.BROKEN else 1
            self.fields.add(where)
        elif before is Shape.LEGAL and after < Shape.PLAIN:
            self.spoilt += 1

    def holds(self, fields: int) -> bool:
        """Tell whether the words it mends are enough, and the others hardly speak against it."""
        share = _LEGAL_OF_MANY if self.judged >= _MANY else _LEGAL
        enough = _ENOUGH if fields > 1 else _ALONE
        return (
            len(self.fields) >= fields
            and self.weight >= enough
            and len(self.legal) >= share * self.judged
            and self.spoilt <= _SPOILT * self.mended
        )

    def beats(self, other: _Reading) -> bool:
        """Tell whether it makes clearly more words Vietnamese, or the very same of them all."""
        better = len(self.legal - other.legal)
        worse = len(other.legal - self.legal)
        return better > 2 * worse or self.texts == other.texts


def decide(evidence: Evidence, fields: int = FIELDS) -> Decision:
    """Return what a source is in; with ``fields`` 1 a single field may say it, if it is long."""
    readings = _readings(evidence.seen)
    best = max(readings, key=lambda one: (len(one.legal), one.weight))
    if evidence.sure and evidence.misread >= len(best.fields):
        return _decision(evidence, _misreading(evidence), evidence.misread, evidence.misread)
    rivals = [one for one in readings if one is not best]
    if best.holds(fields) and all(map(best.beats, rivals)):
        return _decision(evidence, best.encoding, best.judged, best.mended, len(best.legal))
    if (mended := _mnemonics(evidence, fields)) is not None:
        return _decision(evidence, Encoding.VIQR, len(evidence.mnemonic.words), mended)
    is_doubtful = best.mended > 0 and best.mended >= best.spoilt and best.weight > 1
    encoding_or_none = None if is_doubtful and not evidence.unicode else Encoding.UTF_8
    return _decision(evidence, encoding_or_none, best.judged, 0, len(best.legal))


def _misreading(evidence: Evidence) -> Encoding:
    """Tell Latin-1 from Windows-1252 by the control characters that it leaves."""
    if evidence.windows and evidence.windows >= evidence.layered + evidence.plain_controls:
        return Encoding.AS_CP1252
    by_bytes = evidence.layered or evidence.controls
    return Encoding.TWICE if by_bytes else Encoding.AS_CP1252


def _readings(sample: Sample) -> list[_Reading]:
    readings = [_Reading(encoding) for encoding in LEGACY]
    for word, where in sample.words.items():
        for reading in readings:
            reading.take(word, where)
    return readings


def _mnemonics(evidence: Evidence, fields: int) -> int | None:
    """Return how many words are Vietnamese read as VIQR, or None if that is too few."""
    judged = evidence.mnemonic.words.items()
    good = [(word, where) for word, where in judged if viqr.evidence(word) == [(word, True)]]
    enough = _ENOUGH if fields > 1 else _ALONE
    is_enough = (
        2 * len(good) >= enough
        and len(good) >= _LEGAL_MNEMONICS * len(judged)
        and len({where for _, where in good}) >= fields
        and evidence.mnemonics >= _RARE * evidence.plain
    )
    return len(good) if is_enough else None


def _decision(
    evidence: Evidence, encoding: Encoding | None, words: int, mended: int, legal: int | None = None
) -> Decision:
    return Decision(
        encoding=encoding,
        fields=evidence.fields,
        words=words,
        legal=mended if legal is None else legal,
        mended=mended,
        unicode=evidence.unicode,
        stops=evidence.stops.against(),
    )
