"""What staff type of members, made sound before it is kept."""

from __future__ import annotations

from datetime import date, datetime, tzinfo

from catalogue.clock import wall_clock
from catalogue.errors import WrongUse
from crosswalks.errors import Said
from crosswalks.text import nfc


def line(text: str) -> str:
    """Return a text on one line, in NFC, without what no screen can show."""
    return " ".join(_shown(nfc(text)).split())


def paragraphs(text: str) -> str:
    """Return a text with its lines kept, each as ``line`` returns one."""
    return "\n".join(line(each) for each in text.strip().splitlines())


def _shown(text: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in text)


def needed(text: str, what: Said) -> str:
    """Return a text on one line that may not be empty. Raises WrongUse, saying what is needed."""
    kept = line(text)
    if not kept:
        raise WrongUse(reason=what)
    return kept


def today(zone: tzinfo) -> str:
    """Return the day that it is in a time zone, as an ISO date."""
    return datetime.fromtimestamp(wall_clock(), zone).date().isoformat()


def day(text: str) -> str:
    """Return a day as an ISO date, or an empty string. Raises WrongUse."""
    if text and not _is_day(text):
        raise WrongUse(reason=Said("{day} is not a day; write it as 2024-01-31", {"day": text}))
    return text


def check_days(first: str, last: str) -> None:
    """Raise WrongUse where what ends at ``last`` begins later; an empty day is no limit."""
    if last and last < first:
        days = {"last": last, "first": first}
        raise WrongUse(reason=Said("it cannot end on {last}, before it begins on {first}", days))


def _is_day(text: str) -> bool:
    try:
        # ISO 8601 has other forms for a day, which do not sort beside this one.
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
