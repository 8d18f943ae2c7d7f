"""Connections that go only where they may, and end when their time is up.

Addresses are typed in by people and sent by servers (redirects), so each host is resolved once,
all of its addresses are checked, and the connection is made to the checked address: a name that
changes its answer between check and use (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import math
import socket
import ssl
import time
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

import httpcore2

from harvester.errors import AddressForbidden, BadNetwork, UnknownHost
from harvester.tls import refusal

_NAT64 = IPv6Network("64:ff9b::/96")
_6TO4_RELAYS = IPv4Network("192.88.99.0/24")
"""Leads to whatever relay is nearest; withdrawn (RFC 7526), and is_global takes it for public."""
_PASSING = {socket.EAI_AGAIN, socket.EAI_MEMORY, socket.EAI_SYSTEM}


class Guard:
    """Decides which addresses may be connected to: public ones, and those in named networks."""

    def __init__(self, allow_networks: Iterable[str]) -> None:
        self._allowed = [_network(text) for text in allow_networks]

    def addresses(self, host: str, port: int) -> list[str]:
        """Return the addresses of a host; raise AddressForbidden if any of them is not allowed."""
        found = [str(entry[4][0]) for entry in _resolve(host, port)]
        for address in found:
            if not self.permits(address):
                raise AddressForbidden(host=host, address=address)
        return found

    def permits(self, address: str) -> bool:
        """Return whether an address is public or in a named network."""
        target = _innermost(ip_address(address))
        return any(target in network for network in self._allowed) or _is_public(target)


def _network(text: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(text.strip())
    except ValueError as error:
        raise BadNetwork(text=text) from error


def _resolve(host: str, port: int) -> list[Any]:
    try:
        return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        if error.errno in _PASSING:
            raise httpcore2.ConnectError(str(error)) from error
        raise UnknownHost(host=host) from error
    except UnicodeError as error:
        raise UnknownHost(host=host) from error


def _innermost(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Return the IPv4 address that an IPv6 address leads to (mapped, 6to4, NAT64), or itself."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    # is_global alone lets multicast, old site-local and some reserved blocks through.
    return address.is_global and not (
        address.is_multicast
        or address.is_reserved
        or address in _6TO4_RELAYS
        or (isinstance(address, IPv6Address) and address.is_site_local)
    )


class Deadline:
    """The moment at which an answer must be complete, shared by all streams of a client."""

    def __init__(self) -> None:
        self._end = math.inf

    def start(self, seconds: float) -> None:
        """Begin to count anew."""
        self._end = time.monotonic() + seconds

    @property
    def passed(self) -> bool:
        """Whether the time is up."""
        return time.monotonic() >= self._end

    def left(self, timeout: float | None) -> float:
        """Return how long one operation may take at most."""
        left = self._end - time.monotonic()
        if left <= 0:
            msg = "the time for the whole answer is up"
            raise httpcore2.ReadTimeout(msg)
        return left if timeout is None else min(timeout, left)


class GuardedBackend(httpcore2.NetworkBackend):
    """Opens connections to checked addresses; TLS still verifies the name that was asked for."""

    def __init__(self, guard: Guard, deadline: Deadline) -> None:
        self._guard = guard
        self._deadline = deadline
        self._sockets = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        """Connect to the first of the host's addresses that answers."""
        failure: Exception = httpcore2.ConnectError(f"{host} has no address")
        for address in self._guard.addresses(host, port):
            try:
                stream = self._sockets.connect_tcp(
                    address, port, self._deadline.left(timeout), local_address, socket_options
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
            else:
                return _TimedStream(stream, self._deadline, host)
        raise failure


class _TimedStream(httpcore2.NetworkStream):
    """A connection whose every operation respects the deadline of the whole answer."""

    def __init__(self, stream: httpcore2.NetworkStream, deadline: Deadline, host: str) -> None:
        self._stream = stream
        self._deadline = deadline
        self._host = host

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        # Through a proxy the connection is the proxy's, and the certificate the server's.
        host = server_hostname or self._host
        try:
            stream = self._stream.start_tls(
                ssl_context, server_hostname, self._deadline.left(timeout)
            )
        except httpcore2.ConnectError as error:
            if isinstance(error.__cause__, ssl.SSLError):
                raise refusal(host, error.__cause__) from error
            raise
        return _TimedStream(stream, self._deadline, host)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
