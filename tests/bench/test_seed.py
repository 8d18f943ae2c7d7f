from __future__ import annotations

from collections import defaultdict

from bench.seed import identifier, name_of, seed
from catalogue import sources
from catalogue.cluster.place import place, waiting
from catalogue.database import Database
from catalogue.digest import digest
from catalogue.model import HubIdentity, RunStatus, Source
from catalogue.runs import all as all_runs
from catalogue.store import close_run, open_run, put_page
from crosswalks.formats import marcxml
from crosswalks.model import Page, RawRecord
from hub.bench.generate import Recipe, records
from scheduler.mapping import map_page

RECIPE = Recipe(seed=7, members=4)
COUNT = 300


def harvest(database: Database) -> None:
    """Bring the same records in as harvests do: small pages, mapped from their bytes."""
    held = defaultdict(list)
    for holding in records(RECIPE, COUNT):
        held[holding.member].append(holding)
    for member, holdings in held.items():
        source = Source(name=name_of(member), library=f"TV{member:02}", protocol="oai-pmh", url="")
        sources.add(database, source)
        run = open_run(database, source.name)
        for start in range(0, len(holdings), 25):
            page = _page(holdings[start : start + 25])
            mapped = map_page(page, source, ())
            put_page(database, run, page, mapped.records, mapped.problems)
        close_run(database, run, RunStatus.SUCCEEDED)
    while place(database, HubIdentity(), 40).records:
        pass


def _page(holdings) -> Page:
    raws = [
        RawRecord(
            identifier=identifier(each.number),
            format=marcxml.NAMESPACE,
            body=marcxml.write(each.record),
            position=position,
        )
        for position, each in enumerate(holdings)
    ]
    return Page(number=1, url="", records=tuple(raws), next_checkpoint={}, raw=b"", last=True)


def test_a_seeded_hub_is_what_harvests_of_the_same_records_leave(engine):
    with engine.fresh() as one, engine.fresh(migrated=False) as other:
        harvested = Database.open(one)
        harvest(harvested)
        seed(other, RECIPE, COUNT, processes=1)
        seeded = Database.open(other)

        assert waiting(seeded) == 0
        assert digest(seeded) == digest(harvested)
        assert {run.status for run in all_runs(seeded)} == {RunStatus.SUCCEEDED}
        assert sum(run.counts.added for run in all_runs(seeded)) == COUNT
        harvested.close()
        seeded.close()
