from __future__ import annotations

import re
from contextlib import suppress
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.errors import (
    PolicyError,
    PolicyIncomplete,
    PolicyNoIsbn,
    PolicyNoName,
    PolicyNoNumber,
    PolicyNoText,
    PolicyOutOfOrder,
    PolicyUnknown,
    PolicyUnreadable,
)
from catalogue.match import figures, kept_policy, policy, read_policy

TEXT = files("catalogue.match").joinpath("policy.toml").read_text("utf-8")


def with_line(name: str, line: str) -> str:
    """Return the shipped policy with the line of one name written otherwise."""
    changed, places = re.subn(rf"(?m)^{re.escape(name)}( = .*|\\])$", lambda _: line, TEXT)
    assert places == 1
    return changed


def test_the_policy_that_ships_is_the_live_one():
    assert read_policy(TEXT) == policy()


def test_reused_isbns_are_told_by_thirteen_digits():
    made = read_policy(f'{TEXT}\n[reused]\nisbn = ["0-306-40615-2", "9786049763342"]\n')

    assert made.reused == {"9780306406157", "9786049763342"}


@pytest.mark.parametrize(
    ("lines", "error"),
    [
        ('isbn = "9786049763342"', PolicyNoText),
        ('isbn = ["9786049763341"]', PolicyNoIsbn),
        ("issn = []", PolicyUnknown),
        ("", PolicyIncomplete),
    ],
)
def test_a_list_of_reused_isbns_that_is_none_is_refused(lines, error):
    with pytest.raises(error):
        read_policy(f"{TEXT}\n[reused]\n{lines}\n")


def test_a_policy_of_an_earlier_program_is_still_read():
    older = with_line("isbn-equal", "isbn-equal = 1.5\nforgotten-code = 2.0")
    older = re.sub(r"(?m)^(issn-equal|title_close) = .*$", "", older)
    kept = kept_policy(older)

    assert kept.weights == policy().weights | {"isbn-equal": 1.5}
    assert kept.title_close == policy().title_close
    with pytest.raises(PolicyError):
        read_policy(older)


@pytest.mark.parametrize(
    ("name", "line", "error", "said"),
    [
        ("same", "same = ", PolicyUnreadable, "same ="),
        ("same", 'same = "0.78', PolicyUnreadable, 'same = "0.78'),
        ("isbn-equal", "isbn-equl = 2", PolicyUnknown, "Did you mean weights.isbn-equal?"),
        ("base", "basis = 1", PolicyUnknown, "names basis"),
        ("isbn-equal", "", PolicyIncomplete, "weights.isbn-equal"),
        ("version", "", PolicyIncomplete, "version"),
        ("version", "version = 3", PolicyNoText, "version"),
        ("version", 'version = " "', PolicyNoName, "cannot be called"),
        ("version", 'version = "a/b"', PolicyNoName, "cannot be called a/b"),
        ("yearly_languages", 'yearly_languages = "vie"', PolicyNoText, "yearly_languages"),
        ("same", 'same = "0.78"', PolicyNoNumber, "thresholds.same"),
        ("same", "same = true", PolicyNoNumber, "thresholds.same"),
        ("same", "same = 78", PolicyNoNumber, "from 0 to 1"),
        ("theta", "theta = nan", PolicyNoNumber, "limits.theta"),
        ("block_cap", "block_cap = 2.5", PolicyNoNumber, "limits.block_cap"),
        ("block_cap", "block_cap = 1", PolicyNoNumber, "from 2 to"),
        ("isbn-equal", "isbn-equal = 1e9", PolicyNoNumber, "from -100 to 100"),
        ("same", "same = 0.4", PolicyOutOfOrder, "ask (0.5) is above same (0.4)"),
        ("sure", "sure = 0.6", PolicyOutOfOrder, "same (0.78) is above sure (0.6)"),
        ("name_near", "name_near = 0.95", PolicyOutOfOrder, "name_near (0.95)"),
    ],
)
def test_a_policy_that_cannot_be_used_says_why(name, line, error, said):
    with pytest.raises(error, match=re.escape(said)):
        read_policy(with_line(name, line))


@pytest.mark.parametrize(
    ("line", "error", "said"),
    [
        ('"pages-equal & pages-near" = 1.0', PolicyUnknown, "together.pages-equal & pages-near"),
        (
            '"pages-equal & year-equl" = 1.0',
            PolicyUnknown,
            "Did you mean together.pages-equal & year-equal?",
        ),
        (
            '"year-equal & pages-equl" = 1.0',
            PolicyUnknown,
            "Did you mean together.pages-equal & year-equal?",
        ),
        ('"pages-equal" = 1.0', PolicyUnknown, "together.pages-equal"),
        ('"pages-equal & year-equal" = "1"', PolicyNoNumber, "together.pages-equal & year-equal"),
    ],
)
def test_two_codes_that_cannot_count_together_are_named(line, error, said):
    with pytest.raises(error, match=re.escape(said)):
        read_policy(re.sub(r"(?ms)^\[together\].*", f"[together]\n{line}\n", TEXT))


def test_two_codes_count_together_in_whichever_order_they_are_written():
    bare = re.sub(r"(?ms)^\[together\].*", "", TEXT)
    made = read_policy(f'{bare}\n[together]\n"year-equal & pages-equal" = 0.5\n')

    assert read_policy(bare).together == {}
    assert made.together == {("pages-equal", "year-equal"): 0.5}
    assert figures(made)["together.pages-equal & year-equal"] == "0.5"


def test_of_a_policy_of_another_program_the_codes_together_that_are_known_are_kept():
    bare = re.sub(r"(?ms)^\[together\].*", "", TEXT)
    kept = kept_policy(f'{bare}\n[together]\n"new-code & pages-equal" = 1.0\n')

    assert kept.together == {}
    assert kept_policy(bare).together == {}
    assert kept_policy(TEXT).together == policy().together


def test_the_line_that_cannot_be_read_is_told():
    with pytest.raises(PolicyUnreadable, match=re.escape('line 3: "ask"')):
        read_policy('version = "9"\n\nask\n')
    with pytest.raises(PolicyUnreadable, match="line 1"):
        read_policy('version = "9')
    with pytest.raises(PolicyUnreadable, match="line 2"):
        read_policy(f'version = "9"\nbase = {"9" * 5000}')


@pytest.mark.parametrize("text", ["", "limits = 1", TEXT.partition("[weights]")[0]])
def test_a_section_that_is_missing_is_named(text):
    with pytest.raises(PolicyIncomplete):
        read_policy(text)


@given(st.text(max_size=40), st.integers(0, len(TEXT)))
def test_whatever_is_written_into_a_policy_it_is_read_or_refused_by_name(written, place):
    with suppress(PolicyError):
        read_policy(TEXT[:place] + written + TEXT[place:])
