"""The client that everything goes out by: our own connections, with or without a proxy."""

from __future__ import annotations

import httpcore2
import httpx2

from harvester.model import HttpSettings
from harvester.network import Deadline, Guard, GuardedBackend
from harvester.tls import context


def client(settings: HttpSettings, guard: Guard, deadline: Deadline) -> httpx2.Client:
    """Return a client with one kept-alive connection that goes only where it may."""
    # As bytes: a hub's own name may have Vietnamese letters in it.
    headers = {
        b"User-Agent": settings.user_agent.encode(),
        b"Accept": b"text/xml, application/xml, */*;q=0.5",
        b"Accept-Encoding": b"gzip, identity",
    }
    if settings.from_email:
        headers[b"From"] = settings.from_email.encode()
    timeout = httpx2.Timeout(settings.read_timeout, connect=settings.connect_timeout)
    return httpx2.Client(
        headers=headers,
        transport=_GuardedTransport(settings, GuardedBackend(guard, deadline)),
        timeout=timeout,
        trust_env=False,
        follow_redirects=False,
    )


class _GuardedTransport(httpx2.HTTPTransport):
    """httpx2's own transport over our connections; it has no public way to say so."""

    def __init__(self, settings: HttpSettings, backend: GuardedBackend) -> None:
        verify = context(settings.ca_bundle)
        super().__init__(verify=verify, trust_env=False)
        self._pool: httpcore2.ConnectionPool
        if settings.proxy:
            self._pool = httpcore2.HTTPProxy(
                settings.proxy, ssl_context=verify, max_connections=1, network_backend=backend
            )
        else:
            self._pool = httpcore2.ConnectionPool(
                ssl_context=verify, max_connections=1, network_backend=backend
            )
