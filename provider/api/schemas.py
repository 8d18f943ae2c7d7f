"""What answers are made of, in JSON Schema as OpenAPI 3.1 has it.

Whatever is not described is not sent, and what is described is never left out: what there is
nothing of is null or empty.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, TypeAlias

from catalogue.overlays.model import Kind
from catalogue.overlays.model import State as Standing
from catalogue.search import FacetName
from catalogue.search.material import MATERIALS
from catalogue.statuses import State

Schema: TypeAlias = Mapping[str, Any]


def _text(about: str = "", **more: Any) -> Schema:
    return {"type": "string", **({"description": about} if about else {}), **more}


def _whole(about: str = "") -> Schema:
    return {"type": "integer", "minimum": 0, **({"description": about} if about else {})}


def _or_null(schema: Schema) -> Schema:
    return {**schema, "type": [schema["type"], "null"]}


def _list(items: Schema, about: str = "") -> Schema:
    return {"type": "array", "items": items, **({"description": about} if about else {})}


def _object(about: str, /, **properties: Schema) -> Schema:
    return {
        "type": "object",
        "description": about,
        "properties": properties,
        "required": [*properties],
        "additionalProperties": False,
    }


def _map(values: Schema, about: str) -> Schema:
    return {"type": "object", "description": about, "additionalProperties": values}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


_ID = _text("The id of a record of the union.", pattern=r"^[A-Za-z0-9._~-]{1,64}$")
_MOMENT = _text("UTC, to the second.", format="date-time")
_ADDRESS = _text("An address.", format="uri")
_NEXT = _or_null(_text("The address of the next page; null on the last one.", format="uri"))
_MATERIAL = _text("A kind of publication.", enum=[*MATERIALS])
_CODES = _list(_text(), "Codes of libraries.")
_NAME_OF_RECORD = _text("Source and identifier, with a slash between.")

_MARC_VALUE = {
    "type": "object",
    "properties": {
        "ind1": _text(),
        "ind2": _text(),
        "subfields": _list(_map(_text(), "Code and value.")),
    },
    "required": ["ind1", "ind2", "subfields"],
    "additionalProperties": False,
}
_MARC = _object(
    "MARC 21, as MARC-in-JSON has it.",
    leader=_text(),
    fields=_list(_map({"anyOf": [_text(), _MARC_VALUE]}, "Tag and content.")),
)
_CONTRIBUTOR = _object(
    "A member's record that is in it.",
    record=_NAME_OF_RECORD,
    source=_text("The source it is from."),
    library=_text("Code of the library."),
    identifier=_text("As the source has it."),
    datestamp=_or_null(_text("As the source gave it.")),
    format=_text("Namespace or name of what was delivered."),
)
_KIND = _text(enum=[each.value for each in Kind])
_LIBRARY: Mapping[str, Schema] = {
    "code": _text(),
    "name": _text(),
    "type": _text("Code of its type, or the type in words."),
    "region": _text(),
    "aliases": _list(_text(), "Other codes it goes by."),
    "successor": _or_null(_text("Code of the library that took it over.")),
    "licence": _or_null(_text("Code of the licence of its metadata.")),
    "rights": _or_null(_text("What it says of them in its own words.")),
    "url": _ADDRESS,
}

SCHEMAS: Mapping[str, Schema] = MappingProxyType(
    {
        "Index": _object(
            "Where to begin.",
            name=_text("What the hub is called."),
            version=_text("Of this interface."),
            links=_map(_ADDRESS, "What there is, by name."),
        ),
        "Hit": _object(
            "A record of a result.",
            id=_ID,
            title=_text(),
            author=_text(),
            year=_or_null(_whole()),
            material=_MATERIAL,
            libraries=_CODES,
            url=_ADDRESS,
            page=_or_null(_text("Its page for people.", format="uri")),
        ),
        "Also": _object(
            "Other names that were looked for, by a list of authorities.",
            typed=_text("What was typed, folded."),
            heading=_text("The heading that it leads to."),
            list=_text("The code of the list."),
            number=_text("Of the heading in it."),
            names=_list(_text()),
        ),
        "FacetValue": _object("A value, and how many hits have it.", value=_text(), hits=_whole()),
        "Found": _object(
            "A page of a result.",
            total=_whole("How many records were found when the list began."),
            records=_list(_ref("Hit")),
            facets=_or_null(
                {
                    **_map(
                        _list(_ref("FacetValue")),
                        "Values with most hits by facet, on the first page. What would cost too"
                        " much is left out: narrow the search.",
                    ),
                    "propertyNames": {"enum": [each.value for each in FacetName]},
                }
            ),
            also=_list(
                _ref("Also"),
                "See-references that were followed, told on the first page. In CQL =/accents=1 is"
                " looked for as it is typed.",
            ),
            next=_NEXT,
        ),
        "Record": _object(
            "A merged record.",
            id=_ID,
            changed=_MOMENT,
            title=_text(),
            responsibility=_text(),
            authors=_list(_text()),
            edition=_text(),
            publication=_text(),
            year=_or_null(_whole()),
            extent=_text(),
            series=_list(_text()),
            material=_MATERIAL,
            languages=_list(_text(), "Codes of MARC 21."),
            isbn=_list(_text(), "With 13 digits where they are right."),
            issn=_list(_text()),
            subjects=_list(_text()),
            summary=_text(),
            links=_list(_text(), "What stands in 856 $u."),
            libraries=_CODES,
            marc=_MARC,
            url=_ADDRESS,
            page=_or_null(_text("Its page for people.", format="uri")),
            holdings=_ADDRESS,
            sources=_ADDRESS,
            formats=_map(_ADDRESS, "The same record in other formats."),
        ),
        "Holding": _object(
            "That a library has it.",
            library=_text("Its code."),
            local_number=_text("Its own number."),
            call_number=_text(),
            location=_text(),
            summary=_text("Which volumes or years."),
        ),
        "Holdings": _object(
            "Which libraries have a record.", id=_ID, holdings=_list(_ref("Holding"))
        ),
        "Contributor": _CONTRIBUTOR,
        "Provenance": _object(
            "Which members' records a record was made of, and where each field is from.",
            id=_ID,
            records=_list(_ref("Contributor")),
            fields=_list(
                _object(
                    "A field of the record, in their order.",
                    tag=_text(),
                    records=_list(_NAME_OF_RECORD, "Empty where the hub itself made it."),
                )
            ),
        ),
        "Cluster": _object(
            "Which records are one, and why.",
            id=_ID,
            records=_list(_ref("Contributor")),
            links=_list(
                _object(
                    "Two records that matching holds for one.",
                    a=_NAME_OF_RECORD,
                    b=_NAME_OF_RECORD,
                    score={"type": "number", "minimum": 0, "maximum": 1},
                    reasons=_list(_text("Code of a reason, a colon, and its value.")),
                )
            ),
        ),
        "Change": _object(
            "A record that changed, or that is gone.",
            id=_ID,
            changed=_MOMENT,
            deleted={"type": "boolean"},
            successor=_or_null(_text("The record it is one with now, where it is gone.")),
            sets=_list(_text()),
            url=_ADDRESS,
        ),
        "Changes": _object(
            "A page of what changed, the oldest change first.",
            until=_text(
                "Everything up to this moment is in the list. Ask next time with since = this.",
                format="date-time",
            ),
            total=_whole("How many changes the whole list had when it began."),
            changes=_list(_ref("Change")),
            next=_NEXT,
        ),
        "Library": _object("A member library.", **_LIBRARY),
        "LibraryAndRecords": _object(
            "A member library, and how much of the union it has.",
            **_LIBRARY,
            records=_whole("Records of the union that it has."),
        ),
        "Libraries": _object(
            "A page of libraries, by code.", libraries=_list(_ref("Library")), next=_NEXT
        ),
        "Source": _object(
            "A source of a member.",
            name=_text(),
            library=_text("Code of its library."),
            protocol=_text(),
            state=_text(
                "good; new: never harvested to the end; failing: the last harvest did not get"
                " there; waiting: for a person; paused.",
                enum=[each.value for each in State],
            ),
            last_success=_or_null(_MOMENT),
            url=_ADDRESS,
        ),
        "Sources": _object(
            "A page of sources, by name.", sources=_list(_ref("Source")), next=_NEXT
        ),
        "Formats": _object(
            "What a record can be had as.",
            formats=_list(
                _object(
                    "A format.",
                    name=_text("As it is asked for."),
                    type=_text("Its media type."),
                    about=_text(),
                    schema=_or_null(_text(format="uri")),
                    namespace=_or_null(_text()),
                )
            ),
        ),
        "Sets": _object(
            "A page of sets, by spec.",
            sets=_list(
                _object(
                    "A set, the same as over OAI-PMH.",
                    set=_text(),
                    name=_text(),
                    about=_list(_text(), "What is in it, in paragraphs."),
                )
            ),
            next=_NEXT,
        ),
        "Correction": _object(
            "A field added to a record, put in place of another in it, or left out of it.",
            number=_whole(),
            record=_text("The id of the record that it was made for."),
            kind=_KIND,
            beneath=_or_null(_text("The field as it was.")),
            over=_or_null(_text("The field as it is to be.")),
            within=_or_null(
                _text(
                    "Of a correction of one subfield: the whole field as it was. beneath and over"
                    " are that field with the subfield alone then."
                )
            ),
            bulk=_or_null(_whole("The number of the bulk correction that it is part of.")),
            state=_text(
                "changed: it stands, and what lies beneath is another; overruled: a later one"
                " stands in its place; waiting: its field is not there.",
                enum=[each.value for each in Standing],
            ),
            parted={
                "type": "boolean",
                "description": "Whether the members' records of then are in several records now.",
            },
            reason=_text(),
            person=_text("Who made it."),
            at=_MOMENT,
            undone_at=_or_null(_MOMENT),
            undone_by=_or_null(_text()),
            url=_ADDRESS,
        ),
        "Corrections": _object(
            "A record as cataloguers see it, and what was corrected of it.",
            id=_ID,
            seen=_text("Send it with a correction: it is refused once the record is another."),
            fields=_list(_text(), "Its fields, as corrections name them."),
            corrections=_list(_ref("Correction"), "The newest first, those undone too."),
        ),
        "NewCorrection": {
            "type": "object",
            "description": "What is to be corrected: add a field, replace one or suppress one.",
            "properties": {
                "kind": _KIND,
                "beneath": _text("The field to replace or suppress, just as it is listed."),
                "over": _text("The field to add, or to put there: 650 #7 $a Văn học $2 bkt"),
                "reason": _text("Why, for those who come later."),
                "seen": _text("On which state of the record; without it on whatever it is."),
            },
            "required": ["kind", "reason"],
            "additionalProperties": False,
        },
        "OpenApi": {"type": "object", "description": "A description in OpenAPI 3.1."},
        "Problem": {
            "type": "object",
            "description": "Why a request is not answered (RFC 9457).",
            "properties": {
                "type": _text("Names the kind of problem.", format="uri-reference"),
                "title": _text(),
                "status": _whole(),
                "detail": _text("What to do, in the language of Accept-Language."),
                "instance": _text("What was asked."),
                "parameter": _text("The parameter that is wrong."),
                "successor": _text("The id to ask for instead."),
            },
            "required": ["type", "title", "status", "detail", "instance"],
            "additionalProperties": False,
        },
    }
)
