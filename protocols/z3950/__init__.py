"""Z39.50 on the wire (ANSI/NISO Z39.50-2003, ISO 23950): bytes to messages and back.

``Framer`` cuts a stream into messages, ``decode`` reads one and ``encode`` writes one; what they
hold is in ``values``. Whatever bytes come, the only errors are those of ``errors``.
"""

from __future__ import annotations

from typing import cast

from protocols.z3950.ber import Ends, element
from protocols.z3950.binding import codec
from protocols.z3950.errors import PduMalformed, PduUnknown
from protocols.z3950.framing import MAX_SIZE, Framer
from protocols.z3950.shapes import Written
from protocols.z3950.values.pdus import Pdu
from protocols.z3950.values.records import NamePlusRecord

__all__ = ["MAX_SIZE", "Framer", "Pdu", "decode", "encode", "written"]


def decode(data: bytes) -> Pdu:
    """Return the message that these bytes are, all of them; a PduError says why they are none."""
    ends: Ends = {}
    identifier, begin, end, after = element(data, 0, len(data), ends)
    if after != len(data):
        raise PduMalformed(at=after)
    read = codec("PDU").readers.get(identifier)
    if read is None:
        raise PduUnknown(kind=f"{identifier:#x}")
    found: Pdu = read(data, begin, end, ends)
    return found


def encode(pdu: Pdu) -> bytes:
    """Return a message as bytes, all lengths definite; Unwritable where a value has no form."""
    return codec("PDU").write(pdu)


def written(record: NamePlusRecord) -> NamePlusRecord:
    """Return what stands for a record in an answer and is ready to be sent: bytes, not a value."""
    return cast(NamePlusRecord, Written(codec("NamePlusRecord").write(record)))
