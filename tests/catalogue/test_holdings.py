from __future__ import annotations

from unittest.mock import patch

import pytest
from sqlalchemy import event, select

from catalogue import browse, libraries
from catalogue.cluster.place import place, waiting
from catalogue.database import Database
from catalogue.digest import digest
from catalogue.holdings import listing, matching
from catalogue.holdings import put as put_module
from catalogue.holdings.errors import (
    BadListName,
    ListTakenOver,
    NoSuchHoldingList,
    TooManyRows,
    WouldWithdraw,
)
from catalogue.holdings.model import Found, Row
from catalogue.holdings.put import remove, retry
from catalogue.membership.model import Membership
from catalogue.membership.standing import By, set_standing
from catalogue.model import ItemQuery, Library, Sharing
from catalogue.published import snapshot
from catalogue.records import get
from catalogue.served import served
from catalogue.tables import ClusterRow, ItemRow, ViewRow
from support.listed import add_library, found, give, settle, stored
from support.marc import lines as marc_lines
from support.pages import HUB, Book, Delivery, add_source, books, deliver
from support.policies import use
from support.searching import search

ISBN = "9786049763342"
OTHER = "9786042093026"


@pytest.fixture
def union(database: Database) -> Database:
    """A union of two clusters, and a library without records."""
    add_source(database, "s1", "L1")
    add_library(database)
    give_books(database, a=Book(isbn=ISBN), b=Book(title="Giông tố", isbn=OTHER))
    settle(database)
    return database


def give_books(database: Database, **by_identifier: Book) -> None:
    deliver(database, "s1", *books(by_identifier.items()))


def public(database: Database, identifier: str = "a") -> str:
    return get(database, "s1", identifier).cluster


def held(database: Database, identifier: str = "a", view: str = "public") -> list[str]:
    """Return the 852s that a view shows of the cluster of a record."""
    shown = served(database, public(database, identifier), view)
    assert shown is not None
    return marc_lines(shown.record, "852") if shown.record else []


def test_a_row_with_an_isbn_of_the_union_becomes_a_holding(union):
    give(union, Row(isbn=ISBN, call_number="895.9 V500", location="Kho đọc", local_number="77"))
    settle(union)

    assert found(union) == [Found.MATCHED]
    assert held(union) == ["852 __ $aL1", "852 __ $aSMALL$bKho đọc$h895.9 V500$p77"]
    [_, holding] = browse.cluster(union, public(union)).holdings
    assert (holding.library, holding.local_number, holding.location) == ("SMALL", "77", "Kho đọc")
    assert search(union, "so do").hits[0].libraries == ("L1", "SMALL")


def test_copies_and_rows_of_one_place_are_one_field_that_counts_them(union):
    give(
        union,
        Row(isbn=ISBN, location="Kho", copies=3, local_number="1"),
        Row(isbn=ISBN, location="Kho", local_number="2"),
    )
    settle(union)

    assert held(union)[1] == "852 __ $aSMALL$bKho$t1-4"
    assert len(browse.cluster(union, public(union)).holdings) == 3


def test_title_author_and_year_are_enough_and_less_is_not(union):
    whole = Row(title="Số đỏ", author="Vũ Trọng Phụng", year="1936")
    no_year = Row(title="Giông tố lớn", author="Vũ Trọng Phụng")
    give_books(union, c=Book(title="Giông tố lớn"))
    give(union, whole, no_year)
    settle(union)

    assert found(union) == [Found.MATCHED, Found.DOUBTFUL]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (Row(isbn=ISBN, title="Tắt đèn"), Found.CONTRADICTED),
        (Row(isbn=ISBN, title="Số đỏ", year="2011"), Found.CONTRADICTED),
        (Row(isbn=ISBN, title="Số đỏ", author="Vũ Trọng Phụng"), Found.MATCHED),
        (Row(isbn="978-604-9763-34-2"), Found.MATCHED),
        (Row(isbn="9786041000001", title="Tắt đèn"), Found.NONE),
        (Row(title="Số đỏ", author="Vũ Trọng Phụng", year="1936", isbn=OTHER), Found.DOUBTFUL),
        (Row(identifier="(L1)a"), Found.MATCHED),
        (Row(identifier="(L1)nowhere"), Found.NONE),
        (Row(identifier="(L1)a", title="Tắt đèn"), Found.CONTRADICTED),
        (Row(identifier="000000001"), Found.NONE),
        (Row(), Found.NONE),
    ],
)
def test_an_equal_number_is_evidence_and_no_proof(union, row, expected):
    give(union, row)
    settle(union)

    assert found(union) == [expected]


