"""Answers that a browser keeps as files."""

from __future__ import annotations

from typing import TypeVar

from werkzeug.wrappers import Response

R = TypeVar("R", bound=Response)


def attached(answer: R, name: str) -> R:
    """Return an answer as a file of this name (RFC 6266)."""
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
