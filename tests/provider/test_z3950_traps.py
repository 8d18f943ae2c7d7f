"""The traps that real clients and servers have set each other, one after the other."""

from __future__ import annotations

import socket
import time
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import pymarc
import pytest

from catalogue import libraries
from catalogue.consumers import store
from catalogue.consumers.model import Consumer
from catalogue.database import Database
from catalogue.model import Sharing
from catalogue.search import waiting
from crosswalks.formats import iso2709
from crosswalks.text import nfc
from protocols.rpn.tree import Attribute, Query, Term
from protocols.z3950 import charsets, decode, encode, externals, oids
from protocols.z3950.diagnosing import Diagnosed, of_record, of_response, read
from protocols.z3950.queries import to_rpn
from protocols.z3950.values import queries, records, searches, sessions
from protocols.z3950.values.common import (
    Bits,
    CloseCause,
    DeleteStatus,
    ExtendedStatus,
    OctetAligned,
    Option,
    PresentStatus,
    ResultSetStatus,
    ScanStatus,
    SingleAsn1Type,
    SortStatus,
)
from support.filled import add_library, book, deliver, settle
from support.z3950_server import connected, dialled, init, present, search, served

TITLES = ("Số đỏ", "Truyện Kiều", "Đất rừng phương Nam")


def fill(database):
    add_library(database, "NLV", "Thư viện Quốc gia")
    add_library(database, "HCM", "Thư viện Thành phố")
    common = book(TITLES[0], author="Vũ Trọng Phụng", isbn="9786042093026", call_number="895.9")
    deliver(database, "NLV", {"a": common, "b": book(TITLES[1], author="Nguyễn Du")})
    deliver(database, "HCM", {"c": common, "d": book(TITLES[2], author="Đoàn Giỏi")})
    settle(database)


@contextmanager
def filled(engine):
    with engine.fresh() as url:
        database = Database.open(url)
        fill(database)
        yield database
        database.close()


@pytest.fixture
def hub(sqlite_engine):
    """Give a catalogue that a test may change."""
    with filled(sqlite_engine) as database:
        yield database


@pytest.fixture(scope="module")
def port(sqlite_engine):
    """Give the port of a server that all tests share."""
    with filled(sqlite_engine) as database, served(database) as (port, _):
        yield port


@pytest.fixture
def changing(hub):
    """Give a client of a catalogue that a test may change."""
    with served(hub) as (port, _), connected(port) as client:
        yield client


@pytest.fixture
def client(port):
    with connected(port) as client:
        yield client


def titles(response):
    return [
        iso2709.read(externals.payload(each.record)).values("245", "a")[0]
        for each in response.records.value
    ]


def conditions(response):
    return [each.condition for each in of_response(response.records)]


def everything(client, **more):
    response = client.ask(search(**more))
    assert response.search_status
    return response.result_count


def elements(name):
    return records.SimpleComposition(records.GenericElementSetName(name))


def test_1_options_and_versions_are_what_both_sides_can(port):
    asked = init(options=Bits.of(*range(20)), protocol_version=Bits.of(0, 1, 2, 3))
    with dialled(port) as client:
        told = client.ask(asked)

        assert set(told.options) == {0, 1, 2, 7, 8, 14, 19}
        assert set(told.protocol_version) == {0, 1, 2}
        less = client.ask(init(options=Bits.of(Option.SEARCH, Option.CONCURRENT_OPERATIONS)))
        assert set(less.options) == {Option.SEARCH}


def test_1_a_client_without_a_version_of_ours_is_let_go(port):
    with dialled(port) as client:
        assert client.ask(init(protocol_version=Bits.of(5))).result is False
        assert client.receive() is None


def test_2_diagnostics_of_version_2_are_visible_ascii(port):
    with connected(port, protocol_version=Bits.of(0, 1)) as client:
        response = client.ask(present(result_set_id="Tập một"))

    assert response.records == records.DefaultDiagFormat(
        diagnostic_set_id=oids.BIB1_DIAGNOSTICS, condition=30, addinfo=records.V2Addinfo("Tap mot")
    )


