"""The figures of a period: what they count, that they add up, and that they stay."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select, update

from catalogue import browse, libraries, queue
from catalogue.consumers import store as consumers
from catalogue.consumers import usage
from catalogue.consumers.model import Consumer, Served
from catalogue.database import Database, downgrade, upgrade
from catalogue.errors import LeaseLost, NoSuchLibrary
from catalogue.holdings.model import Found, Row
from catalogue.membership.model import Membership
from catalogue.membership.standing import By, set_stage, set_standing
from catalogue.model import ItemQuery, Library, Sharing
from catalogue.observed import Stage
from catalogue.published import snapshot
from catalogue.reports import store
from catalogue.reports.counting import DEFINITIONS, count
from catalogue.reports.errors import BadPeriod, NoSuchReport
from catalogue.reports.model import Figures, Report
from catalogue.reports.periods import Period, lately, month_before, parse
from catalogue.tables import LibraryRow, MemberRow, RecordRow, RunRow, SourceRow
from support.counted import counted
from support.engines import Engine
from support.listed import add_library, found, settle
from support.listed import give as give_list
from support.pages import Book, Delivery, add_source, books, deliver, place_all

BY = By(person="an", reason="thử")
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime.now(HANOI).date()
LATELY = Period(NOW - timedelta(days=1), NOW + timedelta(days=1))
TITLES = ("Số đỏ", "Giông tố", "Vỡ đê", "Tắt đèn", "Chí Phèo")
STEMS = dict(zip("abcde", TITLES, strict=True))


def add(database: Database, code: str, kind: str = "", region: str = "") -> None:
    libraries.add(database, Library(code=code, name=f"Thư viện {code}", kind=kind, region=region))
    add_source(database, code.lower(), library=code)


def give(database: Database, code: str, titles: str) -> None:
    """Deliver books by their letters, the library's own records of them."""
    deliver(database, code.lower(), *books([(each, Book(title=STEMS[each])) for each in titles]))


def numbers(figures: Figures) -> dict[str, Mapping[str, int]]:
    return {each.code: each.numbers for each in figures.members}


def of(figures: Figures, code: str, *names: str) -> tuple[int, ...]:
    return tuple(numbers(figures)[code][name] for name in names)


def fill(database: Database) -> None:
    """Add A and B of one type, C of another: one book of all, one of A and C, three alone."""
    add(database, "A", kind="Công cộng", region="Bắc")
    add(database, "B", kind="Công cộng", region="Nam")
    add(database, "C", kind="Đại học", region="Nam")
    give(database, "A", "abc")
    give(database, "B", "ad")
    give(database, "C", "abe")
    place_all(database)


@pytest.fixture
def three(database: Database) -> Database:
    fill(database)
    return database


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def unchanged(request: pytest.FixtureRequest) -> Iterator[Database]:
    """Give the same to tests that change nothing."""
    engine: Engine = request.getfixturevalue(f"{request.param}_engine")
    with engine.fresh() as url, closing(Database.open(url)) as database:
        fill(database)
        yield database


def test_of_each_member_is_told_what_it_brought_shares_and_was_spared(unchanged: Database) -> None:
    figures = count(unchanged, LATELY, HANOI)

    told = ("records", "clusters", "unique", "overlapping", "avoided")
    assert of(figures, "A", *told) == (3, 3, 1, 2, 0)
    assert of(figures, "B", *told) == (2, 2, 1, 1, 1)
    assert of(figures, "C", *told) == (3, 3, 1, 2, 2)
    assert [figures.total.numbers[each] for each in told] == [8, 5, 3, 2, 3]


def test_a_cluster_of_several_libraries_of_a_type_or_region_counts_once_for_it(
    unchanged: Database,
) -> None:
    figures = count(unchanged, LATELY, HANOI)

    told = ("clusters", "unique", "overlapping")
    assert {
        each.name: (each.libraries, *map(each.numbers.get, told)) for each in figures.kinds
    } == {
        "public": (2, 4, 2, 2),
        "university": (1, 3, 1, 2),
    }
    assert {each.name: each.numbers["clusters"] for each in figures.regions} == {
        "Bắc": 3,
        "Nam": 4,
    }


