"""What is said of a text's encoding: which it is, on what evidence, and what a repair changed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from crosswalks.encodings.stops import USUAL


class Encoding(StrEnum):
    """The encodings told apart; the value is the name used in settings and commands."""

    UTF_8 = "utf-8"
    """Sound Unicode: there is nothing to repair."""
    TCVN3 = "tcvn3"
    """TCVN 5712:1993 VN3, the "ABC" of the .Vn fonts."""
    VNI = "vni"
    """VNI-Windows: a letter, then one for its marks."""
    VISCII = "viscii"
    """VISCII 1.1 (RFC 1456)."""
    VPS = "vps"
    VIQR = "viqr"
    """Marks as ASCII punctuation (RFC 1456)."""
    CP1258 = "cp1258"
    """Windows-1258: letters of some marks, then the tone."""
    AS_CP1252 = "cp1252-as-utf-8"
    """UTF-8 that was read as Windows-1252, and written as UTF-8 again."""
    TWICE = "utf-8-twice"
    """UTF-8 that was read byte by byte (Latin-1), or twice over, and written as UTF-8 again."""


LEGACY = (Encoding.TCVN3, Encoding.VNI, Encoding.VISCII, Encoding.VPS, Encoding.CP1258)
"""Encodings in bytes, which a wrong reading turned into letters of Western Europe."""
MISREAD = (Encoding.AS_CP1252, Encoding.TWICE)
"""UTF-8 that was taken for something else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repaired:
    """A text as it was meant, by which encoding's table, and as it came."""

    text: str
    encoding: Encoding
    original: str

    @property
    def changed(self) -> bool:
        """Tell whether anything was repaired at all."""
        return self.text != self.original


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What the pooled texts of one source are in; None where the evidence is not enough."""

    encoding: Encoding | None
    fields: int
    """How many fields showed marks of any encoding."""
    words: int
    """How many different words were judged."""
    legal: int
    """How many of them the decision makes legal Vietnamese."""
    mended: int
    """How many of these were not legal as they came."""
    unicode: int
    """How many fields are Vietnamese in sound Unicode."""
    stops: tuple[float, ...] = USUAL
    """The source's habit of full stops, which ``repair`` needs for VIQR."""
