"""Standard numbers and codes in MARC 21 data fields: the check digits and the code lists.

Each function takes the fields of its own tags only; a right number is told by its digits alone,
since nearly all are right.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from operator import mul

from stdnum import ean, ismn

from crosswalks.checks.codes import CURRENT, OLDER, CodeList
from crosswalks.checks.problems import problem as _problem
from crosswalks.identifiers import isbn_of, issn_of
from crosswalks.model import Field, Problem, Severity

_WEIGHTS_10 = range(10, 1, -1)
_BOOKLAND = ("978", "979")
_ENDS = " (:;,."
_CODE_LENGTH = 3
_ISMN, _EAN = "2", "3"
_NUMBER = re.compile(r"[M\d][\d -]*\d")
_RELATED = re.compile(r"https?://")
_RDA = {"336": CodeList.CONTENT, "337": CodeList.MEDIA, "338": CodeList.CARRIER}


def _isbn(field: Field) -> Iterator[Problem]:
    for value in field.all("a"):
        if not _is_plain_isbn(value) and not isbn_of(value):
            yield _problem("bad-isbn", "020", value, "not an ISBN with a right check digit")


def _is_plain_isbn(value: str) -> bool:
    """Tell whether the value begins with a right ISBN of digits only; False means: look closer."""
    thirteen, ten = value[:13], value[:10]
    if thirteen.isdecimal() and thirteen.startswith(_BOOKLAND) and value[13:14] in _ENDS:
        digits = [*map(int, thirteen)]
        return (sum(digits[::2]) + 3 * sum(digits[1::2])) % 10 == 0
    if ten[:9].isdecimal() and value[10:11] in _ENDS:
        last = 10 if ten[9:] in ("X", "x") else int(ten[9:]) if ten[9:].isdecimal() else -1
        return last >= 0 and (sum(map(mul, map(int, ten[:9]), _WEIGHTS_10)) + last) % 11 == 0
    return False


def _issn(field: Field) -> Iterator[Problem]:
    for value in field.all("a"):
        if not issn_of(value):
            yield _problem("bad-issn", "022", value, "not an ISSN with a right check digit")


def _other_number(field: Field) -> Iterator[Problem]:
    kind = field.indicators[:1]
    for value in field.all("a"):
        found = _NUMBER.match(value)
        number = found[0] if found else ""
        if kind == _ISMN and not ismn.is_valid(number):
            yield _problem("bad-ismn", "024", value, "not an ISMN with a right check digit")
        if kind == _EAN and not ean.is_valid(number):
            yield _problem(
                "bad-ean", "024", value, "not an article number with a right check digit"
            )


def _languages(field: Field) -> Iterator[Problem]:
    if field.indicators[1:] == "7":
        return
    for code, value in field.subfields:
        if code not in "abdefghijkmnpqrt":
            continue
        if len(value) % _CODE_LENGTH or not value:
            why = f"${code} is not made of codes of three letters"
            yield _problem("bad-041", "041", value, why)
            continue
        if len(value) > _CODE_LENGTH:
            why = f"${code} holds several codes; now each has a subfield of its own"
            yield _problem("obsolete", "041", value, why, Severity.INFO)
        for start in range(0, len(value), _CODE_LENGTH):
            yield from _listed(value[start : start + 3], CodeList.LANGUAGE, field, "language")


@lru_cache(maxsize=1 << 10)
def _rda_terms(field: Field) -> tuple[Problem, ...]:
    within = _RDA[field.tag]
    if field.first("2").strip().lower() != within:
        return ()
    listed = (_listed(value.strip(), within, field, "term") for value in field.all("b"))
    return tuple(problem for each in listed for problem in each)


def relators(field: Field) -> Iterator[Problem]:
    """Yield the problems of the relator codes in $4; web addresses stand for themselves."""
    for value in field.all("4"):
        code = value.strip().rstrip(".")
        if not _RELATED.match(code):
            yield from _listed(code, CodeList.RELATOR, field, "relator")


def _listed(code: str, within: CodeList, field: Field, what: str) -> Iterator[Problem]:
    if code in CURRENT[within]:
        return
    if code in OLDER[within]:
        why = f"{code} is no longer used"
        yield _problem("obsolete", field.tag, code, why, Severity.INFO)
    elif what == "language":
        yield _problem("unknown-language", field.tag, code, "not in the code list of languages")
    elif what == "relator":
        yield _problem("unknown-relator", field.tag, code, "not in the code list of relators")
    else:
        yield _problem("unknown-term", field.tag, code, f"not in the code list {within}")


BY_TAG: Mapping[str, Callable[[Field], Iterable[Problem]]] = {
    "020": _isbn,
    "022": _issn,
    "024": _other_number,
    "041": _languages,
    **dict.fromkeys(_RDA, _rda_terms),
}
"""What has to be looked into, by tag."""
