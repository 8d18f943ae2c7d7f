"""``lienthong validate``: what a person and a program are told."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from string import Formatter

import pytest

from crosswalks.model import Severity
from harvester.validate.codes import SEVERITIES
from support.judged import Provider
from support.judged.faults import FAULTS
from support.loopback import Reply, replying
from support.processes import REPOSITORY
from web.language import translator
from web.validation.words import ADVICE, MEANINGS

QUICK = ("--pages", "1")


@pytest.fixture
def faulty():
    """Serve a repository with a fault, and wait for nothing."""
    provider = Provider()
    FAULTS["cursor always 0"][1](provider)
    with replying(provider) as url:
        provider.url = url
        yield url


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch):
    monkeypatch.setattr("harvester.validate.asking.time.sleep", lambda _: None)


class Page(HTMLParser):
    """Gathers what a page would load or run."""

    def __init__(self) -> None:
        super().__init__()
        self.loads: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        outside = {"src", "href", "action", "srcset", "data"} & {name for name, _ in attrs}
        runs = [name for name, _ in attrs if name.startswith("on")]
        if tag in {"script", "link", "img", "iframe", "object"} or outside or runs:
            self.loads.append(tag)


def test_json_is_one_value_with_every_problem(lienthong, faulty, tmp_path):
    said = lienthong("validate", faulty, "--json")
    told = json.loads(said.out)
    [problem] = [each for each in told["problems"] if each["code"] == "cursor"]

    assert (said.code, told["url"], told["records"], told["complete"]) == (1, faulty, 14, True)
    assert told["requests"] > 100
    assert problem["severity"] == "error"
    assert problem["verb"] == "ListRecords"
    assert problem["request"].startswith(f"{faulty}?verb=ListRecords&resumptionToken=")
    assert problem["message"] == "cursor is 0, and 4 records were given before this page"
    assert not (tmp_path / "instance").exists()


def test_a_good_server_is_told_to_be_one(lienthong):
    provider = Provider(items=Provider().items[:5])
    with replying(provider) as url:
        provider.url = url
        said = lienthong("--lang", "vi", "validate", url)

    assert said.code == 0
    assert "Không tìm thấy lỗi: máy chủ theo đúng OAI-PMH 2.0." in said.out
    assert "đã gửi" in said.err


def test_a_person_is_told_what_is_wrong_how_to_see_it_and_what_to_do(lienthong, faulty, tmp_path):
    page = tmp_path / "report.html"
    said = lienthong("--lang", "vi", "validate", faulty, "--pages", "2", "--html", str(page))
    parser, text = Page(), page.read_text("utf-8")
    parser.feed(text)

    assert said.code == 1
    assert "LỖI  cursor" in said.out
    assert f"curl '{faulty}?verb=ListRecords&resumptionToken=" in said.out
    assert parser.loads == []
    assert "cursor là 0" in text
    assert '<html lang="vi">' in text


def test_a_server_that_is_not_there_is_a_problem_of_the_report(lienthong):
    with replying(lambda _: Reply()) as url:
        pass
    said = lienthong("validate", url, "--json")
    told = json.loads(said.out)

    assert (said.code, told["records"]) == (1, 0)
    assert told["problems"][0]["code"] == "no-answer"
    assert "cannot be reached" in told["problems"][0]["message"]


@pytest.mark.parametrize(
    "arguments",
    [(), ("thuvien.vn",), ("http://x.vn/oai?verb=Identify",), ("http://x.vn/oai", "--pages", "0")],
)
def test_wrong_use_is_told_apart(lienthong, arguments):
    assert lienthong("validate", *arguments).code == 2


def test_every_code_has_words_in_both_languages():
    vietnamese = translator("vi")

    assert MEANINGS.keys() == SEVERITIES.keys()
    for code, sentence in MEANINGS.items():
        other = vietnamese(sentence)
        assert other != sentence
        assert _names(other) == _names(sentence)
        assert ADVICE[code] or SEVERITIES[code] is Severity.INFO


def _names(sentence: str) -> set[str | None]:
    return {name for _, _, name, _ in Formatter().parse(sentence)} - {None}


@pytest.mark.parametrize("language", ["en", "vi"])
def test_every_code_is_in_the_guide_as_the_report_words_it(language):
    guide = (REPOSITORY / "docs" / language / "validate.md").read_text("utf-8")
    translate = translator(language)
    rows = [
        f"| `{code}` | {_shown(translate(MEANINGS[code]))} | {_advice(translate, code)} |"
        for code in SEVERITIES
    ]

    assert [row for row in rows if row not in guide] == []


def _advice(translate, code: str) -> str:
    return translate(ADVICE[code]) if ADVICE[code] else ""


def _shown(sentence: str) -> str:
    return "".join(
        before + ("…" if name is not None else "")
        for before, name, _, _ in Formatter().parse(sentence)
    ).strip()


def test_the_report_goes_to_standard_output_alone_where_that_is_asked_for(lienthong, faulty):
    said = lienthong("validate", faulty, *QUICK, "--html", "-")

    assert said.out.startswith("<!doctype html>")
    assert said.out.rstrip().endswith("</html>")


def test_what_is_wrong_with_post_is_shown_by_a_post(lienthong):
    provider = Provider(items=[])
    FAULTS["post_is_not_understood"][1](provider)
    with replying(provider) as url:
        provider.url = url
        said = lienthong("validate", url)

    assert f"curl -d verb=Identify {url}" in said.out
