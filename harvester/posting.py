"""The way out for webhooks: one POST, only to where harvests may go as well.

Who may write an address here may not reach the networks behind the hub by it, so it goes through
the same guard, and no redirect is followed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from urllib.parse import urlsplit

import httpx2

from harvester.errors import WebhookGone, WebhookRefused, WebhookUnreachable
from harvester.model import HttpSettings
from harvester.network import Deadline, Guard
from harvester.transport import client

SECONDS = 20.0
"""For all of it."""
_MOST_READ = 64 * 1024


def post(settings: HttpSettings, url: str, body: bytes, headers: Mapping[str, str]) -> None:
    """Post a body; any status of success will do.

    Raises WebhookGone where it is of no use to try again, WebhookRefused, WebhookUnreachable, and
    what the guard raises. Addresses of webhooks hold secrets: errors name the host alone.
    """
    host = urlsplit(url).hostname or ""
    deadline = Deadline()
    deadline.start(SECONDS)
    quick = replace(settings, connect_timeout=SECONDS, read_timeout=SECONDS)
    try:
        with (
            client(quick, Guard(settings.allow_networks), deadline) as session,
            session.stream("POST", url, content=body, headers=dict(headers)) as response,
        ):
            _read_some(response)
            status = response.status_code
    except httpx2.TransportError as error:
        reason = str(error) or type(error).__name__
        raise WebhookUnreachable(host=host, reason=reason) from error
    if status == HTTPStatus.GONE:
        raise WebhookGone(host=host)
    if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        raise WebhookRefused(host=host, status=status)


def _read_some(response: httpx2.Response) -> None:
    """Hear the answer out, as servers expect, but no endless one."""
    read = 0
    for chunk in response.iter_raw():
        read += len(chunk)
        if read > _MOST_READ:
            return
