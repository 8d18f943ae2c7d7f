"""Every problem has words and, unless nothing is to be done, the next step; in both languages."""

from __future__ import annotations

import importlib
import json

import pytest

from catalogue.errors import LeaseLost
from catalogue.messages import packed, unpacked
from catalogue.model import Counts, Run, RunStatus
from crosswalks.errors import Error, Said, kinds
from harvester.errors import HttpStatus, UnknownHost
from support.codes import problem_codes
from web.language import translator
from web.quality.words import STEPS, WORDS
from web.told import run_message

NOTHING_TO_DO = {
    "decomposed-text",
    "delivered-twice",
    "encoding-turned",
    "nothing-in-file",
    "prefix-chosen",
    "repaired-encoding",
    "superseded",
    "suppressed",
    "ways-found",
}


def run(**values: object) -> Run:
    usual = {
        "id": 1,
        "source": "s1",
        "status": RunStatus.FAILED,
        "started": "",
        "finished": "",
        "counts": Counts(),
        "seconds": 0.0,
    }
    return Run(**{**usual, **values})  # type: ignore[arg-type]


def kept(error: Error) -> Run:
    row = packed(error)
    return run(message=row["message"], code=row["code"], details=json.loads(row["details"]))


def test_every_problem_has_words():
    assert problem_codes() - set(WORDS) == set()


def test_every_problem_says_what_to_do_unless_there_is_nothing():
    assert problem_codes() - set(STEPS) == NOTHING_TO_DO & problem_codes()


@pytest.mark.parametrize(
    "error",
    [
        UnknownHost(host="thuvien.example.vn"),
        HttpStatus(url="http://a.vn", status=404, phrase="Not Found"),
        LeaseLost(job=3),
    ],
)
def test_a_kept_message_reads_as_if_it_were_told_now(error: Error):
    assert run_message(kept(error), translator("en")) == str(error)
    assert run_message(kept(error), translator("vi")) != str(error)


def test_a_sentence_within_a_message_is_translated_too():
    inner = Said("Title", {})
    row = packed(UnknownHost(host=inner))

    [host] = unpacked(json.loads(row["details"])).values()

    assert (host, host.template) == ("Title", "Title")


@pytest.mark.parametrize("code", ["no-longer-there", ""])
def test_a_kind_that_is_no_longer_known_is_told_in_english(code: str):
    told = run(message="It was so.", code=code, details={"url": "x"})

    assert run_message(told, translator("vi")) == "It was so."


def test_a_message_that_now_names_more_than_was_kept_is_told_as_it_was():
    told = run(message="No host.", code="unknown-host", details={})

    assert run_message(told, translator("vi")) == "No host."


def test_rooms_may_share_a_name_and_each_is_found():
    importlib.import_module("hub.errors")

    assert len(kinds("wrong-use")) > 1