def test_several_records_of_one_library_count_as_one_that_came_with_the_first(
    database: Database,
) -> None:
    add(database, "A")
    add(database, "B")
    add_source(database, "a2", library="A")
    give(database, "A", "ab")
    give(database, "B", "a")
    deliver(database, "a2", *books([(each, Book(title=STEMS[each])) for each in "ab"]))
    place_all(database)

    figures = count(database, LATELY, HANOI)

    told = ("records", "clusters", "unique", "avoided")
    assert of(figures, "A", *told) == (4, 2, 1, 0)
    assert of(figures, "B", *told) == (1, 1, 0, 1)
    assert [each.name for each in figures.kinds] == [""]


def test_a_list_without_records_takes_part_and_was_spared_cataloguing(three: Database) -> None:
    add_library(three)
    give_list(three, Row(title="Giông tố", author="Vũ Trọng Phụng", year="1936"))
    settle(three)
    assert found(three) == [Found.MATCHED]

    figures = count(three, LATELY, HANOI)

    told = ("records", "clusters", "unique", "avoided")
    assert of(figures, "SMALL", *told) == (0, 1, 0, 1)
    set_standing(three, "SMALL", Membership.SUSPENDED, BY)
    assert of(count(three, LATELY, HANOI), "SMALL", *told) == (0, 0, 0, 0)


def test_what_runs_did_counts_in_the_period_in_which_they_ended(three: Database) -> None:
    deliver(three, "a", *books([("a", Book(pages="99 tr."))]), Delivery(identifier="c"))
    place_all(three)
    end = datetime(2024, 11, 1, tzinfo=HANOI)
    move_runs(three, end - timedelta(milliseconds=1))

    october, november = (count(three, parse(name), HANOI) for name in ("2024-10", "2024-11"))

    assert of(october, "A", "added", "changed", "deleted") == (3, 1, 1)
    assert of(november, "A", "added", "changed", "deleted") == (0, 0, 0)
    assert october.total.numbers["added"] == 8
    in_utc = count(three, parse("2024-10"), UTC)
    assert in_utc.total.numbers["added"] == 8
    move_runs(three, end)
    assert count(three, parse("2024-10"), HANOI).total.numbers["added"] == 0
    assert count(three, parse("2024-10"), UTC).total.numbers["added"] == 8


def test_what_a_members_services_took_was_supplied_to_it(database: Database) -> None:
    libraries.add(database, Library(code="A"))
    for name, library in (("a1", "A"), ("a2", "A"), ("vufind", "")):
        consumers.add(database, Consumer(name=name, library=library))
    take(database, "a1", "2024-10-01", 70)
    take(database, "a1", "2024-09-30", 1000)
    take(database, "a2", "2024-10-31", 5)
    take(database, "vufind", "2024-10-02", 300)
    take(database, "", "2024-10-02", 9)
    consumers.remove(database, "a2")

    figures = count(database, parse("2024-10"), HANOI)

    assert of(figures, "A", "supplied") == (75,)
    assert figures.total.numbers["supplied"] == 75
    beside = figures.beside
    assert (beside["taken_others"], beside["taken_nobody"]) == (300, 9)


def test_a_consumer_works_for_a_member_by_any_code_or_for_none(database: Database) -> None:
    libraries.add(database, Library(code="A"))
    libraries.change(database, "A", aliases=("VN-HN-A",))
    consumers.add(database, Consumer(name="x", library="VN-HN-A"))

    assert consumers.get(database, "x").library == "A"

    consumers.change(database, Consumer(name="x"))
    assert consumers.get(database, "x").library == ""
    with pytest.raises(NoSuchLibrary):
        consumers.change(database, Consumer(name="x", library="NOBODY"))


