"""Sign-in services on 127.0.0.1: one that others wrote, and one that lies as a test tells it to."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from wsgiref.types import StartResponse, WSGIEnvironment

import httpx2
from joserfc import jws
from joserfc.jwk import RSAKey

from harvester.oidc.model import OidcSettings
from harvester.oidc.provider import Provider
from support.loopback import serving
from support.processes import running
from web.staff.room import SingleSignOn

CLIENT = "lien-thong"
SECRET = "một bí mật: 100% + dài"
_PEER = """
import sys
from werkzeug.serving import make_server
from oidc_provider_mock import app
server = make_server("127.0.0.1", 0, app(require_nonce=True), threaded=True)
print("listens at", server.server_port, flush=True)
server.serve_forever()
"""


@dataclass(frozen=True, kw_only=True)
class Peer:
    """The service that others wrote: ``oidc-provider-mock``."""

    issuer: str
    http: httpx2.Client

    def knows(self, subject: str, **claims: object) -> None:
        """Say what there is to tell of a person."""
        self.http.put(f"{self.issuer}/users/{subject}", json=claims).raise_for_status()

    def signs_in(self, address: str, subject: str) -> str:
        """Sign in on the page that somebody was sent to; return where its answer leads."""
        answer = self.http.post(address, data={"sub": subject})
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]

    def denies(self, address: str) -> str:
        """Press the other button of that page."""
        answer = self.http.post(address, data={"action": "deny"})
        return answer.headers["Location"]


@contextmanager
def peer() -> Iterator[Peer]:
    """Run the service of others as a process of its own."""
    import sys

    with running([sys.executable, "-c", _PEER]) as [process]:
        port = process.await_text("listens at").split()[-1]
        with httpx2.Client(verify=False) as http:
            yield Peer(issuer=f"http://127.0.0.1:{port}", http=http)


@dataclass(kw_only=True)
class Crooked:
    """A service of our own: right, but for what a test changes."""

    key: RSAKey = field(default_factory=lambda: _named(RSAKey.generate_key(2048), "one"))
    shown: list[RSAKey] = field(default_factory=list)
    """Keys that it shows; empty: the one it signs with."""
    issuer: str = ""
    nonce: str = ""
    challenge: str = ""
    """What the verifier has to fit (RFC 7636 s4.6)."""
    claims: dict[str, Any] = field(default_factory=dict)
    """In place of the usual ones; None leaves one out."""
    algorithm: str = "RS256"
    signer: RSAKey | None = None
    """Another key to sign with."""
    shared: bytes = b""
    """What it signs with by HMAC, as a service with a secret may (RFC 7518 s3.2)."""
    metadata: dict[str, Any] = field(default_factory=dict)
    status: int = 200
    asked: list[str] = field(default_factory=list)
    """Paths, in order."""
    credentials: list[str] = field(default_factory=list)
    """How the hub said who it is."""
    codes: set[str] = field(default_factory=set)
    """Those that were taken."""

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> list[bytes]:
        """Answer a request (PEP 3333)."""
        path = environ["PATH_INFO"]
        self.asked.append(path)
        answers: dict[str, Callable[[], tuple[int, dict[str, Any]]]] = {
            "/.well-known/openid-configuration": self._configuration,
            "/jwks": self._jwks,
            "/token": lambda: self._token(environ),
        }
        status, told = answers[path]()
        body = json.dumps(told).encode()
        start(f"{status} X", [("Content-Type", "application/json")])
        return [body]

    def took(self, address: str) -> None:
        """Take note of what somebody was sent here with."""
        told = dict(parse_qsl(urlsplit(address).query))
        self.nonce, self.challenge = told["nonce"], told["code_challenge"]

    def id_token(self) -> str:
        """Return the token of somebody who has signed in."""
        now = int(time.time())
        usual = {
            "iss": self.issuer,
            "sub": "lan",
            "aud": CLIENT,
            "exp": now + 300,
            "iat": now,
            "nonce": self.nonce,
        }
        told = {name: value for name, value in (usual | self.claims).items() if value is not None}
        if self.algorithm == "none":
            parts = ({"alg": "none"}, told)
            return ".".join(map(_segment, parts)) + "."
        header = {"alg": self.algorithm, "kid": self.key.kid}
        if self.shared:
            signed = ".".join(map(_segment, (header, told)))
            digest = hmac.digest(self.shared, signed.encode(), "sha256")
            return f"{signed}.{_text(digest)}"
        signer = self.signer or self.key
        registry = jws.JWSRegistry(algorithms=[self.algorithm])
        return jws.serialize_compact(header, json.dumps(told), signer, registry=registry)

    def _configuration(self) -> tuple[int, dict[str, Any]]:
        usual = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
        }
        return self.status, usual | self.metadata

    def _jwks(self) -> tuple[int, dict[str, Any]]:
        keys = self.shown or [self.key]
        shown = [dict(each.as_dict(private=False)) for each in keys]
        return 200, {"keys": shown}

    def _token(self, environ: WSGIEnvironment) -> tuple[int, dict[str, Any]]:
        form = dict(parse_qsl(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])).decode()))
        self.credentials.append(environ.get("HTTP_AUTHORIZATION") or form.get("client_secret", ""))
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        proved = _text(digest) == self.challenge
        if not proved or form["code"] in self.codes:
            return 400, {"error": "invalid_grant"}
        self.codes.add(form["code"])
        return 200, {"token_type": "Bearer", "access_token": "a", "id_token": self.id_token()}


@contextmanager
def crooked(**changes: Any) -> Iterator[Crooked]:
    """Give a service of our own."""
    made = Crooked(**changes)
    with serving(made) as url:
        made.issuer = url
        yield made


def _named(key: RSAKey, name: str) -> RSAKey:
    return RSAKey.import_key({**key.as_dict(private=True), "kid": name, "use": "sig"})


def single_sign_on(issuer: str, **changes: Any) -> SingleSignOn:
    """Return how a hub lets people in by a service."""
    settings = OidcSettings(issuer=issuer, client_id=CLIENT, client_secret=SECRET)
    return SingleSignOn(service=Provider(settings), **changes)


def another_key(name: str) -> RSAKey:
    """Return a key that the service does not have."""
    return _named(RSAKey.generate_key(2048), name)


def _segment(told: object) -> str:
    return _text(json.dumps(told).encode())


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