def test_the_unions_own_number_names_a_cluster_also_after_it_was_merged_away(union):
    gone = public(union, "b")
    give_books(union, b=Book(isbn=ISBN))
    settle(union)
    give(
        union,
        Row(identifier=f"(LIENTHONG){gone}", location="1"),
        Row(identifier=f"oai:lienthong.localhost:{gone}", location="2"),
        Row(identifier=f"http://127.0.0.1:8080/record/{gone}", location="3"),
        Row(identifier=f"oai:elsewhere:{gone}", location="4"),
    )
    settle(union)

    assert found(union) == [*[Found.MATCHED] * 3, Found.NONE]
    assert {row.cluster for row in stored(union)} == {public(union), ""}


def test_a_number_on_two_clusters_is_left_to_people_until_they_are_one(union):
    give_books(union, c=Book(isbn=ISBN, title="Số đỏ", publisher="Trẻ", year="2011"))
    give(union, Row(isbn=ISBN))
    settle(union)
    before = stored(union)[0]

    give_books(union, c=Book(isbn=ISBN))
    settle(union)

    assert before.found is Found.SEVERAL
    assert {choice.cluster for choice in before.choices} >= {public(union)}
    assert found(union) == [Found.MATCHED]


def test_a_number_of_a_volume_is_no_match_for_a_row_that_names_none(union):
    give_books(union, c=Book(title="Lịch sử Việt Nam. T.2", isbn="9786041000001"))
    give(union, Row(isbn="9786041000001"), Row(isbn="9786041000001", volume="2", location="x"))
    settle(union)

    assert found(union) == [Found.DOUBTFUL, Found.MATCHED]


@pytest.mark.parametrize(
    "author", ["Vũ Trọng Phụng, Nguyễn Văn An", "Nguyễn Văn An; Vũ Trọng Phụng", "Phụng, Vũ Trọng"]
)
def test_names_in_a_cell_are_told_apart_however_they_are_parted(union, author):
    give(union, Row(title="Số đỏ", author=author, year="1936"))
    settle(union)

    assert found(union) == [Found.MATCHED]


def test_a_row_that_found_nothing_is_tried_again_by_itself_when_the_book_comes(union):
    row = Row(title="Tắt đèn", author="Ngô Tất Tố", year="1939")
    give(union, row)
    settle(union)
    before = found(union)

    give_books(union, c=Book(title="Tắt đèn", author="Ngô Tất Tố", year="1939"))
    settle(union)

    assert (before, found(union)) == ([Found.NONE], [Found.MATCHED])
    assert held(union, "c") == ["852 __ $aL1", "852 __ $aSMALL"]


def test_a_row_whose_record_was_deleted_waits_for_another(union):
    give(union, Row(isbn=ISBN))
    settle(union)

    deliver(union, "s1", Delivery(identifier="a"))
    settle(union)
    gone = found(union)
    give_books(union, d=Book(isbn=ISBN))
    settle(union)

    assert (gone, found(union)) == ([Found.NONE], [Found.MATCHED])
    assert held(union, "d")[1] == "852 __ $aSMALL"


def test_a_row_follows_its_record_where_the_cluster_splits(union):
    give_books(union, b=Book(isbn=ISBN))
    settle(union)
    give(union, Row(isbn=ISBN, title="Số đỏ", year="1936"))
    settle(union)
    one = public(union, "a") == public(union, "b")

    give_books(union, a=Book(title="Giông tố", isbn=OTHER))
    settle(union)

    assert one
    assert held(union, "b") == ["852 __ $aL1", "852 __ $aSMALL"]
    assert held(union, "a") == ["852 __ $aL1"]


def stamps(database: Database) -> dict[str, int]:
    """Return public id -> when the public view's item changed last."""
    query = (
        select(ClusterRow.public_id, ItemRow.stamp)
        .join(ItemRow, ItemRow.cluster_id == ClusterRow.id)
        .join(ViewRow, (ViewRow.id == ItemRow.view_id) & (ViewRow.name == "public"))
    )
    with database.reading() as connection:
        return {row.public_id: row.stamp for row in connection.execute(query)}


def listed(database: Database, **query: object) -> dict[str, bool]:
    """Return what a list shows once the last second is over: public id -> deleted."""
    with patch("catalogue.clock.wall_clock", return_value=2**34), snapshot(database) as shown:
        wanted = ItemQuery(prefix="marc21", end=2**40, limit=1000, **query)
        return {item.public_id: item.deleted for item in shown.page(wanted)}


def test_whoever_harvests_the_hub_sees_a_holding_come_and_go(union):
    before = stamps(union)
    with patch("catalogue.clock.wall_clock", return_value=2**33):
        give(union, Row(isbn=ISBN))
        settle(union)
    came = stamps(union)
    with patch("catalogue.clock.wall_clock", return_value=2**33 + 5):
        give(union)
        settle(union)

    assert came == before | {public(union): 2**33}
    assert stamps(union) == before | {public(union): 2**33 + 5}
    assert listed(union, set_spec="library:SMALL") == {public(union): True}
    assert held(union) == ["852 __ $aL1"]


