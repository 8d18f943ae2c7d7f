"""Text in the encodings that Vietnamese had before Unicode: found on pooled evidence, and repaired.

A source's encoding is decided once, by many fields (``Evidence``, ``decide``); then each text is
repaired by that table alone, the repair is told, and what came is kept. ``records`` does so for
whole records, of every format.
"""

from __future__ import annotations

from crosswalks.encodings.codecs import as_seen, decode
from crosswalks.encodings.deciding import FIELDS, decide
from crosswalks.encodings.evidence import Evidence
from crosswalks.encodings.guessing import meanings
from crosswalks.encodings.model import LEGACY, MISREAD, Decision, Encoding, Repaired
from crosswalks.encodings.repairing import is_unicode, repair, undo
from crosswalks.encodings.stops import USUAL

__all__ = ["FIELDS", "LEGACY", "MISREAD", "Decision", "Encoding", "Evidence", "Repaired", "as_seen"]
__all__ += ["USUAL", "decide", "decode", "is_unicode", "meanings", "repair", "undo"]
