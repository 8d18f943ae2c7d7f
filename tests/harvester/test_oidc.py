"""A sign-in service is believed as far as what it says can be checked, and not a step farther."""

from __future__ import annotations

import time
from base64 import b64encode
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, quote_plus, urlsplit

import pytest
from joserfc.jwk import RSAKey

from harvester.oidc.errors import (
    AnswerNotOurs,
    ClockDiffers,
    IssuerDeclined,
    IssuerOdd,
    IssuerUnreachable,
    TokenRefused,
)
from harvester.oidc.model import OidcSettings, Person
from harvester.oidc.provider import Provider, keeps_to
from support.oidc import CLIENT, SECRET, Crooked, another_key, crooked

BASIC = "Basic " + b64encode(f"{CLIENT}:{quote_plus(SECRET)}".encode()).decode()
"""RFC 6749 s2.3.1."""
BACK = "https://hub.example.vn/staff/sso/back"


@pytest.fixture(scope="module")
def key() -> RSAKey:
    return another_key("one")


@pytest.fixture
def service(key: RSAKey) -> Iterator[Crooked]:
    with crooked(key=key) as made:
        yield made


def provider(issuer: str, secret: str = SECRET) -> Provider:
    return Provider(OidcSettings(issuer=issuer, client_id=CLIENT, client_secret=secret))


def come_back(service: Crooked, hub: Provider | None = None, **changes: str) -> Person:
    """Sign in at a service of ours, and come back with its answer, or with another one."""
    hub = hub or provider(service.issuer)
    address, begun = hub.begin(BACK)
    service.took(address)
    return hub.finish(begun, BACK, {"state": begun.state, "code": "c1", **changes})


def test_what_somebody_is_sent_with_keeps_to_the_flow(service: Crooked):
    address, begun = provider(service.issuer).begin(BACK)
    told = dict(parse_qsl(urlsplit(address).query))

    assert told["response_type"] == "code"
    assert told["code_challenge_method"] == "S256"
    assert told["redirect_uri"] == BACK
    assert (told["state"], told["nonce"]) == (begun.state, begun.nonce)
    assert begun.verifier not in address
    assert min(map(len, begun)) >= 43


def test_a_right_answer_is_believed(service: Crooked):
    assert come_back(service).subject == "lan"


HOUR = 3600
LIES: dict[str, dict[str, Any]] = {
    "another nonce": {"nonce": "another"},
    "no nonce": {"nonce": None},
    "another audience": {"aud": "another"},
    "one audience of many, for another party": {"aud": [CLIENT, "another"], "azp": "another"},
    "several audiences and no party": {"aud": [CLIENT, "another"]},
    "no audience": {"aud": None},
    "another issuer": {"iss": "https://elsewhere.example"},
    "no issuer": {"iss": None},
    "no subject": {"sub": None},
    "an empty subject": {"sub": ""},
    "a subject that is none": {"sub": ["lan"]},
    "a subject without end": {"sub": "x" * 256},
    "no end": {"exp": None},
    "no beginning": {"iat": None},
    "another access token": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
    "methods that are no list": {"amr": "mfa"},
    "an end that is no number": {"exp": "tomorrow"},
}


@pytest.mark.parametrize("lie", LIES)
def test_a_token_that_lies_lets_nobody_in(service: Crooked, lie: str):
    service.claims = LIES[lie]

    with pytest.raises(TokenRefused):
        come_back(service)


@pytest.mark.parametrize(
    "times", [{"exp": -HOUR, "iat": -2 * HOUR}, {"iat": HOUR, "exp": 2 * HOUR}, {"nbf": HOUR}]
)
def test_a_token_of_another_time_names_the_clocks(service: Crooked, times: dict[str, int]):
    service.claims = {name: int(time.time()) + seconds for name, seconds in times.items()}

    with pytest.raises(ClockDiffers, match="2 minutes"):
        come_back(service)


def test_clocks_may_differ_by_a_minute(service: Crooked):
    service.claims = {"exp": int(time.time()) - 60, "iat": int(time.time()) - 400}

    assert come_back(service).subject == "lan"


def test_a_token_without_a_signature_lets_nobody_in(service: Crooked):
    service.algorithm = "none"

    with pytest.raises(TokenRefused):
        come_back(service)


@pytest.mark.parametrize("known", ["the secret", "the public key"])
def test_a_token_signed_with_what_others_know_lets_nobody_in(service: Crooked, known: str):
    public = service.key.as_pem(private=False)
    service.algorithm = "HS256"
    service.shared = SECRET.encode() if known == "the secret" else public

    with pytest.raises(TokenRefused):
        come_back(service)


