"""Which language a command speaks."""

import pytest

from hub.language import asked_language, terminal_language
from hub.settings import FILE

VIETNAMESE = "Không có nguồn thu thập nào tên là nosuch"
ENGLISH = "There is no source named nosuch"


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "vi_VN.UTF-8"}, "vi"),
        ({"LANG": "vi_VN.UTF-8", "LC_ALL": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "vi_VN"}, "vi"),
        ({"LANG": "vi_VN.UTF-8", "LC_ALL": ""}, "vi"),
    ],
)
def test_a_terminal_has_a_language(environment, language):
    assert terminal_language(environment) == language


@pytest.mark.parametrize(
    ("arguments", "language"),
    [
        (["--lang", "vi", "runs"], "vi"),
        (["--lang=en"], "en"),
        (["--lang"], ""),
        (["--lang", "fr"], ""),
        (["--lang=fr"], ""),
        ([], ""),
    ],
)
def test_a_language_can_be_asked_for(arguments, language):
    assert asked_language(arguments) == language


def test_an_error_is_said_in_the_language_of_the_terminal(lienthong):
    assert VIETNAMESE in lienthong("harvest", "nosuch", LANG="vi_VN.UTF-8").err
    assert ENGLISH in lienthong("harvest", "nosuch", LANG="en_GB.UTF-8").err


def test_the_setting_wins_over_the_terminal_and_the_option_over_both(lienthong, tmp_path):
    (tmp_path / "instance").mkdir()
    (tmp_path / "instance" / FILE).write_text('[public]\nlanguage = "vi"\n', encoding="utf-8")

    assert VIETNAMESE in lienthong("harvest", "nosuch", LANG="en_GB.UTF-8").err
    assert ENGLISH in lienthong("--lang", "en", "harvest", "nosuch").err


def test_a_name_that_is_also_a_word_of_ours_stays_as_it_was_typed(lienthong):
    assert "tên là pages" in lienthong("--lang", "vi", "harvest", "pages").err


def test_help_is_in_the_language_asked_for(lienthong):
    assert "Thu thập ngay" in lienthong("--lang", "vi", "harvest", "--help").out
    assert "Harvest sources now" in lienthong("--lang", "en", "harvest", "--help").out


def test_what_a_setting_must_be_is_said_in_the_same_language(lienthong):
    said = lienthong("--lang", "vi", "runs", "list", LIENTHONG_SERVE__PORT="x")

    assert "số nguyên từ 0 đến 65535" in said.err


def test_a_wrong_command_line_is_told_in_the_same_language(lienthong):
    assert "Không có lệnh nosuch" in lienthong("--lang", "vi", "nosuch").err
