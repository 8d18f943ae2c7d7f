"""The words, moments and marks that all staff templates use."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from babel.dates import format_datetime, format_timedelta
from flask import Blueprint, g
from flask_login import current_user
from markupsafe import Markup

from catalogue import clockwork
from catalogue.alerts import store
from catalogue.clockwork import Maintenance
from catalogue.errors import DatabaseUnreachable
from catalogue.users import Role
from web import days
from web.language import DEFAULT, mark
from web.quality.words import meaning, next_step
from web.roles import ROLES
from web.site import current_site
from web.speech import words
from web.staff import access
from web.staff.room import current_room
from web.staff.shown import visible

_ORGANISATION = mark("Sign in with the account of your organisation")
_PATTERNS = {language: f"{day} HH:mm" for language, day in days.DAYS.items()}


def teach(blueprint: Blueprint) -> None:
    """Give the templates of a blueprint what they say things with."""
    blueprint.context_processor(_words)


def moment(told: str) -> datetime | None:
    """Return a moment written as ISO 8601, or None for an empty text."""
    return datetime.fromisoformat(told) if told else None


def when(moment: datetime | None) -> Markup:
    """Return a moment in the hub's time zone, for eyes and for machines; nothing for None."""
    if moment is None:
        return Markup()
    local = moment.astimezone(current_room().line.zone)
    language = _language()
    shown = format_datetime(local, _PATTERNS[language], locale=days.locale(language))
    return Markup('<time datetime="{}">{}</time>').format(
        local.isoformat(timespec="seconds"), shown
    )


def _day(told: str) -> str:
    """Return a day written as ISO 8601 in the reader's way."""
    return days.day(told, _language())


def how_long(seconds: float) -> str:
    """Return a length of time in words, roughly."""
    return str(
        format_timedelta(timedelta(seconds=max(1.0, seconds)), threshold=1.5, locale=_language())
    )


def maintenance() -> Maintenance | None:
    """Return the maintenance window that is under way, if one is; asked for once a page.

    Pages that tell of a database that is away tell of no window.
    """
    if "maintenance" not in g:
        g.maintenance = None
        with suppress(DatabaseUnreachable):
            g.maintenance = clockwork.maintenance(current_site().database)
    found: Maintenance | None = g.maintenance
    return found


def _clock(moment: datetime) -> Markup:
    """Return the time of day of a moment to the second, for eyes and for machines."""
    local = moment.astimezone(current_room().line.zone)
    told = local.strftime("%H:%M:%S")
    return Markup('<time datetime="{}">{}</time>').format(local.isoformat("T", "seconds"), told)


def _epoch(seconds: int | None) -> Markup:
    return when(None if seconds is None else datetime.fromtimestamp(seconds, UTC))


def _language() -> str:
    return str(g.get("language", DEFAULT))


def _unread() -> int:
    """Return how many alerts the user of this request has not read."""
    return store.unread(current_site().database, access.me().id)


def _service() -> str:
    """Return what stands on the button of the sign-in service; nothing where there is none."""
    rules = current_room().single_sign_on
    return (rules.buttons.get(_language()) or words()(_ORGANISATION)) if rules else ""


def _words() -> dict[str, Any]:
    return {
        "clock": _clock,
        "csrf": access.token,
        "current_user": current_user,
        "day": _day,
        "door": access.door,
        "epoch": _epoch,
        "how_long": how_long,
        "maintenance": maintenance,
        "meaning": meaning,
        "may": lambda role: access.may(Role(role)),
        "moment": moment,
        "next_step": next_step,
        "role_word": ROLES.get,
        "sign_in_service": _service,
        "unread_alerts": _unread,
        "visible": visible,
        "when": when,
    }
