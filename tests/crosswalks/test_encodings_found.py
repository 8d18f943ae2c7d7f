from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel import localedata
from hypothesis import given, settings
from hypothesis import strategies as st

from crosswalks.checks.syllables import VIETNAMESE_ONLY
from crosswalks.encodings import LEGACY, Encoding, Evidence, decide, repair
from crosswalks.encodings.evidence import SAMPLE
from crosswalks.encodings.records import texts
from crosswalks.formats import iso2709
from support.formats import gpo_states, hcmut, loc_books
from support.legacy import WORDS, misread

ALL = [each for each in Encoding if each is not Encoding.UTF_8]
FIELDS = st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(" ".join))


def found(*fields: str, least: int = 2) -> Encoding | None:
    return decide(pooled(*fields), least).encoding


def pooled(*fields: str) -> Evidence:
    evidence = Evidence()
    evidence.add(fields)
    return evidence


def values(shared: Path) -> list[str]:
    """Return field values in Vietnamese, from the reference list and from a real catalogue."""
    rows = (shared / "data/vn-strings.tsv").read_text("utf-8").split("\n")[1:]
    real = [
        text
        for data in hcmut(shared, 500)
        for text in texts(iso2709.read_leniently(data)[0])
        if not VIETNAMESE_ONLY.isdisjoint(text)
    ]
    known = [row.split("\t")[1] for row in rows if row]
    return sorted({unicodedata.normalize("NFC", text) for text in (*known, *real)})


def fours(shared: Path, count: int) -> list[list[str]]:
    chance, all_values = random.Random(7), values(shared)
    return [chance.sample(all_values, 4) for _ in range(count)]


def is_written(text: str, encoding: Encoding) -> bool:
    try:
        misread(text, encoding)
    except UnicodeEncodeError:
        return False
    # VISCII and VPS have letters where Windows-1252 has its signs.
    return encoding not in (Encoding.VISCII, Encoding.VPS) or "…" not in text


def other_languages() -> Iterator[tuple[str, list[str]]]:
    """Yield names of languages, countries and money in some 300 languages."""
    for name in localedata.locale_identifiers():
        if "_" in name or name == "vi":
            continue
        data = localedata.load(name)
        kinds = ("languages", "territories", "scripts", "currency_names")
        said = {text for kind in kinds for text in data.get(kind, {}).values() if text}
        if strange := sorted(text for text in said if not text.isascii()):
            yield name, strange


@pytest.mark.parametrize("encoding", [each for each in ALL if each is not Encoding.VIQR])
def test_nearly_every_record_of_four_fields_is_found_and_repaired(shared, encoding):
    records = [
        four for four in fours(shared, 250) if all(is_written(text, encoding) for text in four)
    ]
    right = wrong = 0
    for four in records:
        seen = [misread(text, encoding) for text in four]
        decided = found(*seen)
        if decided in (None, Encoding.UTF_8):
            continue
        mended = [repair(text, decided).text.casefold() for text in seen]
        right += mended == [text.casefold() for text in four]
        wrong += decided is not encoding and mended != [text.casefold() for text in four]

    assert wrong == 0
    assert right >= 0.99 * len(records)


def test_viqr_is_found_and_nearly_every_record_of_four_fields_is_repaired(shared):
    all_fours = fours(shared, 250)
    told = [found(*[misread(text, Encoding.VIQR) for text in four]) for four in all_fours]
    repaired = {
        text: repair(misread(text, Encoding.VIQR), Encoding.VIQR).text for text in values(shared)
    }
    right = sum(all(repaired[text] == text for text in four) for four in all_fours)

    assert told.count(Encoding.VIQR) >= 0.99 * len(told)
    assert right >= 0.99 * len(all_fours)


@pytest.mark.parametrize("encoding", ALL)
def test_a_source_is_told_by_all_its_fields(encoding):
    fields = [" ".join(WORDS[start : start + 6]) for start in range(0, len(WORDS), 6)]

    assert found(*[misread(text, encoding) for text in fields]) is encoding


def test_sound_vietnamese_is_left_alone(shared):
    all_values = values(shared)
    groups = [all_values[at : at + 4] for at in range(0, len(all_values), 4)]

    assert {found(*group) for group in groups} == {Encoding.UTF_8}
    assert {found(text, least=1) for text in all_values} == {Encoding.UTF_8}
    assert found(*all_values) is Encoding.UTF_8


@given(FIELDS)
def test_what_is_right_is_never_changed(fields):
    decided = found(*fields)

    assert decided in (None, Encoding.UTF_8)
    assert [repair(text, Encoding.UTF_8).text for text in fields] == fields


def test_no_other_language_is_taken_for_damaged_vietnamese():
    count, wrong = 0, []
    for name, strings in other_languages():
        groups = [strings, *[strings[at : at + 4] for at in range(0, len(strings), 4)]]
        count += len(strings)
        wrong += [(name, g[:4]) for g in groups if found(*g) not in (None, Encoding.UTF_8)]

    assert count >= 40_000
    assert wrong == []


@pytest.mark.parametrize("corpus", [loc_books, gpo_states])
def test_no_record_of_the_corpora_is_taken_for_damaged_vietnamese(shared, corpus):
    records = [list(texts(iso2709.read_leniently(data)[0])) for data in corpus(shared, 2000)]
    told = {found(*record) for record in records}

    assert told <= {None, Encoding.UTF_8}
    assert found(*[text for record in records for text in record]) is Encoding.UTF_8


@pytest.mark.parametrize("encoding", LEGACY)
def test_one_field_is_never_enough(encoding):
    assert found(misread(" ".join(WORDS), encoding)) is None


def test_one_long_field_is_enough_for_who_asks_about_it_alone():
    assert found("Nh÷ng nguyªn t¾c cÇn tu©n thñ", least=1) is Encoding.TCVN3
    assert found("Tr\xad\xa6ng con", least=1) is not Encoding.TCVN3


@settings(max_examples=20)
@given(st.permutations(WORDS), st.integers(0, len(WORDS)))
def test_parts_of_a_source_say_the_same_as_the_whole(words, cut):
    seen = [misread(word, Encoding.VNI) for word in words]
    one, other = pooled(*seen[:cut]), pooled(*seen[cut:])
    one.merge(other)

    assert decide(one) == decide(pooled(*sorted(seen)))


def test_evidence_does_not_grow_with_the_source():
    evidence = pooled(*[f"caf\xe9{number}x tr\xe8s{number}" for number in range(3 * SAMPLE)])

    assert len(evidence.seen.words) <= 2 * SAMPLE
    assert evidence.fields == 3 * SAMPLE


def test_a_source_half_repaired_already_is_still_told():
    sound = WORDS[:30]
    seen = [misread(word, Encoding.TCVN3) for word in WORDS[30:]]

    assert found(*sound, *seen) is Encoding.TCVN3


def test_evidence_kept_before_a_place_of_stops_was_told_apart_can_be_merged():
    kept = Evidence.of({"stops": {"words": [3, 0, 0, 0, 5], "stopped": [0, 0, 0, 0, 5]}})
    kept.merge(pooled("Vie^.t Nam va` the^' gio+'i."))

    assert kept.stops.stopped == [0, 0, 0, 0, 6, 0]


def test_signs_of_other_texts_are_no_evidence():
    fields = [
        "© 2010 «Le Monde»",
        "20 °C",
        "5½ tr.",
        "L'été à Nice · café",
        "¿Qué es?",
        "a(n) o(r)",
    ]

    assert found(*fields) in (None, Encoding.UTF_8)
