"""Headers that every answer carries: nothing is run, framed, sniffed or fetched from elsewhere."""

from __future__ import annotations

from flask import Flask, Response

_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'"
)
WITH_OUR_SCRIPT = f"{_POLICY}; script-src 'self'; connect-src 'self'"
"""The policy of pages that have a script: our own file, which asks this server only."""
HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-cache",
}
LARGEST_BODY = 64 * 1024
"""Bytes that a request may have where a page does not say otherwise."""


def install(app: Flask) -> None:
    """Put the headers on every answer and a limit on every request."""
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.after_request(_harden)


def _harden(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response