def test_what_a_library_shares_with_members_only_is_not_shown_to_the_public(union):
    libraries.change(union, "SMALL", sharing=Sharing.MEMBERS)
    give(union, Row(isbn=ISBN))
    settle(union)
    hidden = held(union)
    libraries.change(union, "SMALL", sharing=Sharing.PUBLIC)
    settle(union)

    assert hidden == ["852 __ $aL1"]
    assert held(union) == ["852 __ $aL1", "852 __ $aSMALL"]


def test_what_a_suspended_library_lists_is_shown_nowhere_until_it_is_back(union):
    give(union, Row(isbn=ISBN))
    settle(union)
    shown = []
    for standing in (Membership.SUSPENDED, Membership.MEMBER):
        set_standing(union, "SMALL", standing, By(person="an"))
        settle(union)
        shown.append(held(union))

    assert shown == [["852 __ $aL1"], ["852 __ $aL1", "852 __ $aSMALL"]]


def test_a_list_given_twice_changes_nothing_and_leaves_nothing_to_do(union):
    rows = (Row(isbn=ISBN), Row(title="Tắt đèn", author="Ngô Tất Tố", year="1939"))
    give(union, *rows)
    settle(union)
    before = digest(union)

    again = give(union, *reversed(rows))

    assert (again.added, again.changed, again.unchanged, again.withdrawn) == (0, 0, 2, 0)
    assert (waiting(union), matching.waiting(union), digest(union)) == (0, 0, before)
    assert [row.row for row in stored(union)] == list(reversed(rows))


def test_a_changed_call_number_changes_the_holding_and_nothing_else(union):
    give(union, Row(isbn=ISBN, local_number="1", call_number="A"))
    settle(union)
    done = give(union, Row(isbn=ISBN, local_number="1", call_number="B"))
    settle(union)

    assert (done.changed, done.added, done.withdrawn) == (1, 0, 0)
    assert held(union)[1] == "852 __ $aSMALL$hB$p1"


def test_one_local_number_on_two_different_rows_keeps_both(union):
    done = give(
        union,
        Row(isbn=ISBN, local_number="1"),
        Row(isbn=OTHER, local_number="1"),
        Row(isbn=ISBN, local_number="1"),
    )
    settle(union)

    assert (done.added, done.repeated) == (2, 1)
    assert found(union) == [Found.MATCHED, Found.MATCHED]


def test_a_file_that_lacks_much_of_the_list_waits_for_a_persons_word(union):
    rows = [Row(title=f"Sách {number}") for number in range(10)]
    give(union, *rows)

    with pytest.raises(WouldWithdraw, match="2 of the 10 rows"):
        give(union, *rows[2:], accepts=False)
    kept = len(stored(union))
    give(union, *rows[1:], accepts=False)

    assert (kept, len(stored(union))) == (10, 9)


def test_a_dry_run_says_what_would_change_and_stores_nothing(union):
    told = give(union, Row(isbn=ISBN), dry_run=True)

    assert (told.added, stored(union), listing.lists(union)) == (1, [], [])


def test_a_removed_list_takes_its_holdings_along(union):
    give(union, Row(isbn=ISBN))
    settle(union)
    gone = remove(union, "SMALL", "main")
    settle(union)

    assert (gone, listing.lists(union), held(union)) == (1, [], ["852 __ $aL1"])
    with pytest.raises(NoSuchHoldingList):
        remove(union, "SMALL", "main")


def test_lists_tell_what_came_of_their_rows(union):
    give(union, Row(isbn=ISBN), Row(title="Không có"), author="lan")
    settle(union)
    give(union, Row(isbn=OTHER), list="branch")

    branch, main = listing.lists(union, "SMALL")
    assert (branch.rows, branch.waiting, branch.whole) == (1, 1, True)
    assert (main.rows, main.matched, main.work, main.waiting, main.author) == (2, 1, 1, 0, "lan")


def test_rows_are_tried_again_on_demand(union):
    give(union, Row(isbn=ISBN), Row(title="Không có"))
    settle(union)

    assert retry(union, "SMALL") == 1
    assert retry(union, "SMALL", all_rows=True) == 1
    assert matching.waiting(union) == 2


def test_a_name_that_is_none_and_a_list_without_end_are_refused(union):
    with pytest.raises(BadListName):
        give(union, list="../x")
    with patch("catalogue.holdings.put.MOST", 2), pytest.raises(TooManyRows):
        give(union, *(Row(title=f"Sách {number}") for number in range(3)))


