"""Servers that do not do what their Identify says, and what they are asked instead."""

from __future__ import annotations

import pytest
from lxml import etree

from harvester.errors import BadArgument, EndlessList, FarTooLong, ProtocolRefused
from harvester.oai.ending import Ending
from harvester.oai.xml import Envelope
from protocols.oai import MARC21, OAI_DC
from support.harvesting import harvest, identifiers
from support.loopback import Reply, replying
from support.oai_source import Item, Repository, dublin_core, failure

SECONDS, DAYS = "YYYY-MM-DDThh:mm:ssZ", "YYYY-MM-DD"
BEFORE = {"from": "2023-12-31T00:00:00Z"}


def codes(pages) -> list[str]:
    return [problem.code for page in pages for problem in page.problems]


@pytest.mark.parametrize(
    ("declared", "taken", "asked"),
    [(SECONDS, 10, "2023-12-30"), (DAYS, 20, "2023-12-30T00:00:00Z")],
)
@pytest.mark.parametrize("reply", [{"body": failure("badArgument")}, {"status": 400}])
def test_dates_are_sent_as_the_server_takes_them_whatever_it_declares(
    declared, taken, asked, reply
):
    def refusing(arguments):
        start = arguments.get("from", "")
        return Reply(**reply) if start and len(start) != taken else None

    repository = Repository(granularity=declared, refusing=refusing)
    with replying(repository) as url:
        pages = harvest(url, BEFORE)

    assert len(identifiers(pages)) == 5
    assert repository.asked()[1]["from"] == asked
    assert codes(pages) == ["wrong-granularity"]


def test_a_server_that_takes_no_dates_is_listed_whole():
    def refusing(arguments):
        return Reply(body=failure("badArgument")) if "from" in arguments else None

    repository = Repository(refusing=refusing)
    with replying(repository) as url:
        pages = harvest(url, BEFORE)

    assert len(identifiers(pages)) == 5
    assert codes(pages) == ["dates-refused"]


def test_what_is_refused_in_any_form_is_told_as_it_was_first():
    def refusing(arguments):
        return Reply(body=failure("badArgument", f"not {arguments.get('from')}"))

    repository = Repository()
    repository.refusing = lambda one: refusing(one) if one["verb"] == "ListRecords" else None
    with replying(repository) as url, pytest.raises(BadArgument, match="not 2023-12-30T"):
        harvest(url, BEFORE)


def test_a_token_is_sent_with_the_prefix_where_the_server_wants_it():
    def refusing(arguments):
        bare = "resumptionToken" in arguments and "metadataPrefix" not in arguments
        return Reply(body=failure("badArgument", "no metadataPrefix")) if bare else None

    repository = Repository(refusing=refusing)
    with replying(repository) as url:
        pages = harvest(url)

    assert len(identifiers(pages)) == 5
    assert codes(pages) == ["token-and-prefix"]
    assert len(repository.asked()) == 4


def test_an_error_that_means_nothing_is_asked_about_again():
    answers = iter([failure("InternalException"), failure("")])

    def refusing(arguments):
        second = arguments.get("resumptionToken") == "//2"
        return Reply(body=body) if second and (body := next(answers, b"")) else None

    with replying(Repository(refusing=refusing)) as url:
        pages = harvest(url)

    assert len(identifiers(pages)) == 5
    assert codes(pages) == []


def test_but_not_for_ever():
    def refusing(arguments):
        return Reply(body=failure("")) if arguments["verb"] == "Identify" else None

    repository = Repository(refusing=refusing)
    with replying(repository) as url, pytest.raises(ProtocolRefused):
        harvest(url)

    assert len(repository.asked("Identify")) == 3


def test_a_set_that_is_no_more_is_an_alarm():
    repository = Repository(sets=("a", "c"))
    with replying(repository) as url:
        pages = harvest(url, sets=("b",))

    assert codes(pages) == ["set-vanished"]
    assert "b" in pages[0].problems[0].detail
    assert pages[-1].last


@pytest.mark.parametrize("sets", [("a", "b"), ()])
def test_a_set_without_anything_new_is_none(sets):
    with replying(Repository(sets=sets)) as url:
        pages = harvest(url, sets=("b",))

    assert codes(pages) == []


