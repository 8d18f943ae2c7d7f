"""Short forms of words in titles and names of bodies, written out: GDCD, UBND, KHXH&NV.

Only such as no Vietnamese word could be are in the table, so that nothing else is written out.
"""

from __future__ import annotations

from crosswalks.values.words import rewritings


def in_full(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return words of a word_key with those that are short forms written out."""
    return rewritings("vn-abbreviations.tsv").replace(words)
