"""An imprint in one piece, as Dublin Core and ISBD have it: ``H. : Giáo dục, 2010``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from crosswalks.text import nfc
from crosswalks.values import editions, extents, places, publishers, years
from crosswalks.values.editions import Edition
from crosswalks.values.extents import Extent
from crosswalks.values.places import Place
from crosswalks.values.publishers import Publisher
from crosswalks.values.years import Date

_AREA = re.compile(r"\s*\.?\s+[-–—]\s+")
_PLACE = re.compile(r"\s*:\s*")
_DATE = re.compile(r",\s*([^,]*\d{2}[^,]*)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Imprint:
    """Where, by whom and when something was published."""

    places: tuple[Place, ...] = ()
    publishers: tuple[Publisher, ...] = ()
    date: Date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """An ISBD description in one piece, cut into its areas."""

    title: str
    """Title proper and what goes with it, as text."""
    responsibility: str = ""
    edition: Edition | None = None
    imprint: Imprint | None = None
    extent: Extent | None = None


def read(text: str) -> Imprint:
    """Return the place, publisher and date of an imprint; what is not there stays empty."""
    text = nfc(text).strip(" .;,")
    dated = _DATE.search(text)
    date = years.read(dated[1]) if dated else None
    if dated and date:
        text = text[: dated.start()]
    where, colon, by = _partition(text)
    if not colon and years.read(text):
        return Imprint(date=years.read(text))
    if not colon and not any(place.country for place in places.read(text)):
        where, by = "", text
    return Imprint(places=places.read(where), publishers=publishers.read(by), date=date)


def describe(text: str) -> Description:
    """Return the areas of a description in one piece (``Số đỏ. - H. : Văn học, 2010. - 250tr``).

    An area is known by what is in it: a number of an edition, a date behind a comma, pages.
    """
    first, *areas = _areas(nfc(text).strip())
    title, _, responsibility = first.partition(" / ")
    edition = imprint = extent = None
    for area in areas:
        if _DATE.search(area) and imprint is None:
            imprint = read(area)
        elif (counted := extents.read(area)).counts and extent is None and not counted.rest:
            extent = counted
        elif edition is None:
            edition = editions.read(area)
    return Description(
        title=title.strip(),
        responsibility=responsibility.strip(),
        edition=edition,
        imprint=imprint,
        extent=extent,
    )


def _areas(text: str) -> list[str]:
    """Return the areas; a dash before a statement of responsibility is one of the title."""
    title, slash, rest = text.partition(" / ")
    if not slash:
        return _AREA.split(text)
    said, *areas = _AREA.split(rest)
    return [f"{title} / {said}", *areas]


def _partition(text: str) -> tuple[str, str, str]:
    found = _PLACE.search(text)
    return (text[: found.start()], ":", text[found.end() :]) if found else (text, "", "")
