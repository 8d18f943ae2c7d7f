"""What matching compares, taken once from a record and stored with it.

Change FEATURES_VERSION with anything that changes what ``features`` returns, tables included: what
is stored under another version is made again.
"""

from __future__ import annotations

from functools import cache

import msgspec

from catalogue.match import identifiers, imprint, media, names
from catalogue.match.numbering import edition_number
from catalogue.match.tagged import Marc, Tagged
from catalogue.match.titles import title
from catalogue.match.words import bare_words, has_marks
from crosswalks import stored
from crosswalks.checks.syllables import VIETNAMESE_ONLY
from crosswalks.model import Record

FEATURES_VERSION = 5

_SERIAL = "si"
_ANALYTIC = "ab"
_NO_LANGUAGE = frozenset({"", "und", "mul", "zxx", "mis"})
_NO_COUNTRY = frozenset({"xx", "vp"})
_EDITION_LONGEST = 60
_WRITTEN = ("100", "245", "260", "264")


class Features(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The comparable parts of a bibliographic record; empty or 0 where it says nothing.

    A Struct, for they are made, written and read more often than anything else that has so many
    parts: five times as quickly as a dataclass.
    """

    material: str = ""
    """Leader/06."""
    level: str = ""
    """Leader/07."""
    title: str = ""
    """Title proper as word_key: marks kept, volume number taken out."""
    bare: str = ""
    """The same without marks."""
    subtitle: str = ""
    """Remainder of the title, bare."""
    uniform: str = ""
    """Uniform title (240, 130), bare."""
    kind: str = ""
    """Teacher's book, exercises, ... of title_kinds."""
    variant: str = ""
    """Thesis level or school series of title_kinds."""
    volume: str = ""
    """Volume or part number; several joined by full stops."""
    edition: str = ""
    """``e2`` edition, ``r2`` reprint, ``i2`` impression."""
    edition_words: str = ""
    """The edition statement, bare."""
    author: str = ""
    """Main entry, bare words in alphabetical order."""
    author_key: str = ""
    """The same as word_keys, marks kept."""
    names: tuple[str, ...] = ()
    """Everybody named, as ``author``, sorted."""
    publishers: tuple[str, ...] = ()
    place: str = ""
    """The first place of publication, bare, its short forms written out."""
    years: tuple[int, ...] = ()
    """The one that counts most first."""
    coded_year: int = 0
    """The first date of 008."""
    pages: int = 0
    sequences: tuple[int, ...] = ()
    """All numbers of the extent, as they stand."""
    volumes: int = 0
    """How many volumes the extent counts."""
    isbns: tuple[str, ...] = ()
    """ISBN-13 without hyphens; no numbers of whole sets."""
    issns: tuple[str, ...] = ()
    """Of serials only."""
    national: tuple[str, ...] = ()
    controls: tuple[str, ...] = ()
    language: str = ""
    vietnamese: bool = False
    """No code says its language or country, and it is written in letters only Vietnamese has."""
    country: str = ""
    """Where it was published, as 008 codes it."""
    carrier: str = ""
    """``electronic``, ``microform``, ``braille``; empty for print or unknown."""
    carrier_sure: bool = False
    """More than a code of 008 or a link says so."""
    media: tuple[str, ...] = ()
    """``cd``, ``dvd``, ``pdf``: on what exactly it is, where it says so."""
    contents: tuple[str, ...] = ()
    """Content types (336 $b)."""
    trade: tuple[str, ...] = ()
    """ISMN, EAN and publishers' numbers."""
    hosts: tuple[str, ...] = ()
    """Control numbers of what it is a part of (773 $w)."""
    host_part: str = ""
    """Where in its host it stands (773 $g), bare."""
    host: bool = False
    """It is part of something else (773)."""

    @property
    def serial(self) -> bool:
        """Say whether it is a serial or an integrating resource."""
        return self.level != "" and self.level in _SERIAL

    @property
    def analytic(self) -> bool:
        """Say whether it is an article, a chapter or another part of a host item."""
        return self.host or (self.level != "" and self.level in _ANALYTIC)

    @property
    def electronic(self) -> bool:
        """Say whether it is an electronic resource."""
        return self.carrier == "electronic"

    @property
    def has_marks(self) -> bool:
        """Say whether the title is written with marks, so that a missing one means something."""
        return has_marks(self.title)

    def to_json(self) -> str:
        """Return compact JSON: an object without what is empty."""
        try:
            return _encode(self).decode()
        except UnicodeEncodeError:
            said = msgspec.structs.asdict(self)
            return stored.compact({name: value for name, value in said.items() if value})

    @classmethod
    def from_json(cls, text: str) -> Features:
        """Return what ``to_json`` wrote with the same FEATURES_VERSION."""
        return _decoder().decode(text)


@cache
def _decoder() -> msgspec.json.Decoder[Features]:
    return msgspec.json.Decoder(Features)


_encode = msgspec.json.Encoder().encode


def features(record: Record) -> Features:
    """Return the features of a MARC 21 record with NFC text; whatever is in it, never raise."""
    return _features(Tagged(record))


def _features(record: Marc) -> Features:
    level = record.leader[7:8].strip()
    found = title(record)
    author_key = names.main_name(record)
    author = names.order_free(author_key)
    others = map(names.order_free, names.other_names(record))
    pages, volumes = imprint.extent(record)
    editions = record.values("250", "ab")
    language, country = _language(record), _country(record)
    carrier = imprint.carrier(record)
    return Features(
        material=record.leader[6:7].strip(),
        level=level,
        title=found.key,
        bare=found.bare,
        subtitle=found.subtitle,
        uniform=bare_words(next(iter(record.values("240", "a") or record.values("130", "a")), "")),
        kind=found.kind,
        variant=found.variant,
        volume=found.volume,
        edition=next(filter(None, map(edition_number, editions)), ""),
        edition_words=bare_words(" ".join(editions))[:_EDITION_LONGEST],
        author=author,
        author_key=author_key,
        names=tuple(sorted({author, *others} - {""})),
        publishers=names.publishers(record),
        place=imprint.place(record),
        years=imprint.years(record),
        coded_year=imprint.coded_year(record),
        pages=pages,
        sequences=imprint.sequences(record),
        volumes=volumes,
        isbns=identifiers.isbns(record),
        issns=identifiers.issns(record) if level in ("s", "i") else (),
        national=identifiers.national_numbers(record),
        controls=identifiers.control_numbers(record),
        language=language,
        vietnamese=not (language or country) and _vietnamese(record),
        country=country,
        carrier=carrier.kind,
        carrier_sure=carrier.sure,
        media=media.media(record),
        contents=media.contents(record),
        trade=identifiers.trade_numbers(record),
        hosts=media.hosts(record),
        host_part=media.host_part(record),
        host=next(record.data("773"), None) is not None,
    )


def _language(record: Marc) -> str:
    said = (record.control("008")[35:38], *record.values("041", "a")[:1])
    return next((code for code in said if code.isalpha() and code not in _NO_LANGUAGE), "")


def _vietnamese(record: Marc) -> bool:
    said = [text for tag in _WRITTEN for text in record.values(tag, "abcp")]
    return not VIETNAMESE_ONLY.isdisjoint("".join(said))


def _country(record: Marc) -> str:
    said = record.control("008")[15:18].strip()
    return said if said.isalpha() and said not in _NO_COUNTRY else ""
