"""One step of a connection after the other, so that what fails can be named.

Goes the way of every harvest, with the same checks of addresses and certificates. Only to tell what
is wrong with a certificate is it looked at unverified; nothing is then sent.
"""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from http import HTTPStatus
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import httpcore2
from cryptography import x509
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID

from crosswalks.model import Problem
from harvester.address import port_of
from harvester.errors import CertificateRefused, HarvestError, HttpStatus, Unreachable
from harvester.http import Fetcher
from harvester.model import Answer, HttpSettings
from harvester.network import Deadline, Guard, GuardedBackend
from harvester.tls import context


class Certificate(NamedTuple):
    """What a server shows of itself."""

    issuer: str
    names: tuple[str, ...]
    until: datetime
    fetch_issuer: str = ""
    """Where it says that its issuer's certificate can be fetched."""
    protocol: str = ""
    """The version of TLS."""


class Greeting(NamedTuple):
    """What came of the first request."""

    answer: Answer
    notices: tuple[Problem, ...]


class Probe:
    """Looks at the server of one address, or at the proxy before it."""

    def __init__(self, url: str, settings: HttpSettings) -> None:
        self._url = url
        self._settings = settings
        self._guard = Guard(settings.allow_networks)
        goal = urlsplit(settings.proxy or url)
        self.host = goal.hostname or ""
        self.port = port_of(goal.geturl())

    @property
    def encrypted(self) -> bool:
        """Whether there is a certificate to look at: behind a proxy the request itself does it."""
        return urlsplit(self._url).scheme == "https" and not self._settings.proxy

    def addresses(self) -> list[str]:
        """Return the host's addresses; raise UnknownHost, AddressForbidden or Unreachable."""
        try:
            return list(dict.fromkeys(self._guard.addresses(self.host, self.port)))
        except httpcore2.ConnectError as error:
            raise Unreachable(url=self._url, reason=str(error)) from error

    def connect(self) -> str:
        """Return the address that a connection came about with; raise Unreachable."""
        stream = self._connect()
        try:
            return str(stream.get_extra_info("server_addr")[0])
        finally:
            stream.close()

    def certificate(self) -> Certificate:
        """Return the server's certificate, verified; raise what is wrong with it."""
        return self._handshake(context(self._settings.ca_bundle))

    def unverified(self) -> Certificate | None:
        """Return the certificate that was refused, to tell of; None where none is shown."""
        loose = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        loose.check_hostname = False
        loose.verify_mode = ssl.CERT_NONE
        with suppress(HarvestError, ValueError):
            return self._handshake(loose)
        return None

    def greet(self, arguments: Mapping[str, str]) -> Greeting:
        """Return what the server answers; raise HarvestError, also for an error's status."""
        with Fetcher(self._settings) as fetcher:
            answer = fetcher.get(self._url, arguments)
            notices = fetcher.notices()
        if answer.status >= HTTPStatus.BAD_REQUEST and b"OAI-PMH" not in answer.body:
            raise status_error(answer)
        return Greeting(answer, notices)

    def _connect(self) -> httpcore2.NetworkStream:
        deadline = Deadline()
        deadline.start(self._settings.connect_timeout)
        try:
            return GuardedBackend(self._guard, deadline).connect_tcp(
                self.host, self.port, self._settings.connect_timeout
            )
        except (httpcore2.NetworkError, httpcore2.TimeoutException) as error:
            reason = str(error) or type(error).__name__
            raise Unreachable(url=self._url, reason=reason) from error

    def _handshake(self, verify: ssl.SSLContext) -> Certificate:
        stream = self._connect()
        try:
            # It takes the place of the open one, which must not be closed twice.
            stream = stream.start_tls(verify, self.host, self._settings.connect_timeout)
            tls = stream.get_extra_info("ssl_object")
            return _read(tls.getpeercert(True), tls.version() or "")
        except (httpcore2.NetworkError, httpcore2.TimeoutException) as error:
            raise Unreachable(url=self._url, reason=str(error)) from error
        finally:
            stream.close()


def status_error(answer: Answer) -> HttpStatus:
    """Return the error for an answer that is none."""
    known = answer.status in HTTPStatus.__members__.values()
    phrase = HTTPStatus(answer.status).phrase if known else ""
    return HttpStatus(url=answer.url, status=answer.status, phrase=phrase)


def is_about_certificate(error: HarvestError) -> bool:
    """Tell whether an error is about a certificate that can be looked at."""
    return isinstance(error, CertificateRefused)


def _read(der: bytes, protocol: str) -> Certificate:
    shown = x509.load_der_x509_certificate(der)
    return Certificate(
        issuer=_name(shown.issuer),
        names=_names(shown),
        until=shown.not_valid_after_utc,
        fetch_issuer=_fetch_issuer(shown),
        protocol=protocol,
    )


def _name(name: x509.Name) -> str:
    for kind in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
        found = name.get_attributes_for_oid(kind)
        if found:
            return str(found[0].value)
    return name.rfc4514_string()


def _names(shown: x509.Certificate) -> tuple[str, ...]:
    found = _extension(shown, x509.SubjectAlternativeName)
    return tuple(str(each.value) for each in found) if found else (_name(shown.subject),)


def _fetch_issuer(shown: x509.Certificate) -> str:
    for each in _extension(shown, x509.AuthorityInformationAccess) or ():
        if each.access_method == AuthorityInformationAccessOID.CA_ISSUERS:
            return str(each.access_location.value)
    return ""


def _extension(shown: x509.Certificate, kind: type[Any]) -> Any:
    try:
        return shown.extensions.get_extension_for_class(kind).value
    except (x509.ExtensionNotFound, ValueError):
        return None
