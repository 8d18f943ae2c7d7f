from __future__ import annotations

from hypothesis import given

from catalogue.match import features, keys
from support.marc import marc, records


@given(records)
def test_keys_are_sorted_short_and_said_once(record):
    found = keys(features(record))

    assert list(found) == sorted(set(found))
    assert all(0 < len(key) <= 80 for key in found)


def test_every_kind_of_number_is_a_key():
    record = marc(
        "015 __ $aVN 2019-12345",
        "020 __ $a9786040000019",
        "022 __ $a0794-7348",
        "035 __ $a(OCoLC)12345",
        leader="00000nas a2200000 a 4500",
    )

    found = keys(features(record))

    assert found == ("ctl:oclc.12345", "isbn:9786040000019", "issn:07947348", "nbn:.vn201912345")


def test_title_author_and_year_meet_in_any_spelling():
    one = marc("100 0_ $aNguyễn Nhật Ánh", "245 10 $aMắt biếc. T.1", "260 __ $c2019")
    two = marc("100 1_ $aÁnh, Nguyễn Nhật", "245 10 $aMAT BIEC$nTập một", "260 __ $c[2019]")

    assert keys(features(one)) == keys(features(two)) != ()


def test_a_title_without_author_meets_the_same_title_with_one_in_its_year():
    named = marc("100 0_ $aTô Hoài", "245 10 $aDế mèn phiêu lưu ký", "260 __ $c2019")
    bare = marc("245 10 $aDế mèn phiêu lưu ký", "260 __ $c2019")

    assert set(keys(features(named))) & set(keys(features(bare)))


def test_a_title_that_says_nothing_is_a_key_only_with_author_and_year():
    assert keys(features(marc("245 10 $aBáo cáo", "260 __ $c2019"))) == ()
    assert keys(features(marc("100 0_ $aTô Hoài", "245 10 $aBáo cáo"))) == ()
    assert keys(features(marc("100 0_ $aTô Hoài", "245 10 $aBáo cáo", "260 __ $c2019"))) != ()


def test_records_that_are_not_bibliographic_have_no_keys():
    authority = marc("020 __ $a9786040000019", leader="00000nz  a2200000n  4500")

    assert keys(features(authority)) == ()


def test_long_keys_keep_their_difference_when_cut():
    title = "Nghiên cứu ứng dụng " * 8
    one, two = (
        keys(features(marc(f"245 10 $a{title}{end}", "260 __ $c2019"))) for end in ("một", "hai")
    )

    assert one != two


def test_a_mistyped_title_meets_by_its_author_and_by_its_pages():
    right = marc("100 0_ $aTô Hoài", "245 10 $aDế mèn", "260 __ $c2019", "300 __ $a198 tr.")
    wrong = marc("100 0_ $aTô Hoài", "245 10 $aDế mnè", "260 __ $c2019", "300 __ $a198 tr.")

    shared = set(keys(features(right))) & set(keys(features(wrong)))
    assert {key[:3] for key in shared} == {"nyi", "npn"}


def test_a_slip_within_a_title_without_author_meets_by_its_beginning():
    right = marc("245 10 $aDế mèn phiêu lưu ký của Tô Hoài", "300 __ $a198 tr.")
    wrong = marc("245 10 $aDế mèn phiêu lưu ký cuả To Haoi", "300 __ $a198 tr.")

    shared = set(keys(features(right))) & set(keys(features(wrong)))
    assert {key[:3] for key in shared} == {"tpg"}


def test_spaces_in_the_wrong_place_and_articles_make_no_difference():
    right = marc("245 10 $aThe Vietnamese kitchen", "260 __ $c2019")
    wrong = marc("245 10 $aViet namese kitchen", "260 __ $c2019")

    assert set(keys(features(right))) & set(keys(features(wrong)))


def test_numbers_of_publishers_and_shops_are_keys():
    record = marc(
        "024 2_ $a979-0-2600-0043-8", "024 3_ $a9786040000019", "028 02 $aS. 12$bDihavina"
    )

    found = keys(features(record))

    assert found == ("isbn:9786040000019", "trd:ismn.9790260000438", "trd:pub.dihavina.s12")