def test_2_diagnostics_of_version_3_keep_their_letters(client):
    assert client.ask(present(result_set_id="Tập một")).records.addinfo == records.V3Addinfo(
        "Tập một"
    )


@pytest.mark.parametrize(
    ("preferred", "exceptional", "agreed"),
    [(0, 0, (1 << 20, 8 << 20)), (1 << 26, 1 << 26, (1 << 20, 8 << 20)), (5000, 1, (5000, 5000))],
)
def test_3_message_sizes_are_the_lesser_ones_and_0_is_no_bound(
    port, preferred, exceptional, agreed
):
    with dialled(port) as client:
        told = client.ask(
            init(preferred_message_size=preferred, exceptional_record_size=exceptional)
        )

        assert (told.preferred_message_size, told.exceptional_record_size) == agreed


def test_4_what_has_no_room_comes_when_the_client_goes_on(port):
    with connected(port, preferred_message_size=900) as client:
        total = everything(client)
        first = client.ask(present(1, total))
        rest = client.ask(
            present(first.next_result_set_position, total - first.number_of_records_returned)
        )

    assert first.present_status == PresentStatus.PARTIAL_2
    assert (first.number_of_records_returned, first.next_result_set_position) == (2, 3)
    assert rest.present_status == PresentStatus.SUCCESS
    assert sorted(titles(first) + titles(rest)) == sorted(TITLES)


def test_5_a_record_that_is_too_large_has_a_diagnostic_in_its_place(port):
    with connected(port, preferred_message_size=200, exceptional_record_size=9000) as client:
        everything(client)
        several = client.ask(present(1, 2))
        alone = client.ask(present(1, 1))
    with connected(port, preferred_message_size=200, exceptional_record_size=200) as client:
        everything(client)
        never = client.ask(present(1, 1))

    assert of_record(several.records.value[0]).condition == 16
    assert len(titles(alone)) == 1
    assert of_record(never.records.value[0]).condition == 17


@pytest.mark.parametrize(("start", "count"), [(4, 1), (1, 4), (0, 1), (-1, 2), (1, -1), (1, 2**62)])
def test_6_a_request_beyond_the_end_fails_as_a_whole(client, start, count):
    everything(client)
    response = client.ask(present(start, count))

    assert conditions(response) == [13]
    assert (response.present_status, response.number_of_records_returned) == (
        PresentStatus.FAILURE,
        0,
    )


def test_7_diagnostics_have_three_shapes(hub, changing):
    bare = changing.ask(search("@attr 1=9999 x"))
    everything(changing)
    place = [titles(changing.ask(present(at)))[0] for at in (1, 2, 3)].index(TITLES[2]) + 1
    deliver(hub, "HCM", {"d": None})
    settle(hub)
    surrogate = changing.ask(present(place))

    assert isinstance(bare.records, records.DefaultDiagFormat)
    assert of_response(bare.records) == (Diagnosed(condition=114, addinfo="9999"),)
    assert bare.result_set_status == ResultSetStatus.NONE
    assert of_record(surrogate.records.value[0]) == Diagnosed(condition=1028)


def test_7_a_record_that_is_gone_never_becomes_another_one(hub, changing):
    everything(changing)
    before = [titles(changing.ask(present(at)))[0] for at in (1, 2, 3)]
    deliver(hub, "NLV", {"b": None, "e": book("Tắt đèn", author="Ngô Tất Tố")})
    settle(hub)
    after = [changing.ask(present(at)) for at in (1, 2, 3)]

    shown = [None if of_record(each.records.value[0]) else titles(each)[0] for each in after]
    assert shown == [None if title == TITLES[1] else title for title in before]


@pytest.mark.parametrize("name", ["grs-1", "summary", "html", "danmarc"])
def test_8_a_syntax_that_is_not_given_is_refused_and_never_replaced(client, name):
    everything(client)
    syntax = oids.oid_of(oids.Kind.SYNTAX, name)

    assert conditions(client.ask(present(preferred_record_syntax=syntax))) == [239]


