from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import isbn

from crosswalks.checkdigits import is_isbn, to_13

NUMBERS = st.text("0123456789X", min_size=10, max_size=14) | st.from_regex(
    "97[89][0-9]{10}", fullmatch=True
)


@given(NUMBERS)
def test_what_is_an_isbn_is_one_for_the_library_that_knows_them_too(number):
    assert is_isbn(number) == isbn.is_valid(number)


@pytest.mark.parametrize("body", ["978604105", "030640615", "979123456"])
def test_of_ten_last_digits_just_one_is_right(body):
    stem = body if body.startswith("03") else f"{body}001"

    assert sum(is_isbn(f"{stem}{digit}") for digit in "0123456789X") == 1


@given(st.from_regex("[0-9]{9}", fullmatch=True))
def test_an_isbn_of_ten_digits_becomes_the_same_of_thirteen_as_for_that_library(body):
    number = body + isbn._calc_isbn10_check_digit(body)  # noqa: SLF001

    assert to_13(number) == isbn.to_isbn13(number)
