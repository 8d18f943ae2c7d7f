"""Where a part was published: "Tạp chí X; Tập 5, Số 3 (2010); tr. 12-20" as its parts.

What cannot be told apart surely stays together: better a whole sentence than a wrong volume.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_LONGEST = 1000
_WORDS = 14
"""A journal's title is not longer than this; a whole citation is."""

_VOLUME = re.compile(
    r"(?:\bvol(?:ume)?s?|\btập|\bquyển|\bbd|\bv)(?:\.\s*|\s+)(\d+|[IVXLC]+)\b", re.IGNORECASE
)
_ISSUE = re.compile(
    r"(?:\bnos?|\bnr|\bn[°º]|\bissues?|\biss|\bsố|\bnum(?:ber)?)(?:\.\s*|\s+)"
    r"(\d+[A-Z]?(?:\s*[-/]\s*\d+)?(?:\(\d+\))?)",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"(?<![\d(])(\d{1,4})\s*\((\d{1,3}(?:[-/]\d{1,3})?)\)")
_PAGES = re.compile(
    r"(?:\bpp?|\bpages?|\btr|\btrang)(?:\.\s*|\s+)(\d+)(?:\s*[-–]\s*\d+)?"
    r"|[;:,]\s*(\d{1,5})\s*[-–]\s*\d{1,5}\s*\.?\s*$",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"^.*?\b(?:published in|appeared in|đăng trong|đăng trên)\s*:?\s*"
    r"|^(?:in|trong|source|nguồn)\s*:\s*",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[.?!]\s|\(\d{4}\)")
_BRACKETED_TITLE = re.compile(r"\((?:1[89]|20)\d\d\):\s[^;]*")
_YEAR_BEHIND = re.compile(r",?\s+\(?(?:1[89]|20)\d\d$")
_ENDS = " ,;:.-–("


class Host(NamedTuple):
    """What was told of a host: its title (if any), the part in it, and the same as MARC $q."""

    title: str
    part: str
    coded: str


def is_numbered(text: str) -> bool:
    """Tell whether a text says a volume, an issue or pages, as the place of an article does."""
    text = text[:_LONGEST]
    return any(pattern.search(text) for pattern in (_VOLUME, _ISSUE, _COMPACT, _PAGES))


def host(text: str) -> Host:
    """Return what a text says of where something was published."""
    text = _LEAD.sub("", text[:_LONGEST])
    volume, issue, pages = (pattern.search(text) for pattern in (_VOLUME, _ISSUE, _PAGES))
    compact = None if volume or issue else _COMPACT.search(text)
    found = [match.start() for match in (volume, issue, compact, pages) if match]
    if not found:
        return Host(text.strip(_ENDS), "", "")
    semicolon = text.find(";")
    begin = min([*found, *([semicolon] if semicolon > 0 else [])])
    title = text[:begin].strip(_ENDS)
    many = text[begin : min(found)].count(";") > 1
    if many or len(title.split()) > _WORDS or _SENTENCE.search(title):
        return Host("", text.strip(), "")
    part = _BRACKETED_TITLE.sub(lambda each: each[0][:6], text[begin:]).strip(" ,;:-–")
    return Host(_YEAR_BEHIND.sub("", title), part, _enumeration(volume, issue, compact, pages))


def _enumeration(
    volume: re.Match[str] | None,
    issue: re.Match[str] | None,
    compact: re.Match[str] | None,
    pages: re.Match[str] | None,
) -> str:
    """Return volume, issue and first page as 773 $q has them: ``5:3<12``."""
    levels = [compact[1], compact[2]] if compact else [each[1] for each in (volume, issue) if each]
    first = (pages[1] or pages[2]) if pages else ""
    if not levels:
        return ""
    return ":".join(level.replace(" ", "") for level in levels) + (f"<{first}" if first else "")