@pytest.mark.parametrize("name", ["usmarc", "unimarc", "xml", "sutrs", "opac"])
def test_8_a_record_says_its_syntax(client, name):
    everything(client)
    syntax = oids.oid_of(oids.Kind.SYNTAX, name)
    response = client.ask(present(preferred_record_syntax=syntax))

    assert response.records.value[0].record.direct_reference == syntax
    assert response.records.value[0].name == "union"


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("usmarc", OctetAligned),
        ("unimarc", OctetAligned),
        ("xml", OctetAligned),
        ("sutrs", SingleAsn1Type),
        ("opac", SingleAsn1Type),
    ],
)
def test_9_each_syntax_has_the_encoding_that_clients_look_for(client, name, encoding):
    everything(client)
    syntax = oids.oid_of(oids.Kind.SYNTAX, name)
    response = client.ask(present(preferred_record_syntax=syntax))

    assert isinstance(response.records.value[0].record.encoding, encoding)


@pytest.mark.parametrize("name", ["F", "f", "", "full", "B", "brief", "marcxml", "dc", "mods"])
def test_10_names_of_element_sets_are_taken_liberally(client, name):
    everything(client)

    assert client.ask(present(record_composition=elements(name))).number_of_records_returned == 1


def test_10_nonsense_is_no_element_set(client):
    everything(client)

    assert conditions(client.ask(present(record_composition=elements("xyzzy")))) == [25]


def test_10_a_brief_record_is_a_part_of_the_full_one(client):
    client.ask(search("@attr 1=7 9786042093026"))
    full, brief = (
        iso2709.read(
            externals.payload(
                client.ask(present(record_composition=elements(name))).records.value[0].record
            )
        )
        for name in "FB"
    )

    assert set(brief.fields) < set(full.fields)
    assert list(brief.data("245")) == list(full.data("245"))


def test_10_a_schema_makes_xml_of_that_schema(client):
    everything(client)
    asked = {"preferred_record_syntax": oids.XML}
    roots = {
        name: externals.payload(
            client.ask(present(record_composition=elements(name), **asked)).records.value[0].record
        ).partition(b" ")[0]
        for name in ("F", "marcxml", "dc", "mods")
    }

    assert roots == {
        "F": b"<record",
        "marcxml": b"<record",
        "dc": b"<oai_dc:dc",
        "mods": b"<mods",
    }


def test_10_a_composition_can_name_the_schema_too(client):
    everything(client)
    specification = records.Specification(
        schema=records.SchemaUri("http://www.loc.gov/mods/v3"),
        element_spec=records.ElementSetName("F"),
    )
    composition = records.CompSpec(
        select_alternative_syntax=False, generic=specification, record_syntax=(oids.XML,)
    )
    response = client.ask(present(record_composition=composition))

    assert externals.payload(response.records.value[0].record).startswith(b"<mods")


@pytest.mark.parametrize(
    ("bounds", "returned"),
    [
        ((0, 1, 0), 0),
        ((1, 20, 2), 2),
        ((3, 4, 0), 3),
        ((3, 10, 2), 3),
        ((0, 3, 2), 0),
        ((1, 2_000_000_000, 20), 3),
    ],
)
def test_11_records_come_with_the_search_as_its_bounds_say(client, bounds, returned):
    small, large, medium = bounds
    response = client.ask(
        search(
            small_set_upper_bound=small,
            large_set_lower_bound=large,
            medium_set_present_number=medium,
        )
    )

    assert (response.result_count, response.number_of_records_returned) == (3, returned)
    assert response.next_result_set_position == (0 if returned == 3 else returned + 1)


def test_11_a_search_stands_though_its_records_cannot_come(client):
    response = client.ask(
        search(small_set_upper_bound=9, large_set_lower_bound=10, preferred_record_syntax=oids.GRS1)
    )

    assert (response.search_status, response.result_count) == (True, 3)
    assert response.present_status == PresentStatus.FAILURE
    assert conditions(response) == [239]
    assert len(titles(client.ask(present()))) == 1


