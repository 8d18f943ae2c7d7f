"""What was corrected of a library's records, as files that it can read or load."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from werkzeug.wrappers import Response

from catalogue.clock import told
from catalogue.overlays.notation import write
from catalogue.overlays.offering import Corrected
from crosswalks.formats import iso2709, marcxml
from web import spreadsheet
from web.language import Translate, mark
from web.overlays.words import kind_word
from web.speech import words

FORMS = ("csv", "mrc", "xml")
"""A table of the corrections, or the records as corrected: ISO 2709, MARCXML."""
_TYPES = {"csv": "text/csv", "mrc": "application/marc", "xml": "application/marcxml+xml"}
_COLUMNS = (
    *(mark("Record number"), mark("Correction"), mark("It is"), mark("It should be")),
    *(mark("Reason"), mark("Corrected at"), mark("Record of the union")),
)


def attached(found: Iterable[Corrected], form: str) -> Response:
    """Return a file as an answer that a browser keeps."""
    answer = Response(written(found, form, words()), mimetype=_TYPES[form])
    answer.headers["Content-Disposition"] = f'attachment; filename="corrections.{form}"'
    return answer


def written(found: Iterable[Corrected], form: str, translate: Translate) -> Iterator[bytes]:
    """Yield a file piece by piece; ``form`` is one of FORMS."""
    if form == "csv":
        yield from _table(found, translate)
    elif form == "mrc":
        yield from (iso2709.write(each.record) for each in found)
    else:
        yield marcxml.OPENING
        yield from (marcxml.write(each.record) for each in found)
        yield marcxml.CLOSING


def _table(found: Iterable[Corrected], translate: Translate) -> Iterator[bytes]:
    yield spreadsheet.BEGINNING
    yield spreadsheet.row([translate(word) for word in _COLUMNS])
    for each in found:
        for offer in each.offers:
            change = offer.change
            yield spreadsheet.row(
                (
                    offer.number or offer.name,
                    translate(kind_word(change)),
                    "" if change.beneath is None else write(change.beneath),
                    "" if change.over is None else write(change.over),
                    *(offer.reason, told(offer.at), offer.cluster),
                )
            )
