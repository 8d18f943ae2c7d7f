"""Errors as rows keep them: a code with details, and the English sentence beside it.

Who shows one later translates its kind's template and fills the details in, so that everybody reads
it in a language of their own; the sentence serves where the kind is no longer known.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from crosswalks.errors import Error, Said
from crosswalks.text import storable

_SAID = "said"
_LONGEST = 2000


def packed(error: Error | None) -> dict[str, str]:
    """Return the columns ``message``, ``code`` and ``details`` of an error, empty for none."""
    if error is None:
        return {"message": "", "code": "", "details": "{}"}
    details = packed_details(error.details)
    return {
        "message": storable(str(error)),
        "code": error.code(),
        "details": storable(json.dumps(details, ensure_ascii=False)),
    }


def packed_details(details: Mapping[str, object]) -> dict[str, object]:
    """Return what a message names as JSON can have it; see ``unpacked``."""
    return {name: _plain(value) for name, value in details.items()}


def unpacked(details: dict[str, object]) -> dict[str, object]:
    """Return the details of a message as its error had them; sentences of ours are Said again."""
    return {name: _value(value) for name, value in details.items()}


def _plain(value: object) -> object:
    if isinstance(value, Said):
        told = {name: _plain(each) for name, each in value.details.items()}
        return {_SAID: value.template, "details": told}
    if value is None or isinstance(value, bool | int | float):
        return value
    return str(value)[:_LONGEST]


def _value(value: object) -> object:
    if not isinstance(value, dict) or _SAID not in value:
        return value
    return Said(str(value[_SAID]), unpacked(value["details"]))
