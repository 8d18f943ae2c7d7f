"""What goes between a hub and a sign-in service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from harvester.model import HttpSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class OidcSettings:
    """A sign-in service, and how the hub is known to it."""

    issuer: str
    """Its address, as it writes it itself."""
    client_id: str
    client_secret: str = field(default="", repr=False)
    """Empty for a client that has none: PKCE alone has to do."""
    scopes: str = "openid profile email"
    http: HttpSettings = field(default_factory=HttpSettings)


class Begun(NamedTuple):
    """What only the browser that began may know, until the answer comes."""

    state: str
    """Comes back with the answer (RFC 6749 s10.12)."""
    nonce: str
    """Comes back within the ID token (OpenID Connect Core 1.0 s15.5.2)."""
    verifier: str
    """Proves to the service that the code was ours (RFC 7636 s4.1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody whom the service knows, by what its ID token says; all of it was checked."""

    issuer: str
    subject: str
    claims: Mapping[str, Any]

    @property
    def mail(self) -> str:
        """Return the mail address that the service says it verified, or nothing."""
        mail = self.claims.get("email")
        # The word alone is no truth value: a service that sends "true" may send "false" too.
        return mail if isinstance(mail, str) and self.claims.get("email_verified") is True else ""

    def texts(self, claim: str) -> frozenset[str]:
        """Return the values of a claim that is a text or a list of texts."""
        value = self.claims.get(claim)
        many = value if isinstance(value, list) else [value]
        return frozenset(each for each in many if isinstance(each, str) and each)

    @property
    def methods(self) -> frozenset[str]:
        """Return how somebody signed in there (``amr``, RFC 8176) and to which degree (``acr``)."""
        return self.texts("amr") | self.texts("acr")
