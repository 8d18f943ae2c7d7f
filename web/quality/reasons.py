"""What matching said of two records, in words: English here, to be translated.

The words are a table, so that a librarian can correct them without knowing the program.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from importlib.resources import files

from crosswalks import tables
from web.language import Translate

_ROWS = tables.parse(files(__package__), "reasons.tsv")
WORDS: Mapping[str, str] = {code: label for code, label, *_ in _ROWS}
"""Every reason's code with its words, ``{value}`` where its value stands; and, as ``code=value``,
those values that are codes themselves."""
_DECIDING = ("veto-", "hold-")
_PART = re.compile(r"[^/+]+")
_GRADE = re.compile(r"-\d+$")
"""How alike a graded comparison is at least: its words are the same for all grades."""
_NUMBERED = re.compile(r"(\D*)(\d*)")


def words(reasons: Iterable[str], translate: Translate) -> list[str]:
    """Return each reason, ``code:value``, as a sentence; one without words as it is.

    What decided comes first: what keeps the two apart, or for a person.
    """
    ordered = sorted(reasons, key=lambda reason: not reason.startswith(_DECIDING))
    return [_said(reason, translate) for reason in ordered]


def _said(reason: str, translate: Translate) -> str:
    code, _, value = reason.partition(":")
    template = WORDS.get(_GRADE.sub("", code))
    if template is None:
        return reason
    return translate(template).format(value=_value(code, value, translate))


def _value(code: str, value: str, translate: Translate) -> str:
    """Return a value, or both of a pair unless they are equal, with what is code in words."""
    one, slash, other = value.partition("/")
    value = one if slash and one == other else value
    kind = code.removeprefix("veto-").partition("-")[0]

    def worded(part: re.Match[str]) -> str:
        whole = WORDS.get(f"{kind}={part[0]}")
        if whole:
            return translate(whole)
        numbered = _NUMBERED.fullmatch(part[0])
        word = WORDS.get(f"{kind}={numbered[1]}") if numbered else None
        return f"{translate(word)} {numbered[2]}" if numbered and word else part[0]

    return _PART.sub(worded, value)
