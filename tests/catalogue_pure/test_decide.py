from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from catalogue.match import Decision, Features, codes, decide, features, policy
from catalogue.match.decide import CODES
from support.features import FEATURES
from support.marc import marc, records

BOOK = (
    "100 0_ $aNguyễn Nhật Ánh",
    "245 10 $aMắt biếc",
    "260 __ $bNxb. Trẻ$c2019",
    "300 __ $a234 tr.",
)


def judge(*ours: str, theirs: tuple[str, ...]):
    return decide(features(marc(*ours)), features(marc(*theirs)))


def changed(**lines: str) -> tuple[str, ...]:
    """Return the book with the fields of some tags replaced or added: ``t250="__ $a..."``."""
    held = {line[:3]: line for line in BOOK}
    return tuple((held | {tag[1:]: f"{tag[1:]} {line}" for tag, line in lines.items()}).values())


@given(records, records)
def test_the_order_of_a_pair_makes_no_difference(one, two):
    a, b = features(one), features(two)

    verdict = decide(a, b)

    assert verdict == decide(b, a)
    assert 0 <= verdict.score <= 1
    assert verdict.score == round(verdict.score, 6)


@settings(max_examples=150)
@given(FEATURES, FEATURES)
def test_the_order_makes_no_difference_where_much_is_nearly_the_same(one, two):
    assert decide(one, two) == decide(two, one)


@given(records)
def test_a_score_under_the_threshold_is_never_a_link(record):
    found = features(record)

    verdict = decide(found, found)

    assert verdict.score >= policy().same or verdict.decision is not Decision.SAME


def test_the_same_book_in_two_hands_is_the_same():
    verdict = judge(
        *BOOK,
        theirs=(
            "100 1_ $aÁnh, Nguyễn Nhật",
            "245 10 $aMAT BIEC /$cNguyen Nhat Anh",
            "260 __ $bNhà xuất bản Trẻ$c2019",
            "300 __ $a234tr. ;$c20cm",
        ),
    )

    assert verdict.decision is Decision.SAME
    assert verdict.reasons[0] == "words-100:100%"
    assert "author-equal" in verdict.reasons


@pytest.mark.parametrize(
    ("ours", "theirs", "reason"),
    [
        ({"t245": "10 $aMắt biếc. T.1"}, {"t245": "10 $aMắt biếc. T.2"}, "veto-volume:1/2"),
        ({"t250": "__ $aTái bản lần 2"}, {"t250": "__ $aTái bản lần 3"}, "veto-edition:r2/r3"),
        ({}, {"t260": "__ $bTrẻ$c2020"}, "veto-year:2019/2020"),
        ({}, {"t338": "__ $bcr"}, "veto-carrier:electronic/print"),
        ({}, {"t773": "0_ $tTạp chí Văn học"}, "veto-host:part/whole"),
        ({"t245": "10 $aToán 5"}, {"t245": "10 $aToán 6"}, "veto-numbers:5/6"),
        (
            {"t245": "10 $aToán 5 :$bsách giáo viên"},
            {"t245": "10 $aToán 5 :$bsách bài tập"},
            "veto-kind:exercise/teacher",
        ),
        ({"t245": "10 $aĐêm trắng"}, {"t245": "10 $aĐêm trăng"}, "veto-marks:50%"),
        ({"t300": "__ $a3 tập"}, {"t245": "10 $aMắt biếc. T.1"}, "veto-set"),
    ],
)
def test_one_veto_outweighs_all_agreement(ours, theirs, reason):
    isbn = {"t020": "__ $a9786040000019"}

    verdict = judge(*changed(**isbn | ours), theirs=changed(**isbn | theirs))

    assert verdict.decision is Decision.DIFFERENT
    assert reason in verdict.reasons


def test_a_title_without_marks_has_no_quarrel_with_marks():
    verdict = judge(*BOOK, theirs=changed(t245="10 $aMat biec"))

    assert verdict.decision is Decision.SAME


def test_serials_with_other_numbers_differ():
    leader = "00000nas a2200000 a 4500"
    one, two = (
        features(marc("245 00 $aTạp chí Văn học", f"022 __ $a{issn}", leader=leader))
        for issn in ("0794-7348", "0378-5955")
    )

    assert decide(one, two).reasons == ("veto-issn:03785955/07947348",)


