"""What members' programs are given and send, in JSON Schema."""

from __future__ import annotations

from collections.abc import Mapping

from provider.api.describing import (
    ADDRESS,
    ID,
    KIND,
    MARC,
    MOMENT,
    NAME_OF_RECORD,
    NEXT,
    Schema,
    or_null,
    several,
    text,
    thing,
    whole,
)

_HELD = {
    "call_number": text(),
    "location": text("Where it stands."),
    "summary": text("Which volumes or years."),
    "local_number": text("The library's own number."),
}
OWN: Mapping[str, Schema] = {
    "OwnImproved": thing(
        "A page of a library's records as the union has them better.",
        records=several(
            thing("A record.", number=text("Its 001."), changed=MOMENT, marc=MARC),
        ),
        next=NEXT,
    ),
    "OwnCorrections": thing(
        "A page of what was corrected of a library's records.",
        corrections=several(
            thing(
                "A correction of a record of the library.",
                number=text("Its 001."),
                name=NAME_OF_RECORD,
                record=text("The id of the record of the union."),
                kind=KIND,
                beneath=or_null(text("The field as it is.")),
                over=or_null(text("The field as it should be.")),
                within=or_null(text("Of one subfield: the whole field.")),
                reason=text(),
                at=MOMENT,
            )
        ),
        next=NEXT,
    ),
    "OwnProblems": thing(
        "What there is to mend, the gravest first.",
        problems=several(
            thing(
                "A kind of problem.",
                source=text(),
                code=text(),
                severity=text(),
                records=whole(),
                samples=several(thing("A record.", identifier=text(), field=text(), sample=text())),
            )
        ),
    ),
    "OwnHoldings": thing(
        "What a library said it has of a record.",
        record=ID,
        library=text("Code of the library."),
        holdings=several(
            thing(
                "A place where it has it.",
                **_HELD,
                found=text("waiting: it is shown within minutes; matched: it is shown."),
            )
        ),
        url=ADDRESS,
    ),
    "NewHolding": {
        "type": "object",
        "description": "What a library has of a record; all of it may be left out.",
        "properties": {name: {**each, "maxLength": 200} for name, each in _HELD.items()},
        "additionalProperties": False,
    },
}
"""What members' programs are given and send."""
