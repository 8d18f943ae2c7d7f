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
_HTTPS_ONLY = {"Strict-Transport-Security": "max-age=31536000"}
"""A year (RFC 6797 s6.1.1); of this host alone: what else its domain has is not ours to say."""
LARGEST_BODY = 64 * 1024
"""Bytes that a request may have where a page does not say otherwise."""


def headers_of(base_url: str) -> dict[str, str]:
    """Return the headers that every answer of a hub at this address carries."""
    return HEADERS | (_HTTPS_ONLY if base_url.startswith("https:") else {})


def install(app: Flask, base_url: str) -> None:
    """Put the headers on every answer and a limit on every request."""
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    headers = headers_of(base_url)

    def harden(response: Response) -> Response:
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        return response

    app.after_request(harden)
