"""Text that was damaged on its way here, by the marks each kind of damage leaves.

A sound text must never be called damaged, in whatever language it is; so what only looks unusual
is judged by whether it would be Vietnamese once mended. Mending itself is done elsewhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator
from html.entities import html5
from typing import NamedTuple

from crosswalks.checks.syllables import VIETNAMESE_ONLY, is_syllable
from crosswalks.encodings.codecs import decode_seen
from crosswalks.encodings.model import Encoding
from crosswalks.model import Severity


class Damage(NamedTuple):
    """What happened to a text: a name for it, what to think of it, and where it shows."""

    code: str
    severity: Severity
    cause: str
    sample: str
    place: int = 0
    """Where in the text it shows first."""


_REPLACEMENT = "\ufffd"
LOST = "U+FFFD: lost in an earlier conversion, or a character that cannot be stored"
"""The cause of U+FFFD."""
_LEAST_WORDS = 3
"""Different words with marks that a legacy encoding is judged by."""
_LEGAL = 0.9
_BETTER = 0.3
_CONTINUED = "".join(
    bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(128, 192)
)
_CONTINUED += "".join(map(chr, range(0x80, 0xA0)))
_TWICE = re.compile(f"[Ã-Æ][{re.escape(_CONTINUED)}]|[áâ][{re.escape(_CONTINUED)}]{{2}}")
_CLOSING = re.compile(r"[ÃÂ-Æ][»”’…–—™](?!\w)")
_SIGNS = "µ¶·¸¹º»¼½¾×÷¨©ª«¬®\xad\u2212\u2022"
_TCVN3 = re.compile(f"[a-zA-Zß-ÿ][{_SIGNS}](?=[a-zA-Zß-ÿ]|\\b|\\s)|[{_SIGNS}][a-zß-ÿ]")
_VNI = re.compile(r"[aeouyôö][øùûõïåäëüúáàãâéèêóò]|[AEOUYÔÖ][ØÙÛÕÏÅÄËÜÚÁÀÃÂÉÈÊÓÒ]")
_FILLERS = "àáảãạăâđèéẻẽẹêìíỉĩịòóỏõọôơùúủũụưằắẳẵặầấẩẫậềếểễệồốổỗộờớởỡợừứửữựỳýỷỹỵ"
_SPLIT = re.compile(r"[\s0-9.,;:!?()\[\]{}<>/\"“”‘’'\\|=+*&%$#@~^_–—-]+")
_HOLE = re.compile(r"(?<![\w/?&=.])[^\W\d_]*\?[^\W\d_]+(?![\w/?&=])")
ENTITY = re.compile(r"&(?:#\d{2,6}|#x[0-9a-fA-F]{2,5}|[a-zA-Z]{2,8});")
"""What may be a character reference of HTML."""
_STRAY = re.compile(r"(?:^|(?<=[\s(\[\"',.:;/-]))[\u0300-\u0304\u0306-\u0331\u0334-\u036f]")
# Lines over and under whole passages (U+0305, U+0332, U+0333) go over their blanks, too.
_CAPITALS = re.compile(
    rf"\b[A-ZĐ]+[{_FILLERS}][A-ZĐ{_FILLERS}]*[A-ZĐ]\b|\b[A-ZĐ]{{2,}}[{_FILLERS}]\b"
)
_LATE_HORN = re.compile(rf"[a-z{_FILLERS}][ƯƠ]")
_CONSONANT_ACUTE = re.compile(r"[ŕḿǵĺńḱṕ]|[bdhtvx]\u0301")
# From the beginning of a word on: from each of its letters it would take as long again.
_BAD_RIME = re.compile(r"(?<![^\W\d_])[^\W\d_]*ơ(?:ng|c)\b", re.IGNORECASE)


def damages(text: str, *, is_vietnamese: bool = False) -> Iterator[Damage]:
    """Yield what happened to a text; ``is_vietnamese`` if that is known to be its language.

    The more text is given at once, the surer is the judgement of legacy encodings.
    """
    if _REPLACEMENT in text:
        yield _damage(LOST, text, text.index(_REPLACEMENT))
    if found := next(filter(_is_reference, ENTITY.finditer(text)), None):
        yield _damage("a character reference that was never decoded", text, found.start())
    if "?" in text and (hole := _hole(text, is_vietnamese=is_vietnamese)):
        yield _damage("a question mark in place of a letter", text, hole.start())
    if not text.isascii():
        letters = frozenset(text)
        for needed, look in _LOOKS:
            if not needed.isdisjoint(letters):
                yield from look(text)


def form_of(text: str) -> Iterator[Damage]:
    """Yield whether a text is decomposed, wholly or here and there (Unicode normal form C)."""
    if text.isascii() or unicodedata.is_normalized("NFC", text):
        return
    whole = unicodedata.is_normalized("NFD", text)
    cause = "decomposed letters (NFD)" if whole else "composed and decomposed letters mixed"
    marks = (place for place, one in enumerate(text) if unicodedata.combining(one))
    yield Damage("decomposed-text", Severity.INFO, cause, _around(text, next(marks, 0)))


def _damage(cause: str, text: str, place: int) -> Damage:
    return Damage("damaged-text", Severity.WARNING, cause, _around(text, place), place)


def _around(text: str, place: int) -> str:
    return text[max(place - 20, 0) : place + 40]


def _is_reference(found: re.Match[str]) -> bool:
    return found[0][1] == "#" or found[0][1:] in html5


def _hole(text: str, *, is_vietnamese: bool) -> re.Match[str] | None:
    """Return the first word with a question mark that a Vietnamese letter would make whole."""
    found = [hole for hole in _HOLE.finditer(text) if _would_be_whole(hole[0])]
    enough = len(found) > 1 or is_vietnamese or not VIETNAMESE_ONLY.isdisjoint(text)
    return found[0] if found and enough else None


def _would_be_whole(word: str) -> bool:
    return word.count("?") == 1 and any(is_syllable(word.replace("?", one)) for one in _FILLERS)


def _twice(text: str) -> Iterator[Damage]:
    for found in _TWICE.finditer(text):
        if not _CLOSING.match(text, found.start()) and _decodes(found[0]):
            yield _damage("UTF-8 read as Windows-1252", text, found.start())
            return


def _decodes(piece: str) -> bool:
    try:
        letter = b"".join(map(_byte, piece)).decode()
    except (UnicodeDecodeError, UnicodeEncodeError):
        return False
    return letter.isalpha() or letter in "–—‘’“”…•"


def _byte(letter: str) -> bytes:
    return letter.encode("latin-1") if letter <= "\xff" else letter.encode("cp1252")


def _legacy(text: str) -> Iterator[Damage]:
    if not _DECODED.isdisjoint(text):
        return
    for name, gate, decode in _ENCODINGS:
        first = gate.search(text)
        if first and gate.search(text, first.end()) and _is_better(text, decode):
            yield _damage(f"{name} read as Windows-1252", text, first.start())
            return


def _is_better(text: str, decode: Callable[[str], str]) -> bool:
    words = {word for word in _SPLIT.split(text) if not word.isascii()}
    decoded = {word: decode(word) for word in words}
    changed = [word for word in words if decoded[word] != word]
    if len(changed) < _LEAST_WORDS:
        return False
    before, after = _legal(words), _legal(decoded.values())
    return after >= _LEGAL and after - before >= _BETTER


def _legal(words: Collection[str]) -> float:
    judged = [is_syllable(word) for word in words]
    return sum(judged) / len(judged)


def _stray(text: str) -> Iterator[Damage]:
    if found := _STRAY.search(text):
        yield _damage("a combining mark that stands on no letter", text, found.start())


def _spelling(text: str) -> Iterator[Damage]:
    """Yield damage that leaves legal letters in places where Vietnamese never has them."""
    letters = frozenset(text)
    if VIETNAMESE_ONLY.isdisjoint(letters) and not _CONSONANT_ACUTE.search(text):
        return
    for cause, needed, pattern, is_damage in _MISSPELT:
        if needed.isdisjoint(letters):
            continue
        found = {
            word: each.start()
            for each in pattern.finditer(text)
            if is_damage(word := _word_at(text, each))
        }
        if len(found) > 1 or (found and cause == _LOOK_ALIKE):
            yield _damage(cause, text, min(found.values()))


def _word_at(text: str, found: re.Match[str]) -> str:
    begin, end = found.span()
    while begin and text[begin - 1].isalpha():
        begin -= 1
    while end < len(text) and (text[end].isalpha() or unicodedata.combining(text[end])):
        end += 1
    return text[begin:end]


def _acute_as_grave(word: str) -> str:
    spread = unicodedata.normalize("NFD", word)
    return re.sub("(?<=[rmglnkpbdhtvx])\u0301", "i\u0300", spread)


_LOOK_ALIKE = "a look-alike in place of ư or đ"
_ACUTE = frozenset("ŕḿǵĺńḱṕ\u0301")
_MISSPELT: tuple[tuple[str, frozenset[str], re.Pattern[str], Callable[[str], bool]], ...] = (
    (
        _LOOK_ALIKE,
        frozenset("ƢƣÐð"),
        re.compile("[ƢƣÐð]"),
        lambda word: is_syllable(_same_look(word)),
    ),
    ("TCVN3 capitals left as small letters", frozenset(_FILLERS), _CAPITALS, is_syllable),
    (
        "TCVN3 put through a VNI converter",
        frozenset("ƯƠ"),
        _LATE_HORN,
        lambda word: not is_syllable(word),
    ),
    (
        "Unicode put through a VNI converter",
        frozenset("ơƠ"),
        _BAD_RIME,
        lambda word: not is_syllable(word),
    ),
    (
        "Latin-1 read as Windows-1258",
        _ACUTE,
        _CONSONANT_ACUTE,
        lambda word: is_syllable(_acute_as_grave(word)),
    ),
)
"""Each mistake with the letters without which it cannot be."""
_LOOK_ALIKES = str.maketrans("ƢƣÐð", "ƯưĐđ")


def _same_look(word: str) -> str:
    return word.translate(_LOOK_ALIKES)


def _decoder(encoding: Encoding) -> Callable[[str], str]:
    return lambda text: decode_seen(text, encoding) or text


_ENCODINGS = (
    ("TCVN3", _TCVN3, _decoder(Encoding.TCVN3)),
    ("VNI", _VNI, _decoder(Encoding.VNI)),
)
_MARKS = frozenset(map(chr, range(0x300, 0x370)))
_DECODED = VIETNAMESE_ONLY | _MARKS
"""A text with any of these came as Unicode, and is in no legacy encoding."""
_LOOKS: tuple[tuple[frozenset[str], Callable[[str], Iterator[Damage]]], ...] = (
    (frozenset("ÃÄÅÆáâÂ"), _twice),
    (frozenset(_SIGNS + "øùûõïåäëüúáàãâéèêóòØÙÛÕÏÅÄËÜÚÁÀÃÂÉÈÊÓÒ"), _legacy),
    (_MARKS, _stray),
    (VIETNAMESE_ONLY | frozenset("ŕḿǵĺńḱṕ\u0301ÐðƢƣ"), _spelling),
)
"""Each kind of damage, with the letters without which it cannot be."""
