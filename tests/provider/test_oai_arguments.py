from __future__ import annotations

import pytest

from support.memory_items import make_view
from support.oai_answers import ask, code, make_repository, text

REPOSITORY = make_repository(make_view(3))
LIST = "verb=ListRecords&metadataPrefix=oai_dc"


@pytest.mark.parametrize(
    "query",
    [
        "",
        "metadataPrefix=oai_dc",
        "verb=",
        "verb=identify",
        "verb=Identify&verb=Identify",
        "verb=%FF",
    ],
)
def test_a_request_needs_exactly_one_known_verb(query: str) -> None:
    answer = ask(REPOSITORY, query)

    assert code(answer) == "badVerb"
    assert answer[1].attrib == {}


@pytest.mark.parametrize(
    "query",
    [
        "verb=Identify&metadataPrefix=oai_dc",
        "verb=ListRecords",
        "verb=GetRecord&metadataPrefix=oai_dc",
        "verb=GetRecord&identifier=oai:lienthong.localhost:b1",
        "verb=ListSets&set=library",
        f"{LIST}&metadataPrefix=oai_dc",
        f"{LIST}&unknown=1",
        f"{LIST}&resumptionToken=x",
        f"{LIST}&resumptionToken=",
        "verb=ListRecords&resumptionToken=x&until=2020-01-01",
        "verb=ListRecords&resumptionToken=x&resumptionToken=y",
        f"{LIST}&set=",
        f"{LIST}&set=a::b",
        f"{LIST}&set=th%C6%B0",
        "verb=ListRecords&metadataPrefix=",
        "verb=ListRecords&metadataPrefix=oai/dc",
        f"{LIST}&set=%FF",
        f"{LIST}&%FF=1",
        f"{LIST}&%01%3Cb%3E=1",
    ],
)
def test_arguments_that_do_not_fit_the_verb_are_bad(query: str) -> None:
    answer = ask(REPOSITORY, query)

    assert code(answer) == "badArgument"
    assert answer[1].attrib == {}


@pytest.mark.parametrize(
    "dates",
    [
        "from=junk",
        "until=junk",
        "from=",
        "from=2023",
        "from=2023-02-30",
        "until=2023-01-01T00:00Z",
        "from=2023-01-01T00:00:00",
        "from=2023-01-01T00:00:00.5Z",
        "from=2023-01-01T25:00:00Z",
        "from=%EF%BC%92023-01-01",
        "from=2023-01-01%0A",
        "from=2023-01-01&until=2023-01-02T00:00:00Z",
        "from=2023-01-02&until=2023-01-01",
        "from=2023-01-01T00:00:01Z&until=2023-01-01T00:00:00Z",
    ],
)
def test_dates_that_are_none_differ_in_kind_or_run_backwards_are_bad(dates: str) -> None:
    assert code(ask(REPOSITORY, f"{LIST}&{dates}")) == "badArgument"


@pytest.mark.parametrize(
    "dates",
    ["from=2023-11-14", "from=0001-01-01&until=9999-12-31", "until=2023-11-14T22:13:20Z"],
)
def test_dates_of_either_granularity_are_good(dates: str) -> None:
    assert code(ask(REPOSITORY, f"{LIST}&{dates}")) == ""


def test_a_format_nobody_has_cannot_be_disseminated() -> None:
    answer = ask(REPOSITORY, "verb=ListRecords&metadataPrefix=lom")

    assert code(answer) == "cannotDisseminateFormat"
    assert text(answer, "o:request/@metadataPrefix") == "lom"


def test_an_error_says_which_argument_is_wrong_and_why() -> None:
    answer = ask(REPOSITORY, f"{LIST}&from=tomorrow")

    assert text(answer, "o:error") == (
        "The argument from is wrong: 'tomorrow' is not a date of the form"
        " YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ"
    )
