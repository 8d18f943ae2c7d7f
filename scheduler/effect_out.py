"""What publishing a crosswalk out of MARC 21 would make of the records that are given out."""

from __future__ import annotations

from catalogue import forms
from catalogue.forms import Made
from catalogue.shown import Shown
from crosswalks.model import Record
from scheduler.tally import Effect, Wanted


def look_at(found: Effect, wanted: Wanted, name: str, each: Shown) -> None:
    """Count what would become of one master by one of the crosswalks that would be others.

    Each item that shows it counts; where a form is stored already, its bytes are what there is now.
    """
    kind = forms.kind_of(name)
    record = forms.undated(each.record) if kind else each.record
    then = forms.make(record, name, wanted.then)
    found.records += each.items
    found.given_out += each.items
    found.failing += each.items * bool(then.problems)
    before = each.forms.get(kind.prefix) if kind else None
    if before is None and not (kind and kind.at_once):
        before = _now(record, name, wanted).body
    if before == then.body:
        found.unchanged += each.items
    elif before is None or then.body is None:
        found.appearing += each.items * (before is None)
        found.vanishing += each.items * (then.body is None)
    else:
        now = _now(record, name, wanted).record
        found.crosswalks[name] = found.crosswalks.get(name, 0) + each.items
        found.count_changed(each.public_id, (now, then.record), each.items)


def _now(record: Record, name: str, wanted: Wanted) -> Made:
    if name not in wanted.now.names():
        return Made()
    return forms.make(record, name, wanted.now)