def test_an_equal_isbn_does_not_join_two_titles():
    isbn = "__ $a9786040000019"

    verdict = judge(*changed(t020=isbn), theirs=changed(t020=isbn, t245="10 $aKính vạn hoa"))

    assert verdict.decision is Decision.DIFFERENT


def test_two_authors_who_differ_in_a_mark_are_two_people():
    verdict = judge(*changed(t100="0_ $aPhạm Việt Hoa"), theirs=changed(t100="0_ $aPhạm Việt Hòa"))

    assert verdict.decision is not Decision.SAME


def test_another_year_of_the_same_reprint_is_for_a_person_to_judge():
    reprint = "__ $aTái bản lần thứ 3"

    verdict = judge(*changed(t250=reprint), theirs=changed(t250=reprint, t260="__ $bTrẻ$c2020"))

    assert verdict.decision is not Decision.SAME
    assert "year-reprint:2019/2020" in verdict.reasons


def test_a_poor_record_needs_a_publisher_or_a_number_beside_author_and_year():
    poor = changed(t300="__ $c20 cm")
    poorer = changed(
        t300="__ $c20 cm", t260="__ $c2019", t041="__ $avie", t250="__ $aTái bản lần 2"
    )

    assert judge(*BOOK, theirs=poor).decision is Decision.SAME
    assert judge(*BOOK, theirs=poorer).decision is Decision.ASK


def test_a_record_of_one_volume_is_not_joined_to_one_that_is_silent():
    verdict = judge(*changed(t245="10 $aMắt biếc. T.1"), theirs=BOOK)

    assert verdict.decision is not Decision.SAME
    assert "volume-silent:1" in verdict.reasons


def test_a_generic_title_is_not_asked_about_where_all_else_is_of_one_printing():
    rest = {"t020": "__ $a9786049763342", "t008": "200101s2019    xxu            000 0 eng d"}
    one = changed(t245="10 $aReport", t260="__ $aNew York$bPenguin$c2019", **rest)[1:]
    later = changed(t245="10 $aReport", t260="__ $aNew York$bPenguin$c2020", **rest)[1:]

    assert judge(*one, theirs=one).decision is Decision.SAME
    assert judge(*one, theirs=later).decision is not Decision.SAME


def test_two_codes_count_together_only_where_a_pair_has_both():
    a = Features(bare="so do", years=(1936,), pages=100)
    alone = dataclasses.replace(policy(), together={})
    both = dataclasses.replace(policy(), together={("pages-equal", "year-equal"): -9.0})

    assert decide(a, a, both).score < decide(a, a, alone).score
    b = structs.replace(a, pages=300)
    assert decide(a, b, both) == decide(a, b, alone)


def test_which_of_two_titles_is_the_generic_one_makes_no_difference():
    rest = {"t020": "__ $a9786049763342", "t008": "200101s2019    xxu            000 0 eng d"}
    short = changed(t245="10 $aReport", t260="__ $aNew York$bPenguin$c2019", **rest)[1:]
    longer = changed(t245="10 $aReport of work", t260="__ $aNew York$bPenguin$c2019", **rest)[1:]

    verdict = judge(*short, theirs=longer)

    assert verdict == judge(*longer, theirs=short)
    assert "hold-generic" in verdict.reasons


def test_a_generic_title_needs_author_and_year():
    report = ("245 10 $aBáo cáo", "260 __ $bTrẻ$c2019", "300 __ $a12 tr.")

    verdict = judge(*report, theirs=report)

    assert verdict.decision is Decision.ASK
    assert "hold-generic" in verdict.reasons


@pytest.mark.parametrize(
    ("ours", "theirs", "reason"),
    [
        ({"t300": "__ $a1 CD"}, {"t300": "__ $a1 LP"}, "veto-medium:cd/lp"),
        ({"t007": "vd cvaizq"}, {"t007": "vd csaizq"}, "veto-medium:bluray/dvd"),
        ({"t020": "__ $a9786040000019$qPDF"}, {"t020": "__ $a9786040000019$qepub"}, "epub/pdf"),
        ({"t773": "0_ $tVăn học$gSố 3"}, {"t773": "0_ $tVăn học$gSố 4"}, "veto-part:so 3/so 4"),
        ({"t773": "0_ $w(NLV)12"}, {"t773": "0_ $w(NLV)13"}, "veto-part:nlv.12/nlv.13"),
    ],
)
def test_media_and_parts_are_kept_apart(ours, theirs, reason):
    verdict = judge(*changed(**ours), theirs=changed(**theirs))

    assert verdict.decision is Decision.DIFFERENT
    assert any(reason in each for each in verdict.reasons)


