"""What is kept of a harvest line by line, said in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from catalogue import logs
from catalogue.logs import Kind, LogLine
from web.language import Translate, mark, said
from web.told import run_message

KINDS: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.PAGE: mark("page"),
        Kind.WAIT: mark("wait"),
        Kind.FAULT: mark("fault"),
    }
)
_PAGE = mark("Page {page}: {records} records")
_OF = mark("Page {page}: {records} records, of {total} in all")
_PROBLEMS = mark("problems: {count}")
_WAIT = mark("Waits {seconds} seconds and asks again: {why}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cause:
    """A line as ``web.told`` takes what has a message."""

    message: str
    code: str
    details: Mapping[str, Any] = field(default_factory=dict)


def at(line: LogLine) -> datetime:
    """Return when it happened."""
    return datetime.fromtimestamp(line.at / 1000, UTC)


def words(line: LogLine, translate: Translate, number: Callable[[int], str] = str) -> str:
    """Return what happened, in a sentence; ``number`` writes counts as the reader does."""
    if line.kind is Kind.PAGE:
        return _page(line, translate, number)
    why = _why(line, translate)
    if line.kind is Kind.WAIT:
        return translate(_WAIT).format(seconds=f"{line.facts.get('seconds', 0):g}", why=why)
    return why


def _page(line: LogLine, translate: Translate, number: Callable[[int], str]) -> str:
    facts = {
        name: number(each) if isinstance(each, int) else each for name, each in line.facts.items()
    }
    told = translate(_PAGE if facts.get("total") is None else _OF).format(**facts)
    if line.facts.get("problems"):
        told += "; " + translate(_PROBLEMS).format(count=facts["problems"])
    return told


def _why(line: LogLine, translate: Translate) -> str:
    ours = logs.cause(line)
    if ours is not None:
        return said(ours, translate)
    cause = _Cause(message=line.message, code=line.code, details=line.details or {})
    return run_message(cause, translate)