def test_who_is_no_member_is_named_with_its_standing_and_contributes_nothing(
    three: Database,
) -> None:
    set_standing(three, "C", Membership.WITHDRAWN, BY)
    libraries.add(three, Library(code="D", standing=Membership.JOINING))
    set_stage(three, "b", Stage.TEST, BY)
    place_all(three)

    figures = count(three, LATELY, HANOI)

    standings = {each.code: each.standing for each in figures.members}
    assert standings == {"A": "member", "B": "member", "C": "withdrawn", "D": "joining"}
    assert of(figures, "C", "records", "clusters", "added") == (0, 0, 3)
    assert of(figures, "B", "records", "clusters", "added") == (0, 0, 0)
    assert figures.total.libraries == figures.beside["members"] == 2
    assert (figures.beside["withdrawn"], figures.beside["joining"]) == (1, 1)


def test_what_the_public_does_not_see_is_in_the_union_and_told_apart(three: Database) -> None:
    libraries.change(three, "B", sharing=Sharing.MEMBERS)
    place_all(three)

    figures = count(three, LATELY, HANOI)

    assert (figures.total.numbers["clusters"], figures.beside["public"]) == (5, 4)
    assert figures.beside["waiting"] == 0


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("give"), st.sampled_from("ABCD"), st.text("abcde", max_size=4)),
        st.tuples(st.just("kind"), st.sampled_from("ABCD"), st.sampled_from(["", "x", "y"])),
        st.tuples(st.just("region"), st.sampled_from("ABCD"), st.sampled_from(["", "Bắc", "bắc"])),
        st.tuples(st.just("standing"), st.sampled_from("ABCD"), st.booleans()),
        st.tuples(st.just("stage"), st.sampled_from("ABCD"), st.booleans()),
        st.tuples(st.just("sharing"), st.sampled_from("ABCD"), st.sampled_from([*Sharing])),
    ),
    min_size=1,
    max_size=8,
)