def test_12_records_fetched_one_by_one_are_those_fetched_at_once(client):
    everything(client)
    one_by_one = [titles(client.ask(present(at)))[0] for at in (1, 2, 3)]

    assert one_by_one == titles(client.ask(present(1, 3)))


def test_12_a_client_that_hangs_up_leaves_nothing(hub):
    with served(hub) as (port, room):
        for _ in range(5):
            with connected(port) as client:
                everything(client)
                client.ask(present())
        with connected(port) as client:
            everything(client)
            deadline = time.monotonic() + 20
            while room.pool.taken > 20 and time.monotonic() < deadline:
                time.sleep(0.05)

            assert room.pool.taken == 3 + 10


def test_13_requests_sent_at_once_are_answered_in_order(client):
    client.send(
        search(reference_id=b"1"),
        present(1, 1, reference_id=b"2"),
        present(3, 9, reference_id=b"3"),
        search("kiều", reference_id=b"4", result_set_name="x"),
    )

    assert [client.receive().reference_id for _ in range(4)] == [b"1", b"2", b"3", b"4"]


def test_14_a_result_that_may_not_be_replaced_stays(client):
    everything(client)
    refused = client.ask(search("kiều", replace_indicator=False))

    assert conditions(refused) == [21]
    assert client.ask(present(3)).number_of_records_returned == 1


def test_14_a_result_is_not_in_its_own_way(hub, changing):
    changing.ask(search("đỏ", result_set_name="1"))
    asked = {"result_set_name": "2", "replace_indicator": False}
    response = changing.ask(
        search("đỏ", small_set_upper_bound=9, large_set_lower_bound=10, **asked)
    )

    assert titles(response) == [TITLES[0]]


def test_14_results_have_names(client):
    client.ask(search("kiều", result_set_name="Kiều"))
    client.ask(search("đỏ", result_set_name="2"))

    assert titles(client.ask(present(result_set_id="Kiều"))) == [TITLES[1]]
    assert titles(client.ask(present(result_set_id="2"))) == [TITLES[0]]
    assert conditions(client.ask(present(result_set_id="3"))) == [30]


def test_14_results_longest_unused_are_dropped_and_that_is_told(hub):
    with served(hub, sets=2) as (port, _), connected(port) as client:
        for name in "abc":
            client.ask(search(result_set_name=name))

        assert conditions(client.ask(present(result_set_id="a"))) == [27]
        assert client.ask(present(result_set_id="c")).number_of_records_returned == 1


def test_14_what_all_sessions_keep_is_bounded(hub):
    with served(hub, pool=30) as (port, _), connected(port) as one, connected(port) as other:
        assert one.ask(search()).search_status
        assert one.ask(search(result_set_name="x")).search_status
        refused = other.ask(search())

    assert conditions(refused) == [31]


def test_14_a_result_joined_with_itself_again_and_again_does_not_grow_for_ever(client):
    client.ask(search("@or kiều đỏ", result_set_name="a"))
    refused = []
    for _ in range(20):
        refused = conditions(client.ask(search("@or @set a @set a", result_set_name="a")))
        if refused:
            break

    assert refused == [6]


def test_14_names_of_databases_are_taken_in_any_case(client):
    assert everything(client, database_names=("UNION",)) == 3
    assert everything(client, database_names=("nlv",)) == 2


def test_15_several_databases_are_searched_together(client):
    assert everything(client, database_names=("NLV", "HCM")) == 3
    assert everything(client, database_names=("HCM", "HCM")) == 2
    assert conditions(client.ask(search(database_names=("NLV", "nowhere")))) == [109]
    assert conditions(client.ask(search(database_names=("union",) * 101))) == [111]
    assert conditions(client.ask(search(database_names=()))) == [111]


def test_16_cql_is_understood(client):
    def cql(text):
        said = externals.octet_aligned(oids.CQL, text.encode())
        return client.ask(search(query=queries.Type104(said)))

    assert cql("dc.title = kiều").result_count == 1
    assert conditions(cql("dc.title = ")) == [108]


