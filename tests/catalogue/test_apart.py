"""Clusters worked out apart from the hub: by Spark, from and to Parquet files, the same ones."""

from __future__ import annotations

import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import product
from pathlib import Path

import pytest
from sqlalchemy import update

from catalogue import policies
from catalogue.cluster import whole
from catalogue.cluster.apart.arriving import arrived
from catalogue.cluster.apart.digested import digests, work_out
from catalogue.cluster.apart.errors import FolderTaken, OtherHub, OtherPolicy, PartDamaged
from catalogue.cluster.apart.exporting import export
from catalogue.cluster.apart.model import Kind, read_manifest
from catalogue.cluster.place import waiting
from catalogue.cluster.rebuild import rebuild, rebuild_from
from catalogue.cluster.whole import Catalogue, Whole
from catalogue.database import Database
from catalogue.digest import digest
from catalogue.tables import ClockRow
from support.pages import Book, Delivery, deliver, place_all
from support.policies import use
from support.processes import REPOSITORY, lienthong, run, running
from support.whole import fill, say

pytestmark = pytest.mark.timeout(400)

BRIEFLY = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
DEFAULTS = "spark.sql.codegen.wholeStage false\nspark.sql.adaptive.enabled false\n"
"""What takes longer than it saves where there are a few hundred records."""

CAPS = {"block_cap": 8, "component_cap": 6}
"""Keys are split on every level, and components are too large, of a few hundred records."""
CROWD = [
    Book(title=title, isbn=isbn, pages=f"{pages} tr.", year=year, author=author)
    for title, author, isbn, pages, year in product(
        ("Số đỏ", "Số đỏ tập truyện", "So do", "Giông tố"),
        ("Vũ Trọng Phụng", "Vu Trong Phung", "Nam Cao"),
        ("9786049763342", ""),
        (90, 91, 140),
        ("1936", "1937", ""),
    )
]
SAID = [(0, 150, "same"), (1, 4, "different"), (2, 3, "same"), (7, 80, "different")]


@dataclass(frozen=True, slots=True)
class Stage:
    """A hub that was exported, and what Spark made of it."""

    hub: Path
    export: Path
    result: Path
    said: str
    """What the command said besides."""

    @contextmanager
    def copied(self, folder: Path) -> Iterator[Database]:
        """Give a copy of the hub as it was exported."""
        shutil.copy(self.hub, folder / "copy.sqlite")
        database = Database.open(f"sqlite:///{folder / 'copy.sqlite'}")
        yield database
        database.close()


@pytest.fixture(scope="module")
def stage(sqlite_engine, tmp_path_factory) -> Stage:
    folder = tmp_path_factory.mktemp("apart")
    made = Stage(folder / "hub.sqlite", folder / "export", folder / "result", "")
    with sqlite_engine.fresh() as url:
        database = Database.open(url)
        hold(database, placed=True)
        database.close()
        with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
            connection.execute("VACUUM INTO ?", (str(made.hub),))
        connection.close()
    (folder / "spark-defaults.conf").write_text(DEFAULTS)
    settings = {
        "LIENTHONG_DATABASE_URL": f"sqlite:///{made.hub}",
        "LIENTHONG_INSTANCE": str(folder),
        "JAVA_TOOL_OPTIONS": BRIEFLY,
        "SPARK_CONF_DIR": str(folder),
    }
    said_by("clusters", "export", str(made.export), settings=settings)
    paths = (str(made.export), str(made.result))
    options = ("--master", "local[2]", "--partitions", "2")
    said = said_by("clusters", "spark", *paths, *options, settings=settings)
    return Stage(made.hub, made.export, made.result, said)


def hold(database: Database, *, placed: bool = False) -> None:
    """Bring in the crowd, one of which changes and one of which goes, perhaps after a placement."""
    use(database, "small", **CAPS)
    fill(database, CROWD)
    say(database, SAID)
    if placed:
        place_all(database)
    # What waits counts as it is now.
    deliver(database, "s1", Delivery(identifier="r00", book=CROWD[5]))
    deliver(database, "s2", Delivery(identifier="r01"))


def said_by(*words: str, settings: dict[str, str]) -> str:
    with running(lienthong(*words), env=settings) as [process]:
        outcome = process.finish(350)
    assert outcome.code == 0, outcome.err
    return outcome.out + outcome.err


def told(found: Whole) -> tuple[object, ...]:
    columns = zip(*(column.tolist() for column in found.links[:4]), strict=True)
    reasons = found.reasons.some(found.links.reason.tolist())
    names = [found.desk.name(number) for number in range(len(found.ids))]
    return (
        *(column.tolist() for column in (found.ids, found.revs, found.head)),
        list(zip(columns, reasons, strict=True)),
        found.dead,
        found.large,
        names,
        [found.desk.features(number) for number in range(len(names))],
    )


