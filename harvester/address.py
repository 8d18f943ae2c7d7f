"""Addresses as people type them and servers send them: checked, put together, compared."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import SplitResult, parse_qsl, quote, urlencode, urljoin, urlsplit, urlunsplit

import httpx2

from crosswalks.errors import Said
from harvester.errors import BadRedirect, BadUrl

_PORTS = {"http": 80, "https": 443}


def with_arguments(url: str, arguments: Mapping[str, str]) -> str:
    """Return a base URL with arguments added to those it has already; raise BadUrl."""
    parts = urlsplit(checked(url))
    query = [*parse_qsl(parts.query, keep_blank_values=True), *arguments.items()]
    # Everything outside the unreserved characters, once: tokens hold any of them.
    return urlunsplit(parts._replace(query=urlencode(query, safe="", quote_via=quote), fragment=""))


def without_arguments(url: str, arguments: Mapping[str, str]) -> str:
    """Return a URL without those of its arguments that have just these values."""
    parts = urlsplit(url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    kept = [(name, value) for name, value in query if arguments.get(name) != value]
    if len(kept) == len(query):
        return url
    return urlunsplit(parts._replace(query=urlencode(kept, safe="", quote_via=quote)))


def checked(url: str) -> str:
    """Return an http(s) URL that names a host and carries no password; raise BadUrl."""
    try:
        parts = urlsplit(url)
        httpx2.URL(url)
        reason = _fault(parts)
    except (ValueError, httpx2.InvalidURL) as error:
        raise BadUrl(url=url, reason=str(error)) from error
    if reason:
        raise BadUrl(url=url, reason=reason)
    return url


def _fault(parts: SplitResult) -> str:
    if parts.scheme not in {"http", "https"}:
        return Said("it does not begin with http:// or https://", {})
    if not parts.hostname or parts.port == 0:
        return Said("it names no host", {})
    return Said("it has a user name in it", {}) if parts.username is not None else ""


def next_hop(url: str, here: str, location: str) -> str:
    """Return where a redirect met at ``here`` leads; raise BadRedirect."""
    try:
        return checked(urljoin(here, location))
    except BadUrl as error:
        raise BadRedirect(url=url, target=location, reason=error.details["reason"]) from error
    except ValueError as error:
        raise BadRedirect(url=url, target=location, reason=str(error)) from error


def base(url: str) -> str:
    """Return a URL without its query and fragment."""
    return urlunsplit(urlsplit(url)._replace(query="", fragment=""))


def port_of(url: str) -> int:
    """Return the port a URL leads to."""
    parts = urlsplit(url)
    return parts.port or _PORTS[parts.scheme]


def server_of(url: str) -> str:
    """Return what names the server of a URL: its host, with the port where it is an unusual one.

    The two usual ports are one server. Empty for what is no URL of a host.
    """
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return ""
    return host if port in (None, *_PORTS.values()) else f"{host}:{port}"


def is_safe_for(home: str, url: str) -> bool:
    """Return whether what is meant for the server of ``home`` may be sent to ``url``.

    That is the same host and port, or the same host where http became https.
    """
    old, new = urlsplit(home), urlsplit(url)
    if old.hostname != new.hostname:
        return False
    if (old.scheme, new.scheme) == ("http", "https"):
        return (port_of(home), port_of(url)) == (80, 443)
    return old.scheme == new.scheme and port_of(home) == port_of(url)
