"""Addresses of databases on Z39.50 servers: z3950://host:port/database, z3950s:// over TLS."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, urlsplit

from crosswalks.errors import Said
from harvester.z3950.errors import BadTargetUrl

SCHEMES = ("z3950", "z3950s")
_PORT = 210
"""That of Z39.50 (IANA)."""
_DATABASE = "Default"
"""What YAZ calls a database that nobody named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a database is; several are searched as one."""

    url: str
    host: str
    port: int
    databases: tuple[str, ...]
    tls: bool


def parse(url: str) -> Address:
    """Return what an address says; raise BadTargetUrl.

    The port is 210 unless one is given, the database Default; several have ``+`` between them.
    """
    try:
        parts = urlsplit(url.strip())
        port = _PORT if parts.port is None else parts.port
        reason = _fault(parts)
    except ValueError as error:
        raise BadTargetUrl(url=url, reason=str(error)) from error
    if reason:
        raise BadTargetUrl(url=url, reason=reason)
    path = parts.path.strip("/")
    return Address(
        url=url.strip(),
        host=parts.hostname or "",
        port=port,
        databases=tuple(unquote(each) for each in path.split("+") if each) or (_DATABASE,),
        tls=parts.scheme == "z3950s",
    )


def _fault(parts: SplitResult) -> str:
    if parts.scheme not in SCHEMES:
        return Said("it does not begin with z3950:// or z3950s://", {})
    if not parts.hostname or parts.port == 0:
        return Said("it names no host", {})
    if parts.username is not None:
        return Said("it has a user name in it", {})
    if "/" in parts.path.strip("/") or parts.query or parts.fragment:
        return Said("there is more behind the database", {})
    return ""
