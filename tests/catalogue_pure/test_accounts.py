"""Codes of the second factor, and passwords that are tried first."""

from __future__ import annotations

import pytest

from catalogue import passwords
from catalogue.accounts import totp
from catalogue.accounts.common import is_common

# RFC 6238, appendix B: the secret, and by moment the code of eight digits by SHA-1.
SECRET = b"12345678901234567890"
CODES = {
    59: "94287082",
    1111111109: "07081804",
    1111111111: "14050471",
    1234567890: "89005924",
    2000000000: "69279037",
    20000000000: "65353130",
}


@pytest.mark.parametrize(("moment", "expected"), CODES.items())
def test_codes_are_those_of_the_standard(moment: int, expected: str):
    assert totp.code(SECRET, moment // totp.STEP, digits=8) == expected


@pytest.mark.parametrize(("seconds", "taken"), [(-59, False), (-29, True), (0, True), (60, False)])
def test_a_code_is_taken_a_step_early_or_late_and_no_more(seconds: int, taken: bool):
    now = 1_000_000_020
    code = totp.code(SECRET, (now + seconds) // totp.STEP)

    assert (totp.step_of(SECRET, code, now - now % totp.STEP, 0) is not None) is taken


def test_a_code_is_not_taken_twice_nor_one_before_it():
    now = 1_000_000_000
    step = now // totp.STEP
    taken = totp.step_of(SECRET, totp.code(SECRET, step), now, 0)

    assert taken == step
    assert totp.step_of(SECRET, totp.code(SECRET, step), now, step) is None
    assert totp.step_of(SECRET, totp.code(SECRET, step - 1), now, step) is None


@pytest.mark.parametrize("typed", ["", "１２３４５６", "không phải mã", "\udc80", "0" * 10_000])
def test_anything_may_be_typed_as_a_code(typed: str):
    assert totp.step_of(SECRET, typed, 1_000_000_000, 0) is None


def test_the_secret_is_told_as_programs_want_it():
    told = totp.address(SECRET, "Liên Thông", "lan")

    assert told.startswith("otpauth://totp/Li%C3%AAn%20Th%C3%B4ng%3Alan?secret=GEZDGNBVGY3TQOJQ")
    assert "issuer=Li%C3%AAn%20Th%C3%B4ng" in told
    assert totp.written(SECRET).split()[:2] == ["GEZD", "GNBV"]


@pytest.mark.parametrize(
    "password",
    [
        "matkhau123",
        "Mật khẩu 2026",
        "M@tkhau12345",
        "anhyeuem1990",
        "thuvien2026!",
        "Thư viện Quốc gia",
        "nguyenvan1985",
        "qwertyuiop",
        "1234567890",
        "0912345678",
        "30041975-1975",
        "aaaaaaaaaaaa",
        "abababababab",
        "PASSWORD-password",
        "P@ssw0rd2026",
        "hanoihanoi36",
        "admin-lan-2026",
        "lan.lan.lan.lan",
        "lanlanlan123456",
    ],
)
def test_what_is_tried_first_is_no_password(password: str):
    assert is_common(password, "lan")


@pytest.mark.parametrize(
    "password",
    [
        "mot mat khau dai",
        "a quite new one",
        "con mèo ăn bưởi chua",
        "thuyền giấy qua sông",
        "xK7-qpw9-vv2m",
        "admin is not a word of mine",
        "lan trồng hoa mười giờ",
    ],
)
def test_words_that_do_not_belong_together_are_one(password: str):
    assert not is_common(password, "lan")


def test_made_up_ones_always_are():
    assert [
        each for each in (passwords.made_up() for _ in range(200)) if is_common(each, "x")
    ] == []
