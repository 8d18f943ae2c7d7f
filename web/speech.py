"""Which language a request is answered in, and the words and numbers of that language."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from babel.numbers import format_decimal
from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import HTTPException

from web.language import DEFAULT, LANGUAGES, Translate, translator
from web.site import current_site

_COOKIE = "lang"
_YEAR = 365 * 24 * 3600


def install(app: Flask) -> None:
    """Choose the language of every request, and give templates ``_``, ``lang`` and ``number``."""
    app.before_request(_choose)
    app.after_request(_remember)
    app.context_processor(_words)


def words() -> Translate:
    """Return the translator of the request under way."""
    return translator(language())


def language() -> str:
    """Return the code of the language of the request under way."""
    return str(g.get("language", DEFAULT))


def _choose() -> None:
    accepted = request.accept_languages.best_match(list(LANGUAGES))
    wishes = (request.args.get("lang"), request.cookies.get(_COOKIE), accepted, DEFAULT)
    g.language = next(wish for wish in wishes if wish in LANGUAGES)


def _remember(response: Response) -> Response:
    if request.args.get("lang") in LANGUAGES:
        secure = current_site().identity.base_url.startswith("https:")
        response.set_cookie(
            _COOKIE, language(), max_age=_YEAR, secure=secure, httponly=True, samesite="Lax"
        )
    return response


def _words() -> dict[str, Any]:
    spoken = language()
    return {
        "_": translator(spoken),
        "lang": spoken,
        "languages": LANGUAGES,
        "number": number,
        "in_language": _same_page,
    }


def number(value: float) -> str:
    """Return a number as the reader writes it."""
    return str(format_decimal(value, locale=language()))


def _same_page(wanted: str) -> str:
    """Return the address of this page in another language."""
    path = request.path
    if request.method == "POST":
        # What was posted cannot be asked for: back to where the form may have been.
        while path != "/" and not _is_page(path):
            path = path.rpartition("/")[0] or "/"
    arguments = {**request.args.to_dict(flat=False), "lang": [wanted]}
    return f"{quote(path)}?{urlencode(arguments, doseq=True)}"


def _is_page(path: str) -> bool:
    try:
        current_app.create_url_adapter(request).match(path, "GET")  # type: ignore[union-attr]
    except HTTPException:
        return False
    return True
