"""What the fields of one source say of its encoding, pooled: never is one field enough.

A sample of different words, the same whatever the order in which they came, so that parts of a
source can be gathered apart and merged; its memory does not grow with the source.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any
from zlib import crc32

from crosswalks.checks.syllables import VIETNAMESE_ONLY
from crosswalks.encodings import viqr
from crosswalks.encodings.codecs import as_latin
from crosswalks.encodings.stops import Stops
from crosswalks.encodings.twice import Misread, misread

SAMPLE = 2048
_PARTS = ("seen", "mnemonic", "stops")
_BLANK = re.compile(r"[ \t\r\n]+")
_MARKED = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x80-\U0010ffff]")
_MNEMONIC = re.compile("[`~^(+]|[Dd][Dd]")
_PLAIN = re.compile("[A-Za-z]")
_CONTROL = re.compile("[\x80-\x9f]")
_SIGN = re.compile("[\x80\x82-\x8c\x8e\x91-\x9c\x9e\x9f]")
_LONGEST = 64
_UNICODE = VIETNAMESE_ONLY | frozenset(map(chr, range(0x300, 0x370)))
_SHY = str.maketrans(dict.fromkeys("\u2010\u2011\u2212", "\xad"))


class Sample:
    """Different words, at most SAMPLE of them by the least hashes, each with a field it was in."""

    def __init__(self) -> None:
        self.words: dict[str, int] = {}

    def add(self, word: str, where: int) -> None:
        """Take a word in, or let it go if the sample is full of lesser hashes."""
        known = self.words.get(word)
        self.words[word] = where if known is None else min(known, where)
        if len(self.words) > 2 * SAMPLE:
            self.trim()

    def trim(self) -> None:
        """Drop what is more than SAMPLE words."""
        if len(self.words) > SAMPLE:
            kept = sorted(self.words, key=lambda word: (crc32(word.encode()), word))[:SAMPLE]
            self.words = {word: self.words[word] for word in kept}

    def merge(self, other: Sample) -> None:
        """Take in another sample."""
        for word, where in other.words.items():
            self.add(word, where)
        self.trim()


@dataclass(slots=True)
class Evidence:
    """The evidence of one source, or of a part of it."""

    fields: int = 0
    """Fields that show marks of any kind."""
    plain: int = 0
    """Fields in ASCII that show none."""
    mnemonics: int = 0
    """Fields in which words stand as VIQR writes them."""
    unicode: int = 0
    """Fields in which Vietnamese stands as sound Unicode."""
    misread: int = 0
    """Fields that are UTF-8 once their misreading is undone."""
    sure: int = 0
    """How many of those say so for certain."""
    windows: int = 0
    """How many of those hold signs of Windows-1252 that Latin-1 does not have."""
    controls: int = 0
    """How many hold none of these, but control characters."""
    plain_controls: int = 0
    """How many of those hold some that Windows-1252 would have shown as a sign."""
    layered: int = 0
    """How many were misread more than once."""
    seen: Sample = field(default_factory=Sample)
    """Words that may be bytes of a legacy encoding."""
    mnemonic: Sample = field(default_factory=Sample)
    """Words with vowels as VIQR writes them."""
    stops: Stops = field(default_factory=Stops)
    """Where those fields end their sentences."""

    def add(self, texts: Iterable[str]) -> None:
        """Take in fields of one record."""
        for text in texts:
            if _MARKED.search(text):
                self._add_marked(text)
            elif _MNEMONIC.search(text):
                self._add_mnemonic(text)
            else:
                self.plain += _PLAIN.search(text) is not None

    def merge(self, other: Evidence) -> None:
        """Take in the evidence of another part of the source."""
        self.fields += other.fields
        self.plain += other.plain
        self.mnemonics += other.mnemonics
        self.unicode += other.unicode
        self.sure += other.sure
        self.misread += other.misread
        self.windows += other.windows
        self.controls += other.controls
        self.plain_controls += other.plain_controls
        self.layered += other.layered
        self.seen.merge(other.seen)
        self.mnemonic.merge(other.mnemonic)
        self.stops.merge(other.stops)

    def plain_values(self) -> dict[str, Any]:
        """Return it as values that JSON has; ``of`` makes it whole again."""
        self.seen.trim()
        self.mnemonic.trim()
        return asdict(self) | {"seen": self.seen.words, "mnemonic": self.mnemonic.words}

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Evidence:
        """Return evidence from such values; of none, there is none yet."""
        made = {name: value for name, value in values.items() if name not in _PARTS}
        evidence = cls(**made)
        evidence.seen.words = dict(values.get("seen", {}))
        evidence.mnemonic.words = dict(values.get("mnemonic", {}))
        evidence.stops = Stops(**values.get("stops", {}))
        return evidence

    def _add_marked(self, text: str) -> None:
        self.fields += 1
        if not _UNICODE.isdisjoint(text):
            self.unicode += 1
            return
        if found := misread(text):
            self._add_misread(text, found)
            return
        where = crc32(text.encode("utf-8", "replace"))
        text = text.translate(_SHY)
        is_all_bytes = as_latin(text) is not None
        for word in _BLANK.split(text):
            if _is_telling(word) and (is_all_bytes or as_latin(word) is not None):
                self.seen.add(word, where)

    def _add_misread(self, text: str, found: Misread) -> None:
        has_windows = any(letter > "\xff" for letter in text)
        self.misread += 1
        self.sure += found.sure
        self.layered += found.layers > 1
        self.windows += has_windows and found.layers == 1
        self.controls += not has_windows and _CONTROL.search(text) is not None
        self.plain_controls += _SIGN.search(text) is not None

    def _add_mnemonic(self, text: str) -> None:
        words = viqr.evidence(text)
        self.fields += bool(words)
        self.mnemonics += bool(words)
        self.plain += not words
        if words:
            viqr.count_stops(text, self.stops)
        where = crc32(text.encode("utf-8", "replace"))
        for word, _ in words:
            self.mnemonic.add(word, where)


def _is_telling(word: str) -> bool:
    """Tell whether a word has marks on plain letters: signs alone may stand in any language."""
    is_short = len(word) <= _LONGEST
    return is_short and _MARKED.search(word) is not None and _PLAIN.search(word) is not None