def test_a_token_signed_by_another_key_of_the_same_name_lets_nobody_in(service: Crooked):
    service.signer = another_key("one")

    with pytest.raises(TokenRefused):
        come_back(service)


def test_a_service_that_has_new_keys_is_asked_for_them_once(service: Crooked, key: RSAKey):
    hub = provider(service.issuer)
    come_back(service, hub)
    service.key = another_key("two")
    service.codes.clear()
    person = come_back(service, hub)
    service.key, service.shown = another_key("three"), [key]
    service.codes.clear()
    with pytest.raises(TokenRefused):
        come_back(service, hub)

    assert person.subject == "lan"
    assert service.asked.count("/jwks") == 3


@pytest.mark.parametrize("state", ["", "another"])
def test_an_answer_without_what_was_sent_lets_nobody_in(service: Crooked, state: str):
    with pytest.raises(AnswerNotOurs):
        come_back(service, state=state)

    assert "/token" not in service.asked


def test_a_code_is_exchanged_by_who_began_alone(service: Crooked):
    hub = provider(service.issuer)
    address, begun = hub.begin(BACK)
    service.took(address)
    stolen = begun._replace(verifier=hub.begin(BACK)[1].verifier)

    with pytest.raises(IssuerDeclined, match="invalid_grant"):
        hub.finish(stolen, BACK, {"state": begun.state, "code": "c1"})


def test_an_answer_that_names_another_service_lets_nobody_in(service: Crooked):
    with pytest.raises(TokenRefused, match="iss"):
        come_back(service, iss="https://elsewhere.example")
    assert "/token" not in service.asked

    assert come_back(service, iss=service.issuer).subject == "lan"


def test_a_service_that_names_itself_in_answers_has_to(service: Crooked):
    service.metadata = {"authorization_response_iss_parameter_supported": True}

    with pytest.raises(TokenRefused, match="iss"):
        come_back(service)


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://elsewhere.example"},
        {"token_endpoint": None},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"jwks_uri": "file:///etc/passwd"},
    ],
    ids=lambda told: next(iter(told)),
)
def test_a_service_that_is_none_or_another_is_not_used(service: Crooked, metadata: dict[str, Any]):
    service.metadata = metadata

    with pytest.raises(IssuerOdd):
        provider(service.issuer).begin(BACK)


def test_a_service_over_https_leads_nowhere_else():
    issuer = "https://login.example.vn"

    assert not keeps_to(issuer, "http://login.example.vn/token")
    assert keeps_to(issuer, "https://keys.example.vn/jwks")


def test_a_service_that_is_down_is_asked_again_a_little_later_only(service: Crooked):
    service.status = 503
    hub = provider(service.issuer)
    for _ in range(3):
        with pytest.raises(IssuerUnreachable, match="HTTP 503"):
            hub.begin(BACK)

    assert len(service.asked) == 1


def test_nothing_is_asked_before_somebody_wants_to_sign_in(service: Crooked):
    provider(service.issuer)

    assert service.asked == []


@pytest.mark.parametrize(
    ("taken", "secret", "sent"),
    [
        (None, SECRET, BASIC),
        (["client_secret_basic", "client_secret_post"], SECRET, BASIC),
        (["client_secret_post"], SECRET, SECRET),
        (None, "", ""),
    ],
)
def test_the_hub_says_who_it_is_as_the_service_wants_it(
    service: Crooked, taken: list[str] | None, secret: str, sent: str
):
    service.metadata = {"token_endpoint_auth_methods_supported": taken} if taken else {}
    come_back(service, provider(service.issuer, secret))

    assert service.credentials == [sent]


def test_a_mail_address_counts_only_where_it_was_verified():
    def person(**claims: object) -> Person:
        return Person(issuer="i", subject="s", claims={"email": "a@b.vn", **claims})

    assert person(email_verified=True).mail == "a@b.vn"
    assert [person(email_verified=each).mail for each in (False, "true", 1, None)] == [""] * 4


def test_no_error_and_no_setting_shows_the_secret(service: Crooked):
    settings = OidcSettings(issuer=service.issuer, client_id=CLIENT, client_secret=SECRET)
    service.claims = {"aud": "another"}
    with pytest.raises(TokenRefused) as caught:
        come_back(service)

    assert SECRET not in repr(settings) + str(caught.value)
