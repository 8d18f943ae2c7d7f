"""Records of a result as pages hold them: each with its identifier, or with why it did not come."""

from __future__ import annotations

import hashlib

from crosswalks import formats
from crosswalks.model import Problem, Severity
from crosswalks.reading import read_as
from harvester.files import identifying
from harvester.files.model import Cut
from harvester.model import FileSettings
from harvester.searching.model import Brought

_REFUSED = "record-not-given"
"""The code of a record that a server has and does not give."""
_PLACES = identifying.places(FileSettings())


def cut(brought: Brought, window: str) -> Cut:
    """Return a record with the identifier that it says itself; empty where it says none.

    One that did not come has a name made of its window and position, unless the protocol told one.
    """
    if brought.refused:
        return _not_given(brought, window)
    form = formats.named(brought.format) if brought.format else None
    if form is None or not form.sniff(brought.body):
        form = formats.sniffed(brought.body)
    found = brought.identifier
    if not found and form is not None:
        found = identifying.quick(form, brought.body)
        if not found:
            record, _ = read_as(form, brought.body)
            found = identifying.said(record, _PLACES) if record else ""
    return Cut(
        offset=brought.position,
        body=brought.body,
        format=form.NAME if form else brought.format,
        identifier=found,
    )


def _not_given(brought: Brought, window: str) -> Cut:
    name = brought.identifier
    if not name:
        name = f"{hashlib.sha256(window.encode()).hexdigest()[:12]}/{brought.position}"
    problem = Problem(
        code=_REFUSED,
        severity=Severity.ERROR,
        sample=brought.refused,
        detail=f"{window}, {brought.position}",
    )
    return Cut(offset=brought.position, body=b"", format="", identifier=name, problems=(problem,))
