"""Which letters the bytes of terms and names are: what both sides agree on, and what is guessed.

A client proposes character sets in its first message, a server chooses one (Z39.50 appendix NEG);
most say nothing. The codec keeps all text as it came; here it is read.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from typing import TypeAlias

from protocols.z3950 import externals, oids
from protocols.z3950.errors import PduError
from protocols.z3950.values.common import OtherInfo
from protocols.z3950.values.contents import (
    CharacterSet,
    CharSetandLanguageNegotiation,
    ExternallySpecified,
    Iso10646,
    OriginProposal,
    PrivateSet,
    TargetResponse,
)

Letters: TypeAlias = Callable[[bytes], str]
"""How octets of the other side are read as text; whatever they are, it is no error."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,39}")
_TRUSTED = re.compile(
    r"utf-(8|16|32)(-[bl]e)?|iso8859-\d+|cp125\d|ascii|koi8-[ru]|gb\w+|big5|euc_\w+"
)
"""Which of Python's codecs are character sets, and read anything with ``replace``."""


def utf8_or_latin1(octets: bytes) -> str:
    """Read what nobody said the letters of: UTF-8 where it can be that, else ISO 8859-1."""
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError:
        return octets.decode("latin-1")


def letters_of(charset: str) -> Letters:
    """Return how octets in a character set are read; one that is not known is guessed."""
    if _NAME.fullmatch(charset) is None:
        return utf8_or_latin1
    try:
        known = codecs.lookup(charset).name
    except LookupError:
        return utf8_or_latin1
    if _TRUSTED.fullmatch(known) is None:
        return utf8_or_latin1
    return lambda octets: octets.decode(known, "replace")


def readable(text: str, letters: Letters = utf8_or_latin1) -> str:
    """Return text of a message as people can read it: without surrogates, whatever its bytes."""
    return letters(text.encode("utf-8", "surrogateescape"))


def negotiated(information: tuple[OtherInfo, ...] | None) -> CharSetandLanguageNegotiation | None:
    """Return what a first message says of character sets; None for nothing, and for nonsense."""
    found = externals.found_in(information, oids.NEGOTIATION)
    try:
        return None if found is None else externals.read_negotiation(found)
    except PduError:
        return None


def proposed(information: tuple[OtherInfo, ...] | None) -> tuple[str, ...]:
    """Return the names of the character sets that a client proposes, the best first."""
    said = negotiated(information)
    if not isinstance(said, OriginProposal):
        return ()
    return tuple(name for each in said.proposed_char_sets or () if (name := name_of(each)))


def name_of(charset: CharacterSet) -> str:
    """Return the name of a character set, empty where it is told otherwise than by a name."""
    match charset:
        case Iso10646():
            return oids.name_of(charset.encoding_level)
        case PrivateSet(ExternallySpecified(external)):
            try:
                return readable(externals.payload(external).decode("latin-1")).strip().lower()
            except PduError:
                return ""
    return ""


def named(name: str) -> CharacterSet:
    """Return a character set by its name: Unicode's as ISO 10646, others as YAZ sends them."""
    level = oids.oid_of(oids.Kind.CHARSET, name)
    if level is not None:
        return Iso10646(encoding_level=level)
    said = externals.octet_aligned(_NAMED, name.encode("ascii", "replace"))
    return PrivateSet(ExternallySpecified(said))


def proposal(*names: str, records: bool = False) -> OtherInfo:
    """Return what a client says to propose character sets; ``records``: for records as well."""
    sets = tuple(map(named, names))
    said = OriginProposal(proposed_char_sets=sets, records_in_selected_char_sets=records)
    return OtherInfo(information=externals.negotiation(said))


def choice(name: str, *, records: bool = False) -> OtherInfo:
    """Return what a server says to choose a character set; ``records``: for records as well."""
    said = TargetResponse(selected_char_sets=named(name), records_in_selected_char_sets=records)
    return OtherInfo(information=externals.negotiation(said))


_NAMED = oids.oid_of(oids.Kind.NEGOTIATION, "charset-id") or ""
