from __future__ import annotations

import pytest

from protocols.oai import is_uri


@pytest.mark.parametrize(
    "text",
    [
        "http://127.0.0.1:8080/oai",
        "https://opac.thuvien.vn:8443",
        "https://thuvien.vn/oai?x=1",
        "oai:thuvien.vn:DH/12",
        "urn:isbn:9786049763342",
    ],
)
def test_what_is_given_out_as_an_address_is_one(text: str) -> None:
    assert is_uri(text)


@pytest.mark.parametrize("text", ["", "123", "http://a b/", "http://a:x/", "http://[::1/", "a:<b>"])
def test_what_is_none_is_not(text: str) -> None:
    assert not is_uri(text)
