"""Names of persons in whatever order, with honours, roles, dates and other names around them.

``Nguyễn, Văn An``, ``An, Nguyễn Văn`` and ``GS. TS. Nguyễn Văn An (ch.b.)`` have the same words. A
comma is believed only as far as family names bear it out: ``order`` says what could be told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from crosswalks import names, tables
from crosswalks.text import nfc, word_key
from crosswalks.values.roles import cut_role, is_role, role_before
from crosswalks.values.words import bare, phrases, spellings

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


class Order(StrEnum):
    """How the words of a name stood."""

    DIRECT = "direct"
    FAMILY_FIRST = "family-first"
    """With a comma behind the family name, which Vietnamese order has first anyway."""
    INVERTED = "inverted"
    """The given name was put first (Vietnamese) or the family name (other languages)."""
    UNSURE = "unsure"
    """Both parts could be the family name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person's name: its words as word_keys in direct order, and what stood around them."""

    words: tuple[str, ...]
    order: Order = Order.DIRECT
    roles: tuple[str, ...] = ()
    """MARC relator codes."""
    also: tuple[tuple[str, ...], ...] = ()
    """Other names given with it, as words: pen names, names at birth."""
    qualifiers: tuple[str, ...] = ()
    """What else stood in brackets, as word_keys."""
    born: str = ""
    died: str = ""

    def is_same(self, other: Person) -> bool:
        """Tell whether both are one person as far as they say: one name in common at least."""
        common = {self.words, *self.also} & {other.words, *other.also}
        return bool(common) and self.agrees(other)

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
    text = nfc(text)
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
        if joined and not (_is_whole(joined[-1]) and _is_whole(piece)):
            joined[-1] = f"{joined[-1]}, {piece}"
        else:
            joined.append(piece)
    return joined


def _is_whole(text: str) -> bool:
    """Tell whether a piece is a Vietnamese name in full, from a family name on."""
    without = _BRACKETS.sub(" ", cut_role(text.partition(",")[0])[0])
    words = _without_honours(tuple(word_key(without).split()))
    return len(words) >= _FEWEST and _is_family(words[0]) and not any(map(str.isdigit, text))


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
    order = _order(first, rest)
    turned = order is Order.INVERTED
    return (*(rest + first if turned else first + rest), *suffix), order


def _order(first: tuple[str, ...], rest: tuple[str, ...]) -> Order:
    """Tell by family names what a comma separates.

    ``Nguyễn, Văn An`` and ``Nguyễn Văn, An`` begin with one. ``An, Nguyễn Văn`` has it behind the
    comma, and ends in a word that only stands in the middle of a name.
    """
    in_front = _weight(first[0]) if first else 0
    behind = _weight(rest[0]) if len(rest) >= _FEWEST else 0
    if len(first) == 1 and behind and (rest[-1] in _MIDDLE or behind > in_front):
        return Order.INVERTED
    if in_front and in_front == behind:
        return Order.UNSURE
    return Order.FAMILY_FIRST if in_front else Order.INVERTED


def _weight(word: str) -> int:
    """Return how much a word looks like a family name: 2 for a common one, 1 for a rare one."""
    return (word in _COMMON or word in _PLAIN_COMMON) + _is_family(word)


def _without_honours(words: tuple[str, ...]) -> tuple[str, ...]:
    honours = phrases("vn-honours.tsv")
    while found := honours.at(words):
        rest = words[found[0] :]
        is_initials = found[0] > 1 and all(len(word) == 1 for word in words[: found[0]])
        if len(rest) < _FEWEST or (is_initials and not _is_family(rest[0])):
            break
        words = rest
    return words


def _is_family(word: str) -> bool:
    return word in _FAMILIES or word in _PLAIN_FAMILIES


def is_typed_without_marks(person: Person) -> bool:
    """Tell whether a name's family name is Vietnamese, with the marks of it left out."""
    return (
        all(word.isascii() and word.islower() for word in person.words)
        and person.words[0] in _PLAIN_FAMILIES
        and person.words[0] not in _FAMILIES
    )


_FAMILIES = frozenset(
    word_key(name)
    for row in (*tables.rows("surnames.tsv"), *tables.rows("vn-surnames.tsv"))
    for name in spellings(row[0])
)
_COMMON = frozenset(word_key(name) for (name,) in tables.rows("surnames.tsv"))
_PLAIN_COMMON = frozenset(map(bare, _COMMON))
_PLAIN_FAMILIES = frozenset(map(bare, _FAMILIES)) - {"an", "la", "vi", "chu"}
_MIDDLE = frozenset(map(word_key, ("Thị", "Văn", "Đình", "Bá", "Trọng", "Hữu", "Huy")))