@pytest.mark.parametrize("kind", [queries.Type0, queries.Type2, queries.Type100, queries.Type102])
def test_16_other_languages_are_refused(client, kind):
    query = kind(b"\x04\x01x" if kind is queries.Type0 else b"x")

    assert conditions(client.ask(search(query=query))) == [107]


def title_query(octets):
    whole = to_rpn(Query(Term("x", (Attribute(1, 4),))))
    (operand,) = whole.rpn
    return queries.Type1(replace(whole, rpn=(replace(operand, term=queries.GeneralTerm(octets)),)))


@pytest.mark.parametrize("octets", ["phương".encode(), b"phuong"])
def test_17_terms_are_utf8_where_nothing_was_agreed_on(client, octets):
    assert client.ask(search(query=title_query(octets))).result_count == 1


def test_17_a_term_that_is_no_utf8_is_latin_1(hub, changing):
    deliver(hub, "NLV", {"f": book("Thérèse Desqueyroux", author="François Mauriac")})
    settle(hub)

    assert changing.ask(search(query=title_query("thérèse".encode("latin-1")))).result_count == 1


def test_17_a_character_set_is_agreed_on(port):
    with dialled(port) as client:
        told = client.ask(
            init(other_info=(charsets.proposal("iso-8859-1", "utf-8", records=True),))
        )

        assert Option.NEGOTIATION_MODEL in told.options
        said = charsets.negotiated(told.other_info)
        assert charsets.name_of(said.selected_char_sets) == "utf-8"
        assert said.records_in_selected_char_sets is True


def test_17_a_character_set_nobody_knows_is_not_agreed_on(port):
    with dialled(port) as client:
        told = client.ask(init(other_info=(charsets.proposal("ebcdic-vn"),)))

        assert Option.NEGOTIATION_MODEL not in told.options
        assert told.other_info is None


def test_17_terms_come_in_the_character_set_agreed_on(port):
    with connected(port, other_info=(charsets.proposal("windows-1258"),)) as client:
        found = client.ask(search(query=title_query("phương".encode("cp1258"))))
    with connected(port) as client:
        latin = client.ask(search(query=title_query("phương".encode("cp1258"))))

    assert (found.result_count, latin.result_count) == (1, 0)


def test_18_records_are_utf8_and_say_so(client):
    everything(client)
    (record,) = client.ask(present()).records.value
    octets = externals.payload(record.record)

    assert octets[9:10] == b"a"
    assert octets.decode("utf-8")


def test_18_a_database_of_its_own_gives_marc8(client):
    client.ask(search("kiều", database_names=("union_MARC8",)))
    (record,) = client.ask(present()).records.value
    octets = externals.payload(record.record)

    assert octets[9:10] == b" "
    title = pymarc.Record(data=octets, to_unicode=True)["245"]["a"]
    assert nfc(title) == "Truyện Kiều"
    with pytest.raises(UnicodeDecodeError):
        octets.decode("utf-8")


def test_18_marc8_can_be_agreed_on(port):
    proposed = (charsets.proposal("marc-8", records=True),)
    with connected(port, other_info=proposed) as client:
        everything(client)
        (record,) = client.ask(present()).records.value

    assert externals.payload(record.record)[9:10] == b" "


def test_19_lengths_in_leaders_are_true(client):
    everything(client)
    for each in client.ask(present(1, 3)).records.value:
        octets = externals.payload(each.record)

        assert int(octets[:5]) == len(octets)
        assert octets[20:24] == b"4500"


def test_20_segments_are_not_offered_and_one_of_a_client_ends_the_session(client):
    told = client.ask(init())

    assert not {Option.LEVEL_1_SEGMENTATION, Option.LEVEL_2_SEGMENTATION} & set(told.options)
    segment = searches.Segment(number_of_records_returned=0, segment_records=())
    assert client.ask(segment).close_reason == CloseCause.PROTOCOL_ERROR
    assert client.receive() is None


