"""What answers are made of, in JSON Schema as OpenAPI 3.1 has it.

Whatever is not described is not sent, and what is described is never left out: what there is
nothing of is null or empty.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from catalogue.overlays.model import State as Standing
from catalogue.search import FacetName
from catalogue.search.material import MATERIALS
from catalogue.statuses import State
from provider.api.describing import (
    ADDRESS,
    ID,
    KIND,
    MARC,
    MOMENT,
    NAME_OF_RECORD,
    NEXT,
    Schema,
    mapped,
    or_null,
    ref,
    several,
    text,
    thing,
    whole,
)
from provider.api.own_schemas import OWN

_MATERIAL = text("A kind of publication.", enum=[*MATERIALS])
_CODES = several(text(), "Codes of libraries.")
_CONTRIBUTOR = thing(
    "A member's record that is in it.",
    record=NAME_OF_RECORD,
    source=text("The source it is from."),
    library=text("Code of the library."),
    identifier=text("As the source has it."),
    datestamp=or_null(text("As the source gave it.")),
    format=text("Namespace or name of what was delivered."),
)
_LIBRARY: Mapping[str, Schema] = {
    "code": text(),
    "name": text(),
    "type": text("Code of its type, or the type in words."),
    "region": text(),
    "aliases": several(text(), "Other codes it goes by."),
    "successor": or_null(text("Code of the library that took it over.")),
    "licence": or_null(text("Code of the licence of its metadata.")),
    "rights": or_null(text("What it says of them in its own words.")),
    "url": ADDRESS,
}

SCHEMAS: Mapping[str, Schema] = MappingProxyType(
    {
        "Index": thing(
            "Where to begin.",
            name=text("What the hub is called."),
            version=text("Of this interface."),
            links=mapped(ADDRESS, "What there is, by name."),
        ),
        "Hit": thing(
            "A record of a result.",
            id=ID,
            title=text(),
            author=text(),
            year=or_null(whole()),
            material=_MATERIAL,
            libraries=_CODES,
            url=ADDRESS,
            page=or_null(text("Its page for people.", format="uri")),
        ),
        "Also": thing(
            "Other names that were looked for, by a list of authorities.",
            typed=text("What was typed, folded."),
            heading=text("The heading that it leads to."),
            list=text("The code of the list."),
            number=text("Of the heading in it."),
            names=several(text()),
        ),
        "FacetValue": thing("A value, and how many hits have it.", value=text(), hits=whole()),
        "Found": thing(
            "A page of a result.",
            total=whole("How many records were found when the list began."),
            records=several(ref("Hit")),
            facets=or_null(
                {
                    **mapped(
                        several(ref("FacetValue")),
                        "Values with most hits by facet, on the first page. What would cost too"
                        " much is left out: narrow the search.",
                    ),
                    "propertyNames": {"enum": [each.value for each in FacetName]},
                }
            ),
            also=several(
                ref("Also"),
                "See-references that were followed, told on the first page. In CQL =/accents=1 is"
                " looked for as it is typed.",
            ),
            next=NEXT,
        ),
        "Record": thing(
            "A merged record.",
            id=ID,
            changed=MOMENT,
            title=text(),
            responsibility=text(),
            authors=several(text()),
            edition=text(),
            publication=text(),
            year=or_null(whole()),
            extent=text(),
            series=several(text()),
            material=_MATERIAL,
            languages=several(text(), "Codes of MARC 21."),
            isbn=several(text(), "With 13 digits where they are right."),
            issn=several(text()),
            subjects=several(text()),
            summary=text(),
            links=several(text(), "What stands in 856 $u."),
            libraries=_CODES,
            marc=MARC,
            url=ADDRESS,
            page=or_null(text("Its page for people.", format="uri")),
            holdings=ADDRESS,
            sources=ADDRESS,
            formats=mapped(ADDRESS, "The same record in other formats."),
        ),
        "Holding": thing(
            "That a library has it.",
            library=text("Its code."),
            local_number=text("Its own number."),
            call_number=text(),
            location=text(),
            summary=text("Which volumes or years."),
        ),
        "Holdings": thing(
            "Which libraries have a record.", id=ID, holdings=several(ref("Holding"))
        ),
        "Contributor": _CONTRIBUTOR,
        "Provenance": thing(
            "Which members' records a record was made of, and where each field is from.",
            id=ID,
            records=several(ref("Contributor")),
            fields=several(
                thing(
                    "A field of the record, in their order.",
                    tag=text(),
                    records=several(NAME_OF_RECORD, "Empty where the hub itself made it."),
                )
            ),
        ),
        "Cluster": thing(
            "Which records are one, and why.",
            id=ID,
            records=several(ref("Contributor")),
            links=several(
                thing(
                    "Two records that matching holds for one.",
                    a=NAME_OF_RECORD,
                    b=NAME_OF_RECORD,
                    score={"type": "number", "minimum": 0, "maximum": 1},
                    reasons=several(text("Code of a reason, a colon, and its value.")),
                )
            ),
        ),
        "Change": thing(
            "A record that changed, or that is gone.",
            id=ID,
            changed=MOMENT,
            deleted={"type": "boolean"},
            successor=or_null(text("The record it is one with now, where it is gone.")),
            sets=several(text()),
            url=ADDRESS,
        ),
        "Changes": thing(
            "A page of what changed, the oldest change first.",
            until=text(
                "Everything up to this moment is in the list. Ask next time with since = this.",
                format="date-time",
            ),
            total=whole("How many changes the whole list had when it began."),
            changes=several(ref("Change")),
            next=NEXT,
        ),
        "Library": thing("A member library.", **_LIBRARY),
        "LibraryAndRecords": thing(
            "A member library, and how much of the union it has.",
            **_LIBRARY,
            records=whole("Records of the union that it has."),
        ),
        "Libraries": thing(
            "A page of libraries, by code.", libraries=several(ref("Library")), next=NEXT
        ),
        "Source": thing(
            "A source of a member.",
            name=text(),
            library=text("Code of its library."),
            protocol=text(),
            state=text(
                "good; new: never harvested to the end; failing: the last harvest did not get"
                " there; waiting: for a person; paused.",
                enum=[each.value for each in State],
            ),
            last_success=or_null(MOMENT),
            url=ADDRESS,
        ),
        "Sources": thing("A page of sources, by name.", sources=several(ref("Source")), next=NEXT),
        "Formats": thing(
            "What a record can be had as.",
            formats=several(
                thing(
                    "A format.",
                    name=text("As it is asked for."),
                    type=text("Its media type."),
                    about=text(),
                    schema=or_null(text(format="uri")),
                    namespace=or_null(text()),
                )
            ),
        ),
        "Sets": thing(
            "A page of sets, by spec.",
            sets=several(
                thing(
                    "A set, the same as over OAI-PMH.",
                    set=text(),
                    name=text(),
                    about=several(text(), "What is in it, in paragraphs."),
                )
            ),
            next=NEXT,
        ),
        "Correction": thing(
            "A field added to a record, put in place of another in it, or left out of it.",
            number=whole(),
            record=text("The id of the record that it was made for."),
            kind=KIND,
            beneath=or_null(text("The field as it was.")),
            over=or_null(text("The field as it is to be.")),
            within=or_null(
                text(
                    "Of a correction of one subfield: the whole field as it was. beneath and over"
                    " are that field with the subfield alone then."
                )
            ),
            bulk=or_null(whole("The number of the bulk correction that it is part of.")),
            state=text(
                "changed: it stands, and what lies beneath is another; overruled: a later one"
                " stands in its place; waiting: its field is not there.",
                enum=[each.value for each in Standing],
            ),
            parted={
                "type": "boolean",
                "description": "Whether the members' records of then are in several records now.",
            },
            reason=text(),
            person=text("Who made it."),
            at=MOMENT,
            undone_at=or_null(MOMENT),
            undone_by=or_null(text()),
            url=ADDRESS,
        ),
        "Corrections": thing(
            "A record as cataloguers see it, and what was corrected of it.",
            id=ID,
            seen=text("Send it with a correction: it is refused once the record is another."),
            fields=several(text(), "Its fields, as corrections name them."),
            corrections=several(ref("Correction"), "The newest first, those undone too."),
        ),
        "NewCorrection": {
            "type": "object",
            "description": "What is to be corrected: add a field, replace one or suppress one.",
            "properties": {
                "kind": KIND,
                "beneath": text("The field to replace or suppress, just as it is listed."),
                "over": text("The field to add, or to put there: 650 #7 $a Văn học $2 bkt"),
                "reason": text("Why, for those who come later."),
                "seen": text("On which state of the record; without it on whatever it is."),
            },
            "required": ["kind", "reason"],
            "additionalProperties": False,
        },
        **OWN,
        "OpenApi": {"type": "object", "description": "A description in OpenAPI 3.1."},
        "Problem": {
            "type": "object",
            "description": "Why a request is not answered (RFC 9457).",
            "properties": {
                "type": text("Names the kind of problem.", format="uri-reference"),
                "title": text(),
                "status": whole(),
                "detail": text("What to do, in the language of Accept-Language."),
                "instance": text("What was asked."),
                "parameter": text("The parameter that is wrong."),
                "successor": text("The id to ask for instead."),
            },
            "required": ["type", "title", "status", "detail", "instance"],
            "additionalProperties": False,
        },
    }
)
