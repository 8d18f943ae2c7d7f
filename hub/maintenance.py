"""Telling whoever looks at a list that harvests are paused, so that nobody wonders why."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from catalogue import clockwork

if TYPE_CHECKING:
    from catalogue.database import Database
    from hub.instance import Hub


def tell(hub: Hub, db: Database) -> None:
    """Say on standard error that a maintenance window is under way, if one is."""
    window = clockwork.maintenance(db)
    if window is None:
        return
    if window.ends is None:
        hub.output.notice(
            "All harvests are paused until somebody says: lienthong clock go-on {why}",
            why=in_brackets(window.why),
        )
    else:
        hub.output.notice(
            "All harvests are paused until {until}. {why}",
            until=local(hub, datetime.fromtimestamp(window.ends, UTC)),
            why=in_brackets(window.why),
        )


def in_brackets(why: str) -> str:
    """Return a reason in brackets, or nothing."""
    return f"({why})" if why else ""


def local(hub: Hub, moment: datetime) -> str:
    """Return a moment as the hub's own clock on the wall shows it."""
    zone = ZoneInfo(hub.settings.scheduler.time_zone)
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"
