"""A repository served, and judged by the validator."""

from __future__ import annotations

from collections.abc import Callable

from harvester.model import HttpSettings
from harvester.validate.examine import Report, validate
from harvester.validate.model import Options
from support.judged.provider import Provider
from support.loopback import Reply, Request, replying

SETTINGS = HttpSettings(allow_networks=("127.0.0.0/8",), first_wait=0.001)
QUICK = Options(pause=0, samples=14, windows=8, sets=4)


def judged(provider: Provider, options: Options = QUICK) -> Report:
    """Return what is said of a repository."""
    with replying(provider) as url:
        provider.url = url + provider.query
        return validate(provider.url, SETTINGS, options)


def judged_as(respond: Callable[[Request], Reply], options: Options = QUICK) -> Report:
    """Return what is said of whatever answers."""
    with replying(respond) as url:
        return validate(url, SETTINGS, options)


def codes(report: Report, *severities: str) -> set[str]:
    """Return the codes of what was found, of some severities or of all."""
    return {each.code for each in report.findings if each.severity in severities or not severities}
