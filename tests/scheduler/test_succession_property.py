"""Whatever two systems hold: pairs are one to one, and the order of arrival makes none of them."""

from __future__ import annotations

import itertools

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import aliased

from catalogue import sources
from catalogue.database import Database
from catalogue.model import Source
from catalogue.succession import report, steps
from catalogue.tables import RecordRow, SuccessionPairRow
from scheduler import succession
from support.filled import deliver
from support.succession import book, line

_names = itertools.count(1)
_numbers = st.sampled_from(["1", "01", "2", "3", "77"])
_titles = st.sampled_from(["Số đỏ", "Giông tố", "Vỡ đê", "Toán. Tập 1", "Toán. Tập 2"])
_kept = st.sampled_from(
    ["", "035 __ $a(CU)1", "035 __ $a2$z3", "907 __ $a77", "020 __ $a9786049763342"]
)
_side = st.lists(st.tuples(_titles, _numbers, _kept), max_size=5)


def _records(side, prefix: str, *, turned: bool):
    entries = list(enumerate(side))
    return {
        f"{prefix}:{at}{title}": book(title, number, *filter(None, [kept]))
        for at, (title, number, kept) in (reversed(entries) if turned else entries)
    }


def _pairs(database: Database, tmp_path, old, new, *, turned: bool):
    """Return the pairs by identifier, and how many records are in none."""
    library = f"l{next(_names)}"
    for name, succeeds in ((f"{library}-a", ""), (f"{library}-b", f"{library}-a")):
        url = f"http://127.0.0.1/{name}"
        made = Source(name=name, library=library, protocol="oai-pmh", url=url, succeeds=succeeds)
        sources.add(database, made)
    for code, side in (("a", old), ("b", new)):
        records = _records(side, code, turned=turned)
        deliver(database, f"{library}-{code}", records)
    named = steps.named(database, f"{library}-a", f"{library}-b")
    hub = line(database, tmp_path)
    with succession.looking(hub, named) as work:
        succession.find(hub, work)
    left, right = aliased(RecordRow), aliased(RecordRow)
    query = (
        select(left.identifier, right.identifier)
        .select_from(SuccessionPairRow)
        .join(left, left.id == SuccessionPairRow.old_id)
        .join(right, right.id == SuccessionPairRow.new_id)
        .where(SuccessionPairRow.succession_id == named.key, SuccessionPairRow.state == "paired")
    )
    with database.reading() as connection:
        pairs = sorted(tuple(row) for row in connection.execute(query))
    told = report.report(database, named)
    listed = list(report.unpaired(database, named))
    assert told.unpaired_old + told.unpaired_new == len(listed)
    return pairs, (told.unpaired_old, told.unpaired_new)


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_side, _side)
def test_pairs_are_one_to_one_and_none_is_lost_or_made_by_order(database, tmp_path, old, new):
    pairs, left = _pairs(database, tmp_path, old, new, turned=False)
    again = _pairs(database, tmp_path, old, new, turned=True)

    assert len({old for old, _ in pairs}) == len({new for _, new in pairs}) == len(pairs)
    assert left == (len(old) - len(pairs), len(new) - len(pairs))
    assert (pairs, left) == again