@pytest.mark.parametrize(
    "octets", [b"\xb4\x03\x02\x01\x05", b"\xb6\x02\x05\x00", b"\xbf\x7f\x00", b"\xa0" * 40]
)
def test_21_a_message_that_cannot_be_read_is_answered_with_close(client, octets):
    client.socket.sendall(octets)

    assert client.receive().close_reason == CloseCause.PROTOCOL_ERROR
    assert client.receive() is None


def test_21_a_request_before_the_first_message_ends_the_session(port):
    with dialled(port) as client:
        assert client.ask(search()).close_reason == CloseCause.PROTOCOL_ERROR
        assert client.receive() is None


def test_21_extended_services_are_refused_and_the_session_goes_on(client):
    update = oids.oid_of(oids.Kind.SERVICE, "update")
    told = client.ask(
        sessions.ExtendedServicesRequest(function=1, package_type=update, wait_action=1)
    )

    assert told.operation_status == ExtendedStatus.FAILURE
    assert [read(each).condition for each in told.diagnostics] == [221]
    assert everything(client) == 3


def test_21_what_a_request_costs_is_not_told_and_the_session_goes_on(client):
    client.send(
        sessions.TriggerResourceControlRequest(requested_action=3),
        sessions.ResourceReportRequest(reference_id=b"r"),
    )

    assert client.receive().reference_id == b"r"
    assert everything(client) == 3


def test_21_close_is_answered(client):
    assert client.ask(sessions.Close(close_reason=0, reference_id=b"z")) == sessions.Close(
        close_reason=0, reference_id=b"z"
    )
    assert client.receive() is None


def test_22_a_part_of_a_message_is_not_waited_for_for_ever(hub):
    with served(hub, message=0.3) as (port, _), connected(port) as client:
        client.socket.sendall(encode(search())[:20])
        told = client.receive()

    assert told.close_reason == CloseCause.LACK_OF_ACTIVITY


def dribble(client, octets):
    """Send a message very slowly; tell how much of it the other side was there for."""
    for at, octet in enumerate(octets):
        try:
            client.socket.sendall(bytes((octet,)))
        except OSError:
            return at
        time.sleep(0.1)
    return len(octets)


def test_22_a_message_that_dribbles_is_not_waited_for_for_ever(hub):
    with served(hub, message=0.5) as (port, _), connected(port) as client:
        assert dribble(client, encode(search())) < 20


def test_22_an_idle_client_is_let_go(hub):
    with served(hub, idle=0.3) as (port, _), connected(port) as client:
        told = client.receive()

    assert told.close_reason == CloseCause.LACK_OF_ACTIVITY


def test_22_a_client_that_never_says_who_it_is_is_let_go(hub):
    with served(hub, message=0.3) as (port, _), dialled(port) as client:
        assert client.receive().close_reason == CloseCause.LACK_OF_ACTIVITY


def test_22_the_system_looks_whether_a_silent_client_is_there(port):
    with connected(port) as client:
        ours, theirs = (f":{number:04X}" for number in (port, client.socket.getsockname()[1]))
        lines = [each.split() for each in Path("/proc/net/tcp").read_text().splitlines()]
        (timer,) = (
            each[5] for each in lines if each[1].endswith(ours) and each[2].endswith(theirs)
        )

    # 02: the timer of SO_KEEPALIVE (proc_net_tcp of the kernel's documentation).
    assert timer.startswith("02:")


def test_23_a_browser_is_told_that_this_is_no_web_server(port):
    with socket.create_connection(("127.0.0.1", port), timeout=20) as browser:
        browser.sendall(b"GET / HTTP/1.0\r\nHost: localhost\r\n\r\n")
        told = b"".join(iter(lambda: browser.recv(4096), b""))

    assert told.startswith(b"HTTP/1.1 404 ")


def test_24_commands_after_a_dropped_connection_begin_anew(port):
    with connected(port) as client:
        everything(client)
        client.ask(sessions.Close(close_reason=0))
    with connected(port) as client:
        deleted = client.ask(
            searches.DeleteResultSetRequest(delete_function=0, result_set_list=("default",))
        )

    assert deleted.delete_operation_status == DeleteStatus.DID_NOT_EXIST