def test_a_code_of_008_alone_leaves_the_carrier_to_a_person():
    coded = "      s2019    vm      s     000 0 vie d"

    verdict = judge(*BOOK, f"008 {coded}", theirs=(*BOOK, f"008 {coded.replace(' s  ', '    ')}"))

    assert verdict.decision is Decision.ASK
    assert "hold-carrier" in verdict.reasons


def test_where_books_are_not_reprinted_yearly_another_year_is_asked():
    english = (
        "008 200101s2019    nyu           000 0 eng d",
        "100 1_ $aJames, Henry",
        "245 10 $aThe portrait of a lady",
        "300 __ $a520 p.",
    )

    verdict = judge(
        *english,
        "260 __ $aNew York$bScribner$c2019",
        theirs=(*english, "260 __ $aNew York$bScribner$c2020"),
    )

    assert verdict.decision is not Decision.DIFFERENT
    assert not any(reason.startswith("veto") for reason in verdict.reasons)


def test_an_edition_for_another_market_is_left_to_a_person():
    verdict = judge(
        *changed(t260="__ $aLondon$bPhoenix House$c2019"),
        theirs=changed(t260="__ $aNew York$bPitman$c2019"),
    )

    assert verdict.decision is not Decision.SAME


ABROAD = (
    "008 850101s1885    nyu           000 0 eng  ",
    "100 1_ $aHarvitt, Hélène",
    "245 10 $aLetters from a long journey$bpublished by herself",
    "260 __ $aNew York$bHarper$c1885",
    "300 __ $a214 p.",
)
"""A book from where reprints are not yearly."""


def abroad(**lines: str) -> tuple[str, ...]:
    held = {line[:3]: line for line in ABROAD}
    return tuple((held | {tag[1:]: f"{tag[1:]} {line}" for tag, line in lines.items()}).values())


@pytest.mark.parametrize(
    "lines",
    [
        {"t260": "__ $aBoston$bLovell$c1885"},
        {"t100": "1_ $aHarvitt, Helené"},
        {"t245": "10 $aLetters from a long journey$bpub. by herself"},
        {"t245": "10 $aLetters from a long journey$bwith 3 maps and portraits"},
        {"t245": "10 $aLetters from a long journey 2$bpublished by herself"},
        {"t245": "10 $aLetters from a long journey.$nVol. 2$bpublished by herself"},
    ],
    ids=["two houses", "marks of a name", "cut off", "another subtitle", "number", "volume"],
)
def test_where_all_else_is_one_printing_a_slip_is_no_reason_to_ask(lines):
    assert judge(*ABROAD, theirs=abroad(**lines)).decision is Decision.SAME


@pytest.mark.parametrize(
    "lines",
    [
        {"t260": "__ $aBoston$bLovell$c1885"},
        {"t245": "10 $aLetters from a long journey 2$bpublished by herself"},
        {"t245": "10 $aLetters from a long journey.$nVol. 2$bpublished by herself"},
    ],
    ids=["two houses", "number", "volume"],
)
def test_the_same_is_asked_where_one_record_gives_no_extent(lines):
    other = abroad(t300="__ $aillustrated", **lines)

    assert judge(*ABROAD, theirs=other).decision is not Decision.SAME


def test_every_code_that_a_comparison_gives_has_its_points_and_no_other():
    assert set(policy().weights) == set(codes.CODES)


@given(records, records)
def test_only_known_codes_are_given_as_reasons(one, two):
    reasons = decide(features(one), features(two)).reasons

    assert {reason.partition(":")[0] for reason in reasons} <= set(CODES)


@given(
    a=FEATURES,
    b=FEATURES,
    ask=st.sampled_from((0.0, 0.05, 0.5, 0.9, 1.0)),
    title=st.floats(-3, 3),
    other=st.floats(-3, 3),
)
def test_a_brief_judgement_decides_as_the_full_one(a, b, ask, title, other):
    weights = policy().weights | {"whole-100": title, "other-words-one": other, "kind-silent": 1.0}
    figures = dict.fromkeys(("same", "sure"), max(ask, policy().same))
    other_policy = dataclasses.replace(policy(), ask=ask, weights=weights, **figures)
    full, brief = decide(a, b, other_policy), decide(a, b, other_policy, briefly=True)

    assert brief.decision is full.decision
    assert brief == full or full.decision is Decision.DIFFERENT
