from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provider.oai.errors import BadResumptionToken
from provider.oai.token import Place, seal, unseal

KEY = b"k" * 32
PLACE = Place(
    prefix="marc21",
    start=None,
    end=1_700_000_000,
    set_spec="library:NLV",
    horizon=1_700_000_001,
    stamp=1_600_000_000,
    key=7,
    cursor=100,
    size=2500,
)
TOKEN = seal(PLACE, key=KEY, scope="public/ListRecords")


@given(
    stamp=st.integers(-(2**62), 2**62), key=st.integers(0, 2**62), set_spec=st.text(), key_bytes=...
)
def test_what_was_sealed_is_unsealed(stamp: int, key: int, set_spec: str, key_bytes: bytes) -> None:
    place = replace(PLACE, stamp=stamp, key=key, set_spec=set_spec)

    assert place == unseal(seal(place, key=key_bytes, scope="a"), key=key_bytes, scope="a")


def test_a_token_needs_no_escaping_in_a_url() -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]+", TOKEN)


def test_a_token_is_the_same_in_every_release() -> None:
    """Harvesters hold tokens for weeks: a change here voids them all."""
    assert TOKEN == (
        "043UhQwdnJTZ00NQLCVBi1sxLCJtYXJjMjEiLG51bGwsMTcwMDAwMDAwMCwi"
        "bGlicmFyeTpOTFYiLDE3MDAwMDAwMDEsMTYwMDAwMDAwMCw3LDEwMCwyNTAwXQ"
    )


@pytest.mark.parametrize(
    ("key", "scope"),
    [
        (b"another key", "public/ListRecords"),
        (KEY, "public/ListIdentifiers"),
        (KEY, "members/ListRecords"),
    ],
)
def test_a_token_of_another_hub_verb_or_view_is_refused(key: bytes, scope: str) -> None:
    with pytest.raises(BadResumptionToken):
        unseal(TOKEN, key=key, scope=scope)


@given(position=st.integers(0, len(TOKEN) - 1), letter=st.sampled_from("ABCDabcd0189-_=+ é\ud800"))
def test_a_token_changed_in_one_letter_is_refused(position: int, letter: str) -> None:
    changed = TOKEN[:position] + letter + TOKEN[position + 1 :]
    if changed == TOKEN:
        return

    with pytest.raises(BadResumptionToken):
        unseal(changed, key=KEY, scope="public/ListRecords")


@given(st.text())
def test_any_other_text_is_refused(token: str) -> None:
    with pytest.raises(BadResumptionToken):
        unseal(token, key=KEY, scope="public/ListRecords")