def test_24_results_are_deleted(client):
    for name in "abc":
        client.ask(search(result_set_name=name))
    some = client.ask(
        searches.DeleteResultSetRequest(delete_function=0, result_set_list=("a", "x"))
    )
    rest = client.ask(searches.DeleteResultSetRequest(delete_function=1))

    assert some.delete_operation_status == DeleteStatus.NOT_ALL_REQUESTED_DELETED
    assert [each.status for each in some.delete_list_statuses] == [0, 1]
    assert rest.delete_operation_status == DeleteStatus.SUCCESS
    assert conditions(client.ask(present(result_set_id="b"))) == [30]


def scan(term, count=10, *, use=1003, **more):
    operand = to_rpn(Query(Term(term, (Attribute(1, use),)))).rpn[0]
    return searches.ScanRequest(
        **{"database_names": ("union",), **more},
        term_list_and_start_point=operand,
        number_of_terms_requested=count,
    )


def listed(response):
    return [
        (each.term.value.decode(), each.global_occurrences) for each in response.entries.entries
    ]


def test_25_an_index_is_listed_about_a_term(client):
    response = client.ask(scan("nguyen", 2, preferred_position_in_response=2))

    assert listed(response) == [("Đoàn Giỏi", 1), ("Nguyễn Du", 1)]
    assert (response.scan_status, response.position_of_term) == (ScanStatus.SUCCESS, 2)


def test_25_a_list_that_ends_says_so(client):
    response = client.ask(scan("vu"))

    assert listed(response) == [("Vũ Trọng Phụng", 1)]
    assert response.scan_status == ScanStatus.PARTIAL_5


def test_25_the_position_may_be_beside_the_list(client):
    before = client.ask(scan("nguyen", 1, preferred_position_in_response=2))
    after = client.ask(scan("nguyễn du", 1, preferred_position_in_response=0))
    between = client.ask(scan("nguyen", 1, preferred_position_in_response=0))

    assert (listed(before), before.position_of_term) == ([("Đoàn Giỏi", 1)], 2)
    assert (listed(after), after.position_of_term) == ([("Vũ Trọng Phụng", 1)], 0)
    assert listed(between) == [("Nguyễn Du", 1)]


@pytest.mark.parametrize(
    ("asked", "condition"),
    [
        ({"step_size": 2}, 205),
        ({"preferred_position_in_response": 12}, 233),
        ({"use": 31}, 114),
        ({"use": 9999}, 114),
        ({"database_names": ("nowhere",)}, 109),
    ],
)
def test_25_a_list_that_cannot_be_is_refused(client, asked, condition):
    response = client.ask(scan("a", **asked))

    assert response.scan_status == ScanStatus.FAILURE
    assert [read(each).condition for each in response.entries.nonsurrogate_diagnostics] == [
        condition
    ]


@pytest.mark.parametrize(("use", "terms"), [(4, 3), (7, 1), (1, 3), (1016, 8), (5, 0)])
def test_25_many_indexes_can_be_listed(client, use, terms):
    response = client.ask(scan("", 100, use=use))

    assert terms == len(response.entries.entries)


def test_25_a_library_s_list_is_its_own(client):
    response = client.ask(scan("", database_names=("HCM",)))

    assert listed(response) == [("Đoàn Giỏi", 1), ("Vũ Trọng Phụng", 1)]


def sort(*keys, **more):
    return searches.SortRequest(
        **{"input_result_set_names": ("default",), "sorted_result_set_name": "default", **more},
        sort_sequence=keys,
    )


def by(use, relation=0):
    element = queries.AttributeElement(
        attribute_type=1, attribute_value=queries.NumericAttribute(use)
    )
    key = searches.SortAttributes(id="1.2.840.10003.3.1", list=(element,))
    return searches.SortKeySpec(
        sort_element=searches.GenericSort(key), sort_relation=relation, case_sensitivity=1
    )


