"""Answers that are no answers: the door is shut, and knocking again at once makes it worse."""

from __future__ import annotations

import re
from http import HTTPStatus

from crosswalks.errors import Said
from harvester.errors import Blocked, HarvestError, ProxyFailed, SignInNeeded
from harvester.model import Answer

_LOOK_AT = 65_536
_OAI = re.compile(rb"<([\w.-]+:)?OAI-PMH[\s>]")
_WALL_HEADERS = ("cf-mitigated", "x-amzn-waf-action", "x-datadome")
_WALL_PAGES = re.compile(
    rb"challenge-platform|cf[-_]chl[-_]|_Incapsula_Resource|captcha-delivery\.com|awswaf\.com"
    rb"|aws-waf-token|anubis_challenge|/\.within\.website/x/cmd/anubis|geo\.captcha"
    rb"|g-recaptcha|hcaptcha\.com"
)
"""What the challenge pages of Cloudflare, Imperva, DataDome, AWS, Anubis and others hold."""


def refusal(answer: Answer, proxy: str) -> HarvestError | None:
    """Return why an answer will not change by asking again soon, or None where it may.

    An answer in OAI-PMH is one, whatever its status.
    """
    if _OAI.search(answer.body, 0, 2048):
        return None
    if answer.status == HTTPStatus.UNAUTHORIZED:
        return SignInNeeded(url=answer.url)
    if answer.status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
        return ProxyFailed(proxy=proxy, url=answer.url, reason=Said("it asks for a user name", {}))
    if answer.status == HTTPStatus.FORBIDDEN or _is_wall(answer):
        return Blocked(url=answer.url, status=answer.status)
    return None


def _is_wall(answer: Answer) -> bool:
    if any(name in answer.headers for name in _WALL_HEADERS):
        return True
    return _WALL_PAGES.search(answer.body, 0, _LOOK_AT) is not None
