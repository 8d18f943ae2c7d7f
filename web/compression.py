"""Answers of the machine doors, compressed for those who ask for it."""

from __future__ import annotations

import gzip

from flask import Response, request

_WORTH_COMPRESSING = 1024
_LEVEL = 5


def compressed(response: Response) -> Response:
    """Compress an answer for those who accept gzip (OAI-PMH 2.0 s3.1.3)."""
    response.vary.add("Accept-Encoding")
    body = response.get_data()
    if len(body) >= _WORTH_COMPRESSING and request.accept_encodings.quality("gzip") > 0:
        response.set_data(gzip.compress(body, _LEVEL, mtime=0))
        response.content_encoding = "gzip"
    return response