@pytest.mark.parametrize("relation", [0, 1])
def test_25_a_result_is_sorted_by_attributes(client, relation):
    everything(client)
    told = client.ask(sort(by(4, relation)))
    order = [TITLES[2], TITLES[0], TITLES[1]]

    assert (told.sort_status, told.result_count) == (SortStatus.SUCCESS, 3)
    assert titles(client.ask(present(1, 3))) == (order[::-1] if relation else order)


def test_25_a_result_can_be_sorted_into_another_one(client):
    everything(client)
    before = titles(client.ask(present(1, 3)))
    client.ask(sort(by(1003), sorted_result_set_name="sorted"))

    assert titles(client.ask(present(1, 3, result_set_id="sorted")))[0] == TITLES[2]
    assert titles(client.ask(present(1, 3))) == before


@pytest.mark.parametrize(
    ("asked", "condition"),
    [
        (sort(by(9999)), 207),
        (sort(by(4, 3)), 214),
        (sort(by(4), by(4)), 212),
        (sort(by(4), input_result_set_names=("nothing",)), 30),
        (sort(by(4), input_result_set_names=()), 208),
        (sort(), 211),
    ],
)
def test_25_an_order_that_cannot_be_is_refused(client, asked, condition):
    everything(client)
    told = client.ask(asked)

    assert told.sort_status == SortStatus.FAILURE
    assert [read(each).condition for each in told.diagnostics] == [condition]


def test_26_further_ranges_are_left_out_of_account(client):
    everything(client)
    more = (records.Range(starting_position=3, number_of_records=1),)

    assert client.ask(present(1, 1, additional_ranges=more)).number_of_records_returned == 1


def test_every_answer_bears_the_number_of_its_request(client):
    asked = (
        init(reference_id=b"n"),
        search(reference_id=b"n"),
        present(reference_id=b"n"),
        scan("a", reference_id=b"n"),
        sort(by(4), reference_id=b"n"),
        searches.DeleteResultSetRequest(reference_id=b"n", delete_function=1),
        search("@attr 1=9999 x", reference_id=b"n"),
        present(reference_id=b"n"),
    )

    assert [client.ask(each).reference_id for each in asked] == [b"n"] * len(asked)


def test_who_comes_with_a_name_and_a_password_is_welcome(port):
    who = sessions.IdPass(user_id="thu-vien", password="bi-mat")
    for each in (who, sessions.OpenAuthentication("thu-vien/bi-mat"), sessions.Anonymous()):
        with connected(port, id_authentication=each) as client:
            assert everything(client) == 3


def test_who_signs_in_with_a_key_sees_what_it_opens(sqlite_engine):
    with filled(sqlite_engine) as own:
        libraries.change(own, "HCM", sharing=Sharing.MEMBERS)
        key = store.add(own, Consumer(name="m", view=Sharing.MEMBERS))
        settle(own)
        waiting.settle(own)
        with served(own) as (port, _):
            with connected(port) as client:
                without = everything(client)
            for who in (
                sessions.IdPass(user_id="x", password=key),
                sessions.OpenAuthentication(f"x/{key}"),
            ):
                with connected(port, id_authentication=who) as client:
                    assert everything(client) > without
                    client.ask(present())
            with connected(port) as client:
                assert everything(client) == without
            with dialled(port) as client:
                wrong = sessions.IdPass(user_id="x", password="lt_nobody")
                assert client.ask(init(id_authentication=wrong)).result is False


def test_no_more_clients_than_may_come_from_one_address(hub):
    with (
        served(hub, sessions_per_address=2) as (port, _),
        connected(port),
        connected(port),
        dialled(port) as refused,
    ):
        assert refused.receive().close_reason == CloseCause.RESOURCES


def test_a_server_that_stops_says_so(hub):
    with ExitStack() as clients:
        with served(hub) as (port, _):
            client = clients.enter_context(connected(port))

        assert client.receive().close_reason == CloseCause.SHUTDOWN


def test_a_message_is_the_same_after_it_was_sent():
    assert decode(encode(search())) == search()
