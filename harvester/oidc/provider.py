"""A sign-in service: somebody is sent there, and comes back with an answer."""

from __future__ import annotations

import hmac
import time
from collections.abc import Mapping
from http import HTTPStatus
from threading import Lock
from typing import Any, Protocol
from urllib.parse import quote_plus, urlencode, urlsplit

from harvester.oidc.asking import ask
from harvester.oidc.errors import (
    AnswerNotOurs,
    IssuerDeclined,
    IssuerError,
    IssuerOdd,
    TokenRefused,
)
from harvester.oidc.model import Begun, OidcSettings, Person
from harvester.oidc.tokens import person_of

DISCOVERY = "/.well-known/openid-configuration"
_KEPT = 3600
"""Seconds that what the service says of itself is kept."""
_AGAIN = 10
"""Seconds after which one that failed is asked again: who is not signed in must not keep us busy
with waiting for it.
"""
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_BASIC = "client_secret_basic"
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class SignInService(Protocol):
    """What screens need of a sign-in service."""

    def begin(self, back: str) -> tuple[str, Begun]:
        """Return where somebody is sent, and what to remember until the answer comes ``back``."""

    def finish(self, begun: Begun, back: str, answer: Mapping[str, str]) -> Person:
        """Return who somebody is; raise IssuerError."""


