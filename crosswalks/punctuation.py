"""The punctuation ISBD puts between elements: it belongs to the card, not to the values."""

from __future__ import annotations

from crosswalks import tables

_ISBD_END = " /:;,=\t\n"
_ABBREVIATIONS = frozenset(word for (word,) in tables.rows("abbreviations.tsv"))


def trim(text: str) -> str:
    """Return the text without the punctuation that only led over to the next element."""
    text = text.strip().rstrip(_ISBD_END)
    if text[-1:] == "." and _ends_an_area(text):
        return text[:-1].rstrip(_ISBD_END)
    return text


def _ends_an_area(text: str) -> bool:
    """Tell whether a final full stop is ISBD's, not an initial's or an abbreviation's."""
    last = text[:-1].rpartition(" ")[2].lower()
    return len(last) > 1 and "." not in last and last not in _ABBREVIATIONS