def test_spark_works_out_the_clusters_that_this_machine_does(stage, tmp_path):
    with stage.copied(tmp_path) as database, database.reading() as connection:
        live = policies.live(connection)
        with whole.work_out(partial(Catalogue.read, connection), live.policy, 0) as found:
            expected = told(found)
        with arrived(database, stage.result, live) as found:
            assert told(found) == expected
            assert found.large
            assert {key[:2] for key in found.dead} >= {"ta", "1»", "2»"}


def test_its_digests_are_those_that_this_machine_gives(stage):
    made = read_manifest(stage.result, Kind.CLUSTERS)
    with work_out(stage.export, 0) as found:
        assert made.digest == digests(found)

    assert all(text in stage.said for text in made.digest.values())


def test_where_all_is_right_nothing_is_placed_again(stage, tmp_path):
    with stage.copied(tmp_path) as database:
        place_all(database)
        export(database, tmp_path / "export")
        with pytest.raises(FolderTaken):
            export(database, tmp_path / "export")
        # The two that waited are all that differs.
        left = rebuild(database, dry_run=True)

        assert left.again == 0
        assert rebuild_from(database, stage.result).interrupted is False
        place_all(database)
        assert rebuild(database)[:-1] == (len(CROWD) - 1, 0, 0, 0, False)


def test_a_first_load_is_placed_by_it(stage, sqlite_engine, tmp_path):
    with stage.copied(tmp_path) as database:
        place_all(database)
        expected = digest(database)
    with sqlite_engine.fresh() as url:
        database = Database.open(url)
        hold(database)
        settings = {"LIENTHONG_DATABASE_URL": url, "LIENTHONG_INSTANCE": str(tmp_path)}

        said_by("clusters", "place", "--from", str(stage.result), settings=settings)

        assert digest(database) == expected
        assert rebuild(database, dry_run=True)[1:4] == (0, 0, 0)
        database.close()


def test_after_another_policy_only_what_differs_is_placed_again(stage, tmp_path):
    with stage.copied(tmp_path) as database:
        expected = rebuild(database, dry_run=True)

        found = rebuild_from(database, stage.result)

        assert (found.records, found.again, found.links) == (*expected[:2], expected.links)
        place_all(database)
        assert waiting(database) == 0
        assert rebuild(database, dry_run=True).again == 0


def test_what_changed_since_waits_and_is_placed(stage, tmp_path):
    with stage.copied(tmp_path) as database:
        deliver(database, "s2", Delivery(identifier="r03", book=Book(title="Lều chõng")))

        rebuild_from(database, stage.result)

        place_all(database)
        assert rebuild(database)[:-1] == (len(CROWD) - 1, 0, 0, 0, False)


@pytest.mark.parametrize("table", ["groups", "links"])
def test_a_damaged_result_is_refused(stage, tmp_path, table):
    shutil.copytree(stage.result, tmp_path / "result")
    part = next((tmp_path / "result" / table).iterdir())
    part.write_bytes(part.read_bytes()[:-20] + b"\0" * 20)

    with stage.copied(tmp_path) as database, pytest.raises(PartDamaged, match=part.name):
        rebuild_from(database, tmp_path / "result")


def test_a_result_of_another_policy_or_hub_is_refused(stage, sqlite_engine):
    with sqlite_engine.fresh() as url:
        database = Database.open(url)
        with pytest.raises(OtherPolicy):
            rebuild_from(database, stage.result)
        use(database, "small", **CAPS)
        # All of these hubs are copies of one that was made ready.
        database.writing(lambda connection: connection.execute(update(ClockRow).values(created=1)))
        with pytest.raises(OtherHub):
            rebuild_from(database, stage.result)
        database.close()


@pytest.mark.parametrize(
    ("before", "path", "wanted"),
    [
        ("sys.modules['pyspark'] = None", "", "PySpark chưa được cài đặt ở đây"),
        ("", "/nowhere", "Spark cần Java 17"),
    ],
)
def test_without_spark_or_java_it_says_what_to_install(tmp_path, before, path, wanted):
    code = f"import sys; {before}\nfrom hub.cli import main\nmain()"
    settings = {"LIENTHONG_INSTANCE": str(tmp_path)} | ({"PATH": path} if path else {})
    words = ("--lang", "vi", "clusters", "spark", "a", "b")

    [outcome] = run([sys.executable, "-c", code, *words], env=settings)

    assert outcome.code == 2
    assert wanted in outcome.err


@pytest.mark.soak
def test_spark_submit_works_out_the_same(stage, tmp_path):
    submit = Path(sys.executable).with_name("spark-submit")
    job = REPOSITORY / "deploy" / "spark" / "clusters.py"
    command = [str(submit), "--master", "local[2]", str(job), str(stage.export)]

    with running([*command, str(tmp_path / "result")], env={"PYSPARK_PYTHON": sys.executable}) as [
        process
    ]:
        outcome = process.finish(280)

    assert outcome.code == 0, outcome.err
    made = read_manifest(tmp_path / "result", Kind.CLUSTERS)
    assert made.digest == read_manifest(stage.result, Kind.CLUSTERS).digest
