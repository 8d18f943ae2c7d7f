"""Names of persons in whatever order, with honours, roles, dates and other names around them.

``Nguyễn, Văn An``, ``An, Nguyễn Văn`` and ``GS. TS. Nguyễn Văn An (ch.b.)`` have the same words. A
comma is believed only as far as family names bear it out: ``order`` says what could be told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from crosswalks import names
from crosswalks.text import nfc, word_key
from crosswalks.values import families
from crosswalks.values.families import Order
from crosswalks.values.roles import cut_role, is_role, role_before
from crosswalks.values.words import phrases

_FEWEST = 2
"""Words that a name keeps when honours before it are taken away."""
_YEARS = re.compile(
    r"[,(\[\s]*\b(?:sinh(?: năm)?|s\.|sn\.?|b\.|born|ca?\.|khoảng|fl\.)?\s*"
    r"(?P<born>\d{3,4})?(?P<doubt>\?)?\s*(?:[-–—]|đến)\s*(?:ca?\.\s*)?(?P<died>\d{3,4})?\??\s*[)\]]?"
)
_BORN = re.compile(
    r"[,(\[\s]+(?:sinh(?: năm)?|s\.|sn\.?|b\.|born)?\s*(?P<born>1\d{3}|20\d\d)\s*(?:[)\]]|$)"
)
_ET_AL = re.compile(
    r"[\s,;]*(?:\.{3}|…)?\s*[\[(]?\s*(?:\bvà\s+(?:những|các|một số)\s+(?:người|tác giả)\s+khác"
    r"|\bvà\s+n\.?\s*n\.?\s*k\b\.?|\bet\.?\s+al\b\.?|\band\s+others|\bvà cộng sự|v\.\s*v\.*)"
    r"\s*\.*\s*[\])]?"
    r"|\s*(?:\.{3}|…)\s*$",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")
_ALSO = re.compile(
    r"[\s,;]+(?:tức là|tức|bút danh(?: là)?|tên thật(?: là)?|bí danh|pháp danh|hiệu là)[\s:]+",
    re.IGNORECASE,
)
_INITIAL = re.compile(r"(?<!\w)[^\W\d_]\.")
"""Behind initials, brackets have what they stand for and no other name."""
_AND = re.compile(r"\s+(?:&|và|and)\s+(?![^(\[]*[)\]])")
_SUFFIXES = frozenset(("jr", "sr", "ii", "iii", "iv"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person's name: its words as word_keys in direct order, and what stood around them."""

    words: tuple[str, ...]
    order: Order = Order.DIRECT
    roles: tuple[str, ...] = ()
    """MARC relator codes."""
    turned: tuple[str, ...] = ()
    """The words in the other order, where the order is not sure."""
    also: tuple[tuple[str, ...], ...] = ()
    """Other names given with it, as words: pen names, names at birth."""
    qualifiers: tuple[str, ...] = ()
    """What else stood in brackets, as word_keys."""
    born: str = ""
    died: str = ""

    def is_same(self, other: Person) -> bool:
        """Tell whether both are one person as far as they say: one name in common at least."""
        return bool(self._names() & other._names()) and self.agrees(other)

    def _names(self) -> set[tuple[str, ...]]:
        return {self.words, self.turned, *self.also} - {()}

    def agrees(self, other: Person) -> bool:
        """Tell whether no date, no other name and no remark speaks against their being one."""
        return all(
            not one or not another or one == another
            for one, another in (
                (self.born, other.born),
                (self.died, other.died),
                (sorted(self.also), sorted(other.also)),
                (self.qualifiers, other.qualifiers),
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Persons:
    """The persons of a statement of responsibility, and whether it says there are more."""

    persons: tuple[Person, ...]
    et_al: bool = False


@lru_cache(maxsize=1 << 12)
def read(text: str) -> Persons:
    """Return the persons that a heading (100, 700) or a statement (245 $c) names, in its order."""
    text = " ".join(nfc(text).split())
    shortened = _ET_AL.sub(" ", text)
    found = [person for part in _separate(shortened) for person in _group(part)]
    return Persons(persons=tuple(found), et_al=shortened != text)


def _separate(text: str) -> list[str]:
    """Return the statement cut at semicolons, slashes and full brackets' ends, roles kept."""
    return [part.strip() for part in re.split(r"\s*;\s*|\s+/\s+", text) if part.strip(" .,;:")]


def _group(text: str) -> list[Person]:
    """Return the persons of one part: those behind ``Dịch:`` all have that role."""
    role, rest = role_before(text)
    pieces = _ampersands(rest)
    return [person for piece in pieces if (person := _person(piece, role))]


def _ampersands(text: str) -> list[str]:
    parts = _AND.split(text)
    if not all(len(word_key(part).split()) >= _FEWEST and not is_role(part) for part in parts):
        parts = [text]
    return [name for part in parts for name in _whole_names(part)]


def _whole_names(text: str) -> list[str]:
    """Return names that commas separate; a comma within a name, before a date or role stays."""
    if "," not in text:
        return [text]
    joined: list[str] = []
    for piece in re.split(r"\s*,\s*(?![^(\[]*[)\]])", text):
        if _is_honour(piece):
            continue
        if joined and not (_is_whole(joined[-1]) and _is_whole(piece)):
            joined[-1] = f"{joined[-1]}, {piece}"
        else:
            joined.append(piece)
    return joined


def _is_honour(text: str) -> bool:
    """Tell whether a piece between commas is degrees and nothing else: ``PGS, TS Lê A``."""
    words = tuple(word_key(text).split())
    honours = phrases("vn-honours.tsv")
    while words and (found := honours.at(words)):
        words = words[found[0] :]
    is_initials = all(len(word) == 1 for word in word_key(text).split())
    return not words and not is_initials and not is_role(text)


def _is_whole(text: str) -> bool:
    """Tell whether a piece is a Vietnamese name in full, from a family name on."""
    without = _BRACKETS.sub(" ", cut_role(text.partition(",")[0])[0])
    words = _without_honours(tuple(word_key(without).split()))
    return (
        len(words) >= _FEWEST and families.weight(words[0]) > 0 and not any(map(str.isdigit, text))
    )


def _person(text: str, role: str) -> Person | None:
    roles = [role] if role else []
    text, born, died = _dates(text)
    text, told = _also(text)
    text, inside = _brackets(text)
    text, behind = cut_role(text)
    roles += behind
    also: list[tuple[str, ...]] = [_words(name)[0] for name in told]
    qualifiers: list[str] = []
    for remark in inside:
        if found := is_role(remark):
            roles.append(found)
        elif _is_name(remark) and not _INITIAL.search(text):
            also.append(_words(remark)[0])
        elif key := word_key(remark):
            qualifiers.append(key)
    words, order = _words(text)
    if not words:
        return None
    return Person(
        words=words,
        order=order,
        turned=_turned(text, words) if order is Order.UNSURE else (),
        roles=tuple(dict.fromkeys(roles)),
        also=tuple(name for name in also if name and name != words),
        qualifiers=tuple(qualifiers),
        born=born,
        died=died,
    )


def _dates(text: str) -> tuple[str, str, str]:
    for found in _YEARS.finditer(text):
        if found["born"] or found["died"]:
            rest = f"{text[: found.start()]} {text[found.end() :]}"
            return rest, found["born"] or "", found["died"] or ""
    born = _BORN.search(text)
    if born is None:
        return text, "", ""
    return f"{text[: born.start()]} {text[born.end() :]}", born["born"], ""


def _also(text: str) -> tuple[str, list[str]]:
    name, *others = _ALSO.split(text)
    return name, others


def _brackets(text: str) -> tuple[str, list[str]]:
    inside = [one or other for one, other in _BRACKETS.findall(text)]
    cut = [_ALSO.sub("", f" {remark}").strip(" .,;:") for remark in inside]
    return _BRACKETS.sub(" ", text), [remark for remark in cut if remark]


def _is_name(text: str) -> bool:
    words = word_key(text).split()
    spoken = [piece for piece in text.split() if piece[:1].isalpha()]
    return (
        len(words) >= _FEWEST
        and not any(map(str.isdigit, text))
        and all(piece[0].isupper() for piece in spoken)
        and not names.is_corporate(text)
        and phrases("vn-places.tsv").whole(tuple(words)) is None
    )


def _words(text: str) -> tuple[tuple[str, ...], Order]:
    """Return a name's words in direct order, and how they stood."""
    before, comma, after = text.strip(" .,;:").partition(",")
    first = _without_honours(tuple(word_key(before).split()))
    rest = tuple(word_key(after).split())
    suffix = tuple(word for word in rest if word in _SUFFIXES)
    rest = _without_honours(tuple(word for word in rest if word not in _SUFFIXES))
    if not comma or not rest:
        return (*first, *suffix), Order.DIRECT
    order = families.order(first, rest)
    unsure = order is Order.UNSURE and families.weight(rest[0]) > families.weight(first[0])
    turned = order is Order.INVERTED or unsure
    return (*(rest + first if turned else first + rest), *suffix), order


def _turned(text: str, words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words in the other order than these."""
    before, _, after = text.partition(",")
    orders = (f"{before} {after}", f"{after} {before}")
    others = (tuple(word_key(each).split()) for each in orders)
    return next((other for other in others if other != words), ())


def _without_honours(words: tuple[str, ...]) -> tuple[str, ...]:
    honours = phrases("vn-honours.tsv")
    while found := honours.at(words):
        rest = words[found[0] :]
        is_initials = found[0] > 1 and all(len(word) == 1 for word in words[: found[0]])
        if len(rest) < _FEWEST or (is_initials and not families.weight(rest[0])):
            break
        words = rest
    return words
