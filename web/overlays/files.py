"""What was corrected of a library's records, as files that it can read or load."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from werkzeug.wrappers import Response

from catalogue.clock import told
from catalogue.overlays.notation import as_line
from catalogue.overlays.offering import Corrected
from web import marcfiles, spreadsheet
from web.attached import attached
from web.language import Translate, mark
from web.overlays.words import kind_word
from web.speech import words

TYPES = {"csv": "text/csv", **marcfiles.TYPES}
"""Media types of a table of the corrections, and of the records as corrected."""
_COLUMNS = (
    *(mark("Record number"), mark("Correction"), mark("It is"), mark("It should be")),
    *(mark("Reason"), mark("Corrected at"), mark("Record of the union")),
)


def as_file(found: Iterable[Corrected], form: str) -> Response:
    """Return a file as an answer that a browser keeps."""
    answer = Response(written(found, form, words()), mimetype=TYPES[form])
    return attached(answer, f"corrections.{form}")


def written(found: Iterable[Corrected], form: str, translate: Translate) -> Iterator[bytes]:
    """Yield a file piece by piece; ``form`` is one of TYPES."""
    if form == "csv":
        yield from _table(found, translate)
    else:
        yield from marcfiles.written((each.record for each in found), form)


def _table(found: Iterable[Corrected], translate: Translate) -> Iterator[bytes]:
    yield spreadsheet.BEGINNING
    yield spreadsheet.row([translate(word) for word in _COLUMNS])
    for each in found:
        for offer in each.offers:
            change = offer.change
            # Of a subfield that is added: the field that it is added to.
            now = change.beneath or change.within
            yield spreadsheet.row(
                (
                    offer.number or offer.name,
                    translate(kind_word(change)),
                    as_line(now),
                    as_line(change.over),
                    *(offer.reason, told(offer.at), offer.cluster),
                )
            )