def test_the_richest_format_is_chosen_and_the_choice_told():
    formats = (
        ("oai_dc", OAI_DC),
        ("qdc", "http://dspace.org/qualifieddc/"),
        ("xoai", "http://www.lyncode.com/xoai"),
        ("rdf", "http://www.openarchives.org/OAI/2.0/rdf/"),
    )
    repository = Repository(formats=formats)
    with replying(repository) as url:
        pages = harvest(url)

    assert repository.asked()[0]["metadataPrefix"] == "xoai"
    assert "richer than oai_dc, qdc" in pages[0].problems[0].detail


@pytest.mark.parametrize(
    ("prefix", "namespace"),
    [("m", MARC21), ("m", "info:lc/xmlns/marcxchange-v1"), ("marcxml", "urn:nobody")],
)
def test_formats_are_known_by_namespace_and_where_that_is_wrong_by_name(prefix, namespace):
    repository = Repository(formats=(("oai_dc", OAI_DC), (prefix, namespace)))
    with replying(repository) as url:
        harvest(url)

    assert repository.asked()[0]["metadataPrefix"] == prefix


def test_a_format_is_known_by_its_schema_where_all_else_is_nobodys():
    offered = "<schema>http://www.loc.gov/standards/marcxml/schema/MARC21slim.xsd</schema>"

    class Odd(Repository):
        def _list_formats(self):
            return super()._list_formats().replace(b"<schema>s</schema>", offered.encode())

    repository = Odd(formats=(("bib", "urn:nobody"),))
    with replying(repository) as url:
        harvest(url)

    assert repository.asked()[0]["metadataPrefix"] == "bib"


def test_a_list_of_sets_that_goes_round_in_circles_ends():
    body = (
        b'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListSets><set><setSpec>a</setSpec>'
        b"</set><resumptionToken>x</resumptionToken></ListSets></OAI-PMH>"
    )
    repository = Repository()
    repository.refusing = lambda one: Reply(body=body) if one["verb"] == "ListSets" else None
    with replying(repository) as url:
        pages = harvest(url, sets=("a",))

    assert identifiers(pages) == []


def page_of(token: str, total: int | None = None) -> Envelope:
    return Envelope(
        url="u",
        page=1,
        raw=b"",
        response_date="",
        content=etree.Element("ListRecords"),
        matched=True,
        token=token,
        total=total,
    )


def ends_at(pages) -> int | None:
    ending = Ending()
    reached = (number for number, page in enumerate(pages, 1) if ending.reached(*page))
    return next(reached, None)


def test_a_list_without_end_is_given_up_at_a_multiple_of_what_was_announced():
    with pytest.raises(FarTooLong, match="announced 100 records"):
        ends_at((page_of(f"{n}", 100), [f"{n}"] * 50_000) for n in range(25))


def test_a_list_far_longer_than_announced_is_read_on_as_long_as_it_brings_new_records():
    assert ends_at((page_of(f"{n}", 100), [f"{n}"] * 1000) for n in range(99)) is None


def test_what_comes_again_under_ever_new_tokens_has_no_end():
    with pytest.raises(EndlessList):
        ends_at((page_of(f"{n}"), ["a", "b"] * 500) for n in range(25))


def test_live_and_deleted_in_one_list_are_both_delivered():
    both = [
        Item(identifier="x", payload=dublin_core("t")),
        Item(identifier="x", deleted=True),
    ]
    with replying(Repository(items=both)) as url:
        [page] = harvest(url)

    assert [record.deleted for record in page.records] == [False, True]


def test_names_sets_and_dates_are_taken_as_they_are():
    item = Item(identifier="số 1/?", payload=dublin_core("t"), datestamp="", set="object:()")
    with replying(Repository(items=[item])) as url:
        [page] = harvest(url)

    assert (page.records[0].identifier, page.records[0].sets) == ("số 1/?", ("object:()",))
    assert codes([page]) == ["no-datestamp"]


def test_a_token_is_sent_without_the_prefix_again_where_the_server_learnt_better():
    wanting = {True}

    def refusing(arguments):
        given = "metadataPrefix" in arguments
        amiss = "resumptionToken" in arguments and given not in wanting
        return Reply(body=failure("badArgument")) if amiss else None

    repository = Repository(refusing=refusing)
    with replying(repository) as url:
        first = harvest(url)
        wanting.symmetric_difference_update({True, False})
        rest = harvest(url, first[1].next_checkpoint)

    assert identifiers(rest) == identifiers(first[2:])
    assert codes(rest) == []
