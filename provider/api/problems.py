"""What is not answered as problem documents (RFC 9457)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, NamedTuple

from provider.model import Response

TYPE = "application/problem+json"


class Problem(NamedTuple):
    """Why a request is not answered."""

    status: int
    code: str
    """Names the kind of problem for programs; empty where the status says all."""
    detail: str
    """In the language of whoever asks."""
    instance: str
    """The address that was asked."""
    more: Mapping[str, Any] = {}
    """What programs can go on with: the parameter that is wrong, the record to ask for."""


def response(problem: Problem, site: str, headers: Mapping[str, str] | None = None) -> Response:
    """Return the answer that tells of a problem; ``site`` is the address of the hub."""
    told = {
        "type": f"{site}/api#{problem.code}" if problem.code else "about:blank",
        "title": HTTPStatus(problem.status).phrase,
        "status": int(problem.status),
        "detail": problem.detail,
        "instance": problem.instance,
        **problem.more,
    }
    body = json.dumps(told, ensure_ascii=False).encode("utf-8", "replace")
    return Response(
        status=problem.status, headers={"Content-Type": TYPE, **(headers or {})}, body=body
    )
