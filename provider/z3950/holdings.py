"""What libraries have of a record, as the OPAC syntax says it (Z39.50 appendix REC.4)."""

from __future__ import annotations

from collections.abc import Iterable

from catalogue.model import Holding
from protocols.z3950.values.common import External
from protocols.z3950.values.contents import HoldingsAndCircData, OPACRecord, Volume


def record(bibliographic: External, held: Iterable[Holding]) -> OPACRecord:
    """Return a record with its holdings; whether a copy is on the shelf the hub does not know."""
    return OPACRecord(
        bibliographic_record=bibliographic, holdings_data=tuple(map(_holding, held)) or None
    )


def _holding(held: Holding) -> HoldingsAndCircData:
    return HoldingsAndCircData(
        nuc_code=held.library,
        local_location=held.library,
        shelving_location=held.location or None,
        call_number=held.call_number or None,
        enum_and_chron=held.summary or None,
        volumes=(Volume(enumeration=held.summary),) if held.summary else None,
    )