def test_a_list_that_somebody_else_gives_meanwhile_is_theirs(union):
    steps = put_module.steps

    def meanwhile(different):
        with patch.object(put_module, "steps", steps):
            give(union, Row(isbn=OTHER))
        return steps(different)

    with patch.object(put_module, "steps", meanwhile), pytest.raises(ListTakenOver):
        give(union, Row(isbn=ISBN))

    assert [row.row.isbn for row in stored(union)] == [OTHER]


def test_a_match_that_something_was_placed_beside_is_done_again(union):
    give(union, Row(title="Tắt đèn", author="Ngô Tất Tố", year="1939"))
    give_books(union, c=Book(title="Tắt đèn", author="Ngô Tất Tố", year="1939"))
    judged = matching.judged

    def placed_meanwhile(*arguments):
        found = judged(*arguments)
        place(union, HUB)
        return found

    with patch.object(matching, "judged", placed_meanwhile):
        lost = matching.match_some(union, HUB)
    settle(union)

    assert not lost.committed
    assert found(union) == [Found.MATCHED]


def test_a_row_that_took_the_place_of_another_is_not_matched_as_that(union, monkeypatch):
    give(union, Row(isbn=ISBN))
    judge = matching.judged

    def replaced(connection, seen):
        found = judge(connection, seen)
        monkeypatch.setattr(matching, "judged", judge)
        remove(union, "SMALL", "main")
        give(union, Row(isbn="9786040000019"))
        return found

    monkeypatch.setattr(matching, "judged", replaced)
    matching.match_some(union, HUB)

    assert [row.found for row in stored(union)] == [Found.WAITING]


def test_a_delivery_ends_where_its_list_was_taken_away_and_given_anew(union, monkeypatch):
    steps = put_module.steps

    def replaced(different):
        monkeypatch.setattr(put_module, "steps", steps)
        remove(union, "SMALL", "main")
        give(union, Row(isbn=OTHER))
        return steps(different)

    monkeypatch.setattr(put_module, "steps", replaced)
    with pytest.raises(ListTakenOver):
        give(union, Row(isbn=ISBN))

    assert [row.row.isbn for row in stored(union)] == [OTHER]


def test_a_delivery_refused_after_another_ended_leaves_that_ones_list_whole(union, monkeypatch):
    many = [Row(isbn=ISBN, location=str(place)) for place in range(20)]
    give(union, *many[:1])
    differing = put_module.differing

    def overtaken(*told):
        monkeypatch.setattr(put_module, "differing", differing)
        found = differing(*told)
        give(union, *many)
        return found

    monkeypatch.setattr(put_module, "differing", overtaken)
    with pytest.raises(WouldWithdraw):
        give(union, *many[:1], accepts=False)

    [listed] = listing.lists(union)
    assert (listed.rows, listed.whole) == (20, True)


@pytest.mark.parametrize("how", ["alias", "library"])
def test_a_code_that_comes_to_be_known_has_rows_matched_that_name_it(union, how):
    give(union, Row(identifier="(OLD)a"), Row(isbn=OTHER))
    settle(union)
    before = found(union)
    if how == "alias":
        libraries.change(union, "L1", aliases=("OLD",))
        expected = Found.MATCHED
    else:
        libraries.add(union, Library(code="OLD"))
        expected = Found.NONE

    assert matching.waiting(union) == 1
    settle(union)

    assert before == [Found.NONE, Found.MATCHED]
    assert found(union) == [expected, Found.MATCHED]
    if how == "alias":
        libraries.change(union, "L1", aliases=())
        settle(union)
        assert found(union) == [Found.NONE, Found.MATCHED]


def test_rows_of_one_number_may_come_in_any_order(union):
    one, two = Row(isbn=ISBN, location="A"), Row(isbn=ISBN, location="B")
    give(union, one, two)

    told = give(union, two, one)

    assert (told.added, told.changed, told.withdrawn, told.unchanged) == (0, 0, 0, 2)


def test_another_policy_has_all_rows_matched_again(union):
    give(union, Row(isbn=ISBN))
    settle(union)

    use(union, "another")

    assert matching.waiting(union) == 1


def test_a_step_asks_as_often_for_many_rows_as_for_one(union):
    asked: list[str] = []
    for engine in {union.write, union.primary}:
        event.listen(engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    counts = []
    for size in (1, 150):
        rows = [Row(isbn=ISBN, local_number=f"{size}-{number}") for number in range(size)]
        give(union, *rows, list=f"l{size}")
        asked.clear()
        done = matching.match_some(union, HUB)
        counts.append(len(asked))
        settle(union)

    assert done.rows == 150
    assert counts[0] == counts[1]