class Provider:
    """A service that speaks OpenID Connect, found by its address (Discovery 1.0 s4)."""

    def __init__(self, settings: OidcSettings) -> None:
        self._settings = settings
        self._host = urlsplit(settings.issuer).hostname or ""
        self._lock = Lock()
        self._known: dict[str, Any] = {}
        self._keys: dict[str, Any] = {}
        self._failure: IssuerError | None = None
        self._until = 0.0
        """Until when what is known holds, or what failed is not tried again; monotonic."""

    def begin(self, back: str) -> tuple[str, Begun]:
        """Return where somebody is sent, and what to remember; raise IssuerError.

        ``back`` is the address the answer comes to, which the service has to know.
        """
        from authlib.common.security import generate_token  # noqa: PLC0415 - an extra
        from authlib.oauth2.rfc6749.parameters import prepare_grant_uri  # noqa: PLC0415 - as above
        from authlib.oauth2.rfc7636 import create_s256_code_challenge  # noqa: PLC0415 - as above

        begun = Begun(*(generate_token(48) for _ in Begun._fields))
        address = prepare_grant_uri(
            self._metadata()["authorization_endpoint"],
            client_id=self._settings.client_id,
            response_type="code",
            redirect_uri=back,
            scope=self._settings.scopes,
            state=begun.state,
            nonce=begun.nonce,
            code_challenge=create_s256_code_challenge(begun.verifier),
            code_challenge_method="S256",
        )
        return str(address), begun

    def finish(self, begun: Begun, back: str, answer: Mapping[str, str]) -> Person:
        """Return who came back, once everything the answer says has been checked.

        Raises AnswerNotOurs, IssuerDeclined, TokenRefused, ClockDiffers, IssuerUnreachable or
        IssuerOdd.
        """
        given = answer.get("state", "").encode("utf-8", "replace")
        if not begun.state or not hmac.compare_digest(begun.state.encode(), given):
            raise AnswerNotOurs(host=self._host)
        metadata = self._metadata()
        self._check_issuer(metadata, answer)
        if "error" in answer or not answer.get("code"):
            raise IssuerDeclined(host=self._host, reason=answer.get("error") or "code")
        token = self._exchanged(metadata, begun, back, answer["code"])
        try:
            return person_of(self._settings, token, self._signing(metadata), begun.nonce)
        except KeyError:
            # The service has new keys since they were asked for.
            keys = self._signing(metadata, anew=True)
        try:
            return person_of(self._settings, token, keys, begun.nonce)
        except KeyError as error:
            raise TokenRefused(host=self._host, reason=error) from error

    def _check_issuer(self, metadata: Mapping[str, Any], answer: Mapping[str, str]) -> None:
        """Believe no answer that another service sent (RFC 9207 s2.4)."""
        wanted = metadata.get("authorization_response_iss_parameter_supported") is True
        told = answer.get("iss", "" if wanted else self._settings.issuer)
        if told != self._settings.issuer:
            raise TokenRefused(host=self._host, reason="iss")

    def _exchanged(
        self, metadata: Mapping[str, Any], begun: Begun, back: str, code: str
    ) -> dict[str, Any]:
        """Return what the service gives for a code (RFC 6749 s4.1.3)."""
        told = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "code_verifier": begun.verifier,
        }
        url = metadata["token_endpoint"]
        headers, form = self._signed(metadata, url, urlencode(told))
        answer = ask(self._settings.http, url, form, headers)
        if answer.status != HTTPStatus.OK:
            reason = answer.told.get("error") or f"HTTP {answer.status}"
            raise IssuerDeclined(host=self._host, reason=reason)
        return answer.told

    def _signed(
        self, metadata: Mapping[str, Any], url: str, form: str
    ) -> tuple[dict[str, str], str]:
        """Return headers and form with which the hub says who it is (RFC 6749 s2.3.1)."""
        from authlib.oauth2.auth import ClientAuth  # noqa: PLC0415 - an extra

        name, secret = self._settings.client_id, self._settings.client_secret
        # Where a service does not say, it takes the first one (Discovery 1.0 s3).
        taken = metadata.get("token_endpoint_auth_methods_supported") or [_BASIC]
        way = (_BASIC if _BASIC in taken else "client_secret_post") if secret else "none"
        if way == _BASIC:
            # Encoded before they are put together, or a sign in a secret would mean another one.
            name, secret = quote_plus(name), quote_plus(secret)
        auth = ClientAuth(name, secret, way)
        _, headers, body = auth.prepare("POST", url, dict(_FORM), form)
        return dict(headers), str(body)

    def _signing(self, metadata: Mapping[str, Any], *, anew: bool = False) -> dict[str, Any]:
        """Return the keys that the service signs with."""
        with self._lock:
            if anew or not self._keys:
                answer = ask(self._settings.http, metadata["jwks_uri"])
                if answer.status != HTTPStatus.OK:
                    raise IssuerOdd(host=self._host, reason=f"HTTP {answer.status}")
                self._keys = answer.told
            return self._keys

    def _metadata(self) -> dict[str, Any]:
        """Return what the service says of itself, asked for when somebody first needs it."""
        with self._lock:
            if time.monotonic() < self._until:
                if self._failure is not None:
                    raise type(self._failure)(**self._failure.details)
                return self._known
            self._known, self._keys, self._failure = {}, {}, None
            try:
                self._known = self._discovered()
            except IssuerError as error:
                self._failure = error
                self._until = time.monotonic() + _AGAIN
                raise
            self._until = time.monotonic() + _KEPT
            return self._known

    def _discovered(self) -> dict[str, Any]:
        answer = ask(self._settings.http, self._settings.issuer.rstrip("/") + DISCOVERY)
        told = answer.told
        if answer.status != HTTPStatus.OK:
            raise IssuerOdd(host=self._host, reason=f"HTTP {answer.status}")
        # Or another service could answer for this one (Discovery 1.0 s4.3).
        if told.get("issuer") != self._settings.issuer:
            raise IssuerOdd(host=self._host, reason=f"issuer {told.get('issuer')}")
        for name in _ENDPOINTS:
            if not keeps_to(self._settings.issuer, told.get(name)):
                raise IssuerOdd(host=self._host, reason=name)
        return told


def keeps_to(issuer: str, address: object) -> bool:
    """Tell whether something is an address, over HTTPS where the service itself is."""
    schemes = {urlsplit(issuer).scheme, "https"}
    return isinstance(address, str) and urlsplit(address).scheme in schemes