@settings(
    max_examples=6,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
def test_whatever_was_given_totals_are_the_live_counts_and_members_add_up_to_them(
    three: Database, steps: list[tuple[str, str, object]]
) -> None:
    if not any(each.code == "D" for each in libraries.all(three)):
        add(three, "D", kind="x")
    for step in steps:
        take_step(three, *step)
    place_all(three)

    figures = count(three, LATELY, HANOI)

    live = browse.totals(three)
    assert figures.total.numbers["records"] == live.records
    assert figures.total.numbers["clusters"] == live.clusters
    assert figures.beside["public"] == len(shown(three))
    assert {code: of(figures, code, *PARTS) for code in "ABCD"} == expected(three)
    for groups in (figures.kinds, figures.regions):
        for name in ("records", "added", "unique", "avoided"):
            total = sum(each.numbers[name] for each in groups)
            assert total == figures.total.numbers[name]
    parts = sum(each["clusters"] for each in numbers(figures).values())
    assert figures.total.numbers["avoided"] == parts - live.clusters
    held = parts_by_cluster(three)
    for groups, of_what in ((figures.kinds, "kind"), (figures.regions, "region")):
        for each in groups:
            codes = {one.code for one in figures.members if getattr(one, of_what) == each.name}
            assert each.numbers["clusters"] == sum(bool(codes & {*by}) for by in held.values())


PARTS = ("records", "clusters", "unique", "overlapping", "avoided")


def take_step(database: Database, what: str, code: str, value: object) -> None:
    if what == "give":
        give(database, code, str(value))
    elif what == "standing":
        standing = libraries.get(database, code).standing
        away = Membership.SUSPENDED if value else Membership.WITHDRAWN
        now = standing is Membership.MEMBER
        set_standing(database, code, away if now else Membership.MEMBER, BY)
    elif what == "stage":
        set_stage(database, code.lower(), Stage.TEST if value else Stage.LIVE, BY)
    else:
        libraries.change(database, code, **{what: value})


def parts_by_cluster(database: Database) -> dict[int, dict[str, int]]:
    """Return cluster -> library -> its oldest record there, by going through all rows."""
    query = (
        select(MemberRow.cluster_id, LibraryRow.code, RecordRow.id)
        .join(RecordRow, RecordRow.id == MemberRow.record_id)
        .join(SourceRow, SourceRow.id == RecordRow.source_id)
        .join(LibraryRow, LibraryRow.id == SourceRow.library_id)
    )
    held: dict[int, dict[str, int]] = defaultdict(dict)
    with database.reading() as connection:
        for cluster, code, record in connection.execute(query):
            held[cluster][code] = min(record, held[cluster].get(code, record))
    return held


def expected(database: Database) -> dict[str, tuple[int, ...]]:
    held = parts_by_cluster(database)
    counted = {}
    for code in "ABCD":
        mine = [by for by in held.values() if code in by]
        unique = sum(len(by) == 1 for by in mine)
        later = sum(by[code] != min(by.values()) for by in mine)
        counted[code] = (records_of(database, code), len(mine), unique, len(mine) - unique, later)
    return counted


def records_of(database: Database, code: str) -> int:
    """Return how many records of a library are in clusters: all that count, once placed."""
    with database.reading() as connection:
        query = select(MemberRow.record_id).join(RecordRow, RecordRow.id == MemberRow.record_id)
        query = query.join(SourceRow, SourceRow.id == RecordRow.source_id)
        return len(connection.execute(query.where(SourceRow.code == code.lower())).all())


def shown(database: Database) -> list[str]:
    """Return what the list of OAI-PMH has that is not deleted, that of this second too."""
    horizon = patch("catalogue.clock.Clock.horizon", 4_000_000_000)
    with horizon, snapshot(database) as seen:
        items = seen.page(ItemQuery(prefix="oai_dc", end=seen.horizon, limit=1000))
    return [each.public_id for each in items if not each.deleted]


def take(database: Database, name: str, day: str, records: int) -> None:
    consumer = consumers.get(database, name).id if name else 0
    at = int(datetime.fromisoformat(f"{day}T12:00:00+00:00").timestamp())
    usage.keep(database, [Served(consumer, at, "oai", records, 5)])


def move_runs(database: Database, ended: datetime) -> None:
    """Have all runs ended at a moment."""
    moment = int(ended.timestamp() * 1000)
    database.writing(lambda connection: connection.execute(update(RunRow).values(finished=moment)))


def made(database: Database, period: Period, **told: object) -> Report:
    given = {"author": "an", "program": "1.0", "definitions": DEFINITIONS, "zone": "UTC"} | told
    figures = count(database, period, HANOI)
    return Report(period=period, made=1_790_000_000, figures=figures, **given)  # type: ignore[arg-type]


def test_a_report_stays_as_it_was_and_a_later_one_stands_beside_it(three: Database) -> None:
    lease = queue.claim(three, "report", "report:2024-10")
    assert lease is not None
    october = parse("2024-10")
    first = store.keep(three, lease, made(three, october))
    give(three, "B", "bc")
    set_standing(three, "C", Membership.WITHDRAWN, BY)
    libraries.change(three, "A", name="Tên khác", kind="Khác")
    place_all(three)
    second = store.keep(three, lease, made(three, october, author="bình"))

    assert (first.issue, second.issue) == (1, 2)
    assert store.get(three, october, 1) == first
    assert store.get(three, october) == second
    assert first.figures != second.figures
    assert [each.name for each in store.all(three)] == ["2024-10 2", "2024-10 1"]
    with pytest.raises(NoSuchReport, match="2024-10 3"):
        store.get(three, october, 3)
    with pytest.raises(NoSuchReport):
        store.get(three, parse("2024-11"))


def test_who_asked_before_seeing_the_latest_gets_that_and_no_other(database: Database) -> None:
    lease = queue.claim(database, "report", "report:2024")
    assert lease is not None
    first = store.keep(database, lease, made(database, parse("2024")), seen=0)
    again = store.keep(database, lease, made(database, parse("2024")), seen=0)
    third = store.keep(database, lease, made(database, parse("2024")), seen=first.id)

    assert again == first
    assert third.issue == 2


def test_who_lost_the_lease_keeps_no_report(database: Database) -> None:
    lease = queue.claim(database, "report", "report:2024")
    assert lease is not None
    database.writing(lambda connection: queue.finish(connection, lease))

    with pytest.raises(LeaseLost):
        store.keep(database, lease, made(database, parse("2024")))
    assert store.all(database) == []


def test_figures_are_counted_by_a_few_statements_however_many_clusters_there_are(
    unchanged: Database,
) -> None:
    with counted(unchanged) as sent:
        count(unchanged, LATELY, HANOI)

    assert sent() <= 10


@pytest.mark.parametrize(
    ("text", "first", "last", "name"),
    [
        ("2026-10", "2026-10-01", "2026-10-31", "2026-10"),
        ("2024-02", "2024-02-01", "2024-02-29", "2024-02"),
        (" 2026-Q3 ", "2026-07-01", "2026-09-30", "2026-q3"),
        ("2026", "2026-01-01", "2026-12-31", "2026"),
        ("2026-01-01..2026-03-31", "2026-01-01", "2026-03-31", "2026-q1"),
        ("2026-12-01..2026-12-31", "2026-12-01", "2026-12-31", "2026-12"),
        ("2026-02-01..2026-04-30", "2026-02-01", "2026-04-30", "2026-02-01..2026-04-30"),
        ("2026-10-05..2026-10-05", "2026-10-05", "2026-10-05", "2026-10-05..2026-10-05"),
    ],
)
def test_a_period_has_one_name_however_it_is_written(
    text: str, first: str, last: str, name: str
) -> None:
    period = parse(text)

    assert (str(period.first), str(period.last), period.name) == (first, last, name)


NO_PERIODS = """
2026-13 2026-q5 26 0001 9999 2026-02-30..2026-03-01 2026-10-1 2026-03-31..2026-01-01 2026-01-01..
２０２６ 2026; 2026-10/2026-11 ..
"""


@pytest.mark.parametrize("text", ["", "tháng 10", *NO_PERIODS.split()])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(BadPeriod, match="2026-q3"):
        parse(text)


@given(first=st.dates(date(1900, 1, 1), date(2999, 12, 31)), days=st.integers(0, 800))
def test_the_name_of_a_period_reads_back(first: date, days: int) -> None:
    period = Period(first, min(first + timedelta(days=days), date(2999, 12, 31)))

    assert parse(period.name) == period


def test_what_is_over_comes_first_when_a_period_is_chosen() -> None:
    assert [each.name for each in lately(date(2026, 1, 15))] == [
        *("2025-12", "2025-q4", "2025"),
        *("2026-01", "2026-q1", "2026"),
    ]
    assert month_before(date(2026, 3, 31)).name == "2026-02"
    assert [each.name for each in lately(date(2026, 11, 28))][:3] == ["2026-10", "2026-q3", "2025"]


def test_placing_goes_on_while_figures_are_counted_which_stay_those_of_one_moment(
    three: Database,
) -> None:
    before = count(three, LATELY, HANOI)
    come = []

    def place_meanwhile(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        # Not at its BEGIN: SQLite's snapshot is that of the first statement.
        if not come and "SELECT" in statement:
            come.append(statement)
            give(three, "B", "bce")
            place_all(three)

    event.listen(three.primary, "after_cursor_execute", place_meanwhile)
    during = count(three, LATELY, HANOI)
    event.remove(three.primary, "after_cursor_execute", place_meanwhile)

    assert during == before
    assert of(count(three, LATELY, HANOI), "B", "records", "clusters") == (5, 5)


def test_a_step_down_and_up_keeps_consumers_and_forgets_reports_and_whose_they_are(
    database_url: str,
) -> None:
    with closing(Database.open(database_url)) as database:
        libraries.add(database, Library(code="A"))
        consumers.add(database, Consumer(name="x", title="X", library="A"))
        lease = queue.claim(database, "report", "report:2024")
        assert lease is not None
        store.keep(database, lease, made(database, parse("2024")))

    downgrade(database_url, "0035")
    upgrade(database_url)

    with closing(Database.open(database_url)) as database:
        assert [(each.title, each.library) for each in consumers.all(database)] == [("X", "")]
        assert store.all(database) == []


def test_counting_leaves_the_connection_as_it_was(unchanged: Database) -> None:
    def cache() -> int | None:
        if unchanged.postgresql:
            return None
        with unchanged.reading_primary() as connection:
            return int(connection.exec_driver_sql("PRAGMA cache_size").scalar_one())

    before = cache()
    count(unchanged, LATELY, HANOI)

    assert cache() == before
