"""ISO 2709 as MARC 21 uses it, in UTF-8 or MARC-8, written back byte for byte where it was sound.

Text is taken as UTF-8 where leader/09 says so or the bytes are; the leader alone is not trusted.
What Vietnamese and CDS/ISIS systems call ISO 2709 is split and sniffed too, and read leniently.
"""

from __future__ import annotations

from crosswalks.errors import FormatError
from crosswalks.formats import damaged, directory, legacy, marc8, marc8_writing
from crosswalks.formats import leader as leaders
from crosswalks.formats.damaged import Decoder
from crosswalks.formats.iso2709_common import read_common, undivided_common
from crosswalks.formats.iso2709_file import looks_like_record, split
from crosswalks.formats.marcfields import SUBFIELD, fields_of
from crosswalks.formats.salvage import Pairs
from crosswalks.formats.unimarc_signs import is_unimarc
from crosswalks.model import Problem, Record, Schema, Undivided

__all__ = ["BETWEEN", "CLOSING", "NAME", "NAMES", "OPENING", "SCHEMA", "read", "read_leniently"]
__all__ += ["sniff", "split", "undivided", "write", "write_marc8"]

NAME = "iso2709"
NAMES: tuple[str, ...] = (NAME, "usmarc", "application/marc")
SCHEMA = Schema.MARC21
OPENING = BETWEEN = CLOSING = b""

_ESCAPE = b"\x1b"


def sniff(data: bytes) -> bool:
    """Tell whether the bytes begin with a leader and a directory, or nearly so, not in UNIMARC."""
    return looks_like_record(data) and not is_unimarc(data)


def read(data: bytes) -> Record:
    """Return the record; raise FormatError where structure or encoding is not sound."""
    if _has_carets(data):
        raise FormatError(schema=NAME, reason="no indicators, and subfields as CDS/ISIS has them")
    return _sound(data)


def undivided(data: bytes) -> Undivided | None:
    """Return a record with its fields still text, or None where ``read`` has to look closer."""
    return None if _has_carets(data) else undivided_common(data, SCHEMA)


def _has_carets(data: bytes) -> bool:
    """Tell whether leader/10 says that there are no indicators, and ``^`` begins subfields."""
    return data[10:11] == b"0" and b"^" in data


def _sound(data: bytes) -> Record:
    return read_common(data, SCHEMA) or _careful(data)


def _careful(data: bytes) -> Record:
    leader, tags, body = directory.parts(data, NAME)
    try:
        text = body.decode() if leader[9] == "a" else _undeclared(body)
    except UnicodeError as error:
        raise FormatError(
            schema=NAME, reason=f"{damaged.BAD_TEXT} than leader/09 says: {error}"
        ) from error
    return Record(schema=SCHEMA, leader=leader, fields=fields_of(tags, text, NAME))


def read_leniently(data: bytes) -> tuple[Record, tuple[Problem, ...]]:
    """Return what can be read of a damaged record, and what was overlooked for it."""
    return damaged.read(data, SCHEMA, _sound, _lenient_decoder)


def write(record: Record) -> bytes:
    """Return the record in UTF-8; raise FormatError where it is too long for ISO 2709 (s4.3)."""
    written = directory.joined(record.fields, NAME)
    leader = leaders.sound(record.leader)
    # UTF-8 is told where it matters; plain ASCII is both.
    scheme = leader[9] if written.fields.isascii() else "a"
    return directory.record(f"{leader[:9]}{scheme}{leader[10:]}", written)


def write_marc8(record: Record) -> bytes:
    """Return the record in MARC-8; raise FormatError where it is too long for ISO 2709 (s4.3)."""
    written = directory.joined(record.fields, NAME, marc8_writing.encode)
    leader = leaders.sound(record.leader)
    return directory.record(f"{leader[:9]} {leader[10:]}", written)


def _undeclared(body: bytes) -> str:
    """Return text without a word in leader/09: MARC-8 by the standard, or UTF-8 if it is."""
    if _ESCAPE not in body:
        try:
            return body.decode()
        except UnicodeDecodeError:
            pass
    return marc8.decode_fields(body)


def _lenient_decoder(pairs: Pairs, problems: list[Problem]) -> Decoder:
    """Return the first decoder that can read all of it; the last resort shows what it lost."""
    whole = directory.FIELD_END.join([value for _, value in pairs])
    # Escape sequences in nothing but ASCII are UTF-8 too, but were not meant so.
    is_escaped = _ESCAPE in whole and whole.isascii()
    for decode in (marc8.decode_fields,) if is_escaped else (bytes.decode, marc8.decode_fields):
        try:
            decode(whole)
        except UnicodeError:
            continue
        return decode
    if _ESCAPE not in whole and (page := legacy.guess(whole)):
        problems.append(
            damaged.problem("other-encoding", f"neither UTF-8 nor MARC-8, read as {page}")
        )
        return lambda value: value.decode(page, "replace")
    problems.append(
        damaged.problem("damaged-text", "neither UTF-8 nor MARC-8; U+FFFD marks the losses")
    )
    return _lossy(whole)


def _lossy(data: bytes) -> Decoder:
    """Return the decoder that loses less: UTF-8 if there is more of it than there is damage."""
    as_utf8 = data.decode("utf-8", "replace")
    lost = as_utf8.count("\ufffd")
    if len(as_utf8) - len(as_utf8.encode("ascii", "ignore")) - lost > lost:
        return lambda value: value.decode("utf-8", "replace")
    return _lossy_marc8


def _lossy_marc8(value: bytes) -> str:
    return SUBFIELD.join([marc8.decode(part, lossy=True) for part in value.split(b"\x1f")])
