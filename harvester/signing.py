"""What is sent to one server only: credentials and headers of a source.

A redirect to another host, or away from https, must not carry them along; and what a server sends
back of them is taken out before anybody reads, logs or stores it.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping
from html import escape
from urllib.parse import quote, quote_plus, urlsplit

from crosswalks.errors import Said
from harvester.address import is_safe_for, with_arguments, without_arguments
from harvester.errors import BadRedirect
from harvester.model import Auth, HttpSettings

HIDDEN = "***"
_ESCAPE = re.compile("%[0-9A-F]{2}")


class Signer:
    """Signs the requests of one source."""

    def __init__(self, settings: HttpSettings) -> None:
        self._auth = settings.auth or Auth()
        self._headers = {**settings.headers, **self._auth.headers}
        self._secrets = sorted(_forms(self._auth), key=len, reverse=True)

    def headers(self, home: str, url: str) -> dict[bytes, bytes]:
        """Return the headers that may go to ``url`` in a request meant for ``home``."""
        if not is_safe_for(home, url):
            return {}
        # As bytes: values may be in any language.
        return {name.encode(): value.encode() for name, value in self._headers.items()}

    def wire(self, home: str, url: str) -> str:
        """Return the URL as it is really asked for, a key in its query perhaps."""
        if not self._auth.query or not is_safe_for(home, url):
            return url
        return with_arguments(url, self._auth.query)

    def bare(self, location: str) -> str:
        """Return a redirect's target without the key that the server repeats in it."""
        return without_arguments(location, self._auth.query) if self._auth.query else location

    def check_hop(self, home: str, url: str) -> None:
        """Raise BadRedirect where credentials would have to go over an open line."""
        has_secret = bool(self._auth.query or self._auth.headers)
        if has_secret and (urlsplit(home).scheme, urlsplit(url).scheme) == ("https", "http"):
            reason = Said(
                "it leaves https, and the credentials of the source could be read by anyone", {}
            )
            raise BadRedirect(url=home, target=self.hide(url), reason=reason)

    def hide(self, text: str) -> str:
        """Return a text without any of the secrets."""
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        return text

    def hide_echo(self, body: bytes) -> bytes:
        """Return an answer without the key of the query, where the server repeats its argument."""
        for name, value in self._auth.query.items():
            for form in {value, escape(value), *_quoted(value)}:
                if form.encode() in body:
                    echo = f"""({re.escape(name)}\\s*=\\s*["']?){re.escape(form)}"""
                    pattern = re.compile(echo.encode())
                    body = pattern.sub(rb"\1" + HIDDEN.encode(), body)
        return body


def _forms(auth: Auth) -> set[str]:
    """Return the secrets as they may appear in texts."""
    found = {value for value in (*auth.query.values(), *auth.headers.values()) if value}
    found |= {value.partition(" ")[2] for value in auth.headers.values()} - {""}
    return found.union(*map(_quoted, found))


def _quoted(value: str) -> set[str]:
    """Return a value as it may stand in a URL; servers write the digits in either case."""
    upper = {quote(value, safe=""), quote_plus(value)}
    return upper | {_ESCAPE.sub(lambda found: found[0].lower(), each) for each in upper}


def basic(user: str, password: str) -> Mapping[str, str]:
    """Return the header of basic authentication (RFC 7617), in UTF-8."""
    pair = b64encode(f"{user}:{password}".encode()).decode("ascii")
    return {"Authorization": f"Basic {pair}"}
