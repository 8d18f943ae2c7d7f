"""Volume, part and issue numbers: ``T.1``, ``Tập một``, ``Q. II``, ``Quyển thượng``, ``Vol. 1``.

What is counted matters as much as the number: tập and quyển are levels of one work and stay apart.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from crosswalks import tables
from crosswalks.text import fold, nfc
from crosswalks.values import numerals
from crosswalks.values.words import alternation, spellings


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbering:
    """One number of a volume: of what kind, from where to where (empty: one number only)."""

    kind: str
    """``volume``, ``book``, ``part``, ``issue``; empty where only a number stands."""
    number: str
    """In digits, with a letter behind if there is one; or ``upper``, ``middle``, ``lower``."""
    last: str = ""

    def is_same(self, other: Numbering) -> bool:
        """Tell whether both are one number: a bare number may be of any kind."""
        kinds = {self.kind, other.kind} - {""}
        one_kind = len(kinds) < 2  # noqa: PLR2004 - they agree, or one is silent
        return one_kind and (self.number, self.last) == (other.number, other.last)


@dataclass(frozen=True, slots=True, kw_only=True)
class Volumes:
    """The numbers in a text, in their order, and the text without them."""

    numbers: tuple[Numbering, ...]
    rest: str


_WORDS = tables.rows("vn-volume-words.tsv")
_KINDS = {
    form: row[0] for row in _WORDS for word in spellings(row[1]) for form in (word, fold(word))
}
_NOT_AFTER = {
    form: frozenset(fold(row[3]).split())
    for row in _WORDS
    for word in spellings(row[1])
    for form in (word, fold(word))
}


def _forms(form: str) -> str:
    return alternation(
        {
            each
            for row in _WORDS
            if row[2] == form
            for w in spellings(row[1])
            for each in (w, fold(w))
        }
    )


_FOUND = re.compile(
    rf"(?<!\w)(?:(?P<word>{_forms('word')})\.?\s*(?:(?:thứ|thu|số|so)\s+)?"
    rf"|(?:(?<=^)|(?<=[\s(\[,.;:/-]))(?P<short>{_forms('short')})\.\s*)(?=\w)"
)
_DIGITS = re.compile(r"(\d{1,4}[a-zđ]?)(?:\s*[-–—]\s*(\d{1,4}))?(?![\w/])")
_ROMAN = re.compile(r"([ivxlc]{1,8})(?:\s*[-–—]\s*([ivxlc]{1,8}))?(?![\w/])")
_SPELLED = re.compile(r"[^\W\d_]{2,6}(?: [^\W\d_]{2,6}){0,2}(?!\w)")
_PHRASE_ENDS = re.compile(r"\s*(?:[^\w\s]|$)")
_LAST_WORD = re.compile(r"(\w+)[^\w.,:;]*$")
_ALONE = re.compile(r"\W*(?:(?:thứ|thu|số|so)\s+)?")
_LETTERED = re.compile(r"(\d{1,4})([a-zđ])")


def read(text: str) -> Volumes:
    """Return the volume numbers that a title, a 245 $n or another text has in it."""
    text = nfc(text)
    lowered = text.lower()
    if len(lowered) != len(text):
        return Volumes(numbers=(), rest=text)
    numbers: list[Numbering] = []
    rest: list[str] = []
    end = 0
    for found in _FOUND.finditer(lowered):
        said = _number(lowered, found.end())
        if said and found.start() >= end and not _is_other(lowered, found):
            kind = _KINDS[found["word"] or found["short"]]
            numbers.append(Numbering(kind=kind, number=said[0], last=said[1]))
            rest.append(text[end : found.start()])
            end = said[2]
    return Volumes(numbers=tuple(numbers), rest=" ".join([*rest, text[end:]]))


def alone(text: str) -> Volumes:
    """Return the numbers of a text that is nothing but numbers (245 $n): ``2`` has no kind."""
    made = read(text)
    if made.numbers:
        return made
    lowered = nfc(text).lower()
    begin = _ALONE.match(lowered)
    said = _number(lowered, begin.end()) if begin else None
    if said is None or lowered[said[2] :].strip(" .,:;/)]"):
        return made
    return Volumes(numbers=(Numbering(kind="", number=said[0], last=said[1]),), rest="")


def _is_other(text: str, found: re.Match[str]) -> bool:
    """Tell whether the word before makes the announcing word mean something else."""
    before = _LAST_WORD.search(text, 0, found.start())
    return before is not None and fold(before[1]) in _NOT_AFTER[found["word"] or found["short"]]


def _number(text: str, start: int) -> tuple[str, str, int] | None:
    """Return the number that begins here, the last of a range (or nothing), and where it ends."""
    if found := _DIGITS.match(text, start) or _ROMAN.match(text, start):
        number, last = _value(found[1]), _value(found[2] or "")
        if number:
            return number, last, found.end()
    spelled = _SPELLED.match(text, start)
    words = spelled[0].split(" ") if spelled else []
    for length in range(len(words), 0, -1):
        end = start + len(" ".join(words[:length]))
        number = _value(text[start:end])
        # "Tập trung" and "phần ngũ cốc" have no number: one ends its phrase.
        if number and _PHRASE_ENDS.match(text, end):
            return number, "", end
    return None


def _value(text: str) -> str:
    if found := _LETTERED.fullmatch(text):
        return str(int(found[1])) + found[2]
    return numerals.value(text)
