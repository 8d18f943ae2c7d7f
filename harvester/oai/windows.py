"""Lists cut into windows of time, where a list as a whole cannot be read to its end.

Neighbours share the moment between them, since servers differ in whether ``until`` is inclusive;
the outer ends stay as open as they were, since earliestDatestamp is often wrong and serves only to
find a middle. Stamps are epoch seconds here, and text in requests.
"""

from __future__ import annotations

from typing import NamedTuple

from protocols.oai import Granularity, format_stamp, parse_stamp

DAY = 86_400
_LONG_AGO = parse_stamp("1970-01-02")


class Window(NamedTuple):
    """A stretch of time, empty text for an open end."""

    low: str
    high: str
    step: int = 0
    """To be listed in pieces of so many seconds; 0 = at once."""


EVERYTHING = Window("", "")


class Limits(NamedTuple):
    """How finely a server takes dates, and between which ones its records lie, as far as known."""

    granularity: Granularity
    earliest: int
    now: int

    @property
    def grain(self) -> int:
        """Return the shortest time the server can tell apart, in seconds."""
        return DAY if self.granularity is Granularity.DAY else 1

    def span(self, window: Window) -> tuple[int, int]:
        """Return both ends of a window, open ones as far as records may lie."""
        high = parse_stamp(window.high) if window.high else self.now
        low = parse_stamp(window.low) if window.low else self.earliest
        if not window.low and high - low <= self.grain:
            low = min(low, _LONG_AGO)
        return low, high


def halves(window: Window, limits: Limits) -> tuple[Window, Window] | None:
    """Return a window as two, None where the server could not tell them apart."""
    low, high = limits.span(window)
    return _cut(window, (low + high) // 2, limits)


def first_piece(window: Window, limits: Limits) -> tuple[Window, Window] | None:
    """Return the first piece of a window and what is left, None where it is the last one."""
    low, high = limits.span(window)
    if not window.step or high - low <= window.step:
        return None
    cut = _cut(window, low + window.step, limits)
    return None if cut is None else (cut[0], cut[1]._replace(step=window.step))


def in_parts(window: Window, parts: int, limits: Limits) -> Window:
    """Return a window that is to be listed in so many pieces."""
    low, high = limits.span(window)
    grains = -(-(high - low) // (parts * limits.grain))
    return window._replace(step=max(grains, 1) * limits.grain)


def _cut(window: Window, moment: int, limits: Limits) -> tuple[Window, Window] | None:
    low, high = limits.span(window)
    middle = max(moment - moment % limits.grain, low - low % limits.grain + limits.grain)
    if not low < middle < high:
        return None
    text = format_stamp(middle, limits.granularity)
    return Window(window.low, text), Window(text, window.high)
