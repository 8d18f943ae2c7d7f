"""Requests that are wrong, and are answered all the same."""

from __future__ import annotations

from support.judged.faults.keeping import (
    ARGUMENTS,
    RECORDS,
    accept,
    fault,
    of_text,
    taking,
)
from support.judged.provider import Provider
from support.loopback import Reply, Request

accept(
    *("unknown arguments", "argument-accepted", "badArgument"),
    lambda told: bool(told.keys() - ARGUMENTS),
)
accept(
    *("unknown arguments of Identify", "argument-accepted", "badArgument"),
    lambda told: told["verb"] == "Identify",
)
accept(
    *("arguments of other verbs", "argument-accepted", "badArgument"),
    lambda told: told["verb"] == "ListSets" and "metadataPrefix" in told,
)


@fault("argument-twice-accepted")
def arguments_twice(provider: Provider) -> None:
    provider.on_error = lambda code, request: (
        None
        if code == "badArgument"
        and len(request.pairs) > len(request.arguments)
        and "metadataPrefix" in request.arguments
        else code
    )


@fault("verb-accepted")
def the_verb_twice(provider: Provider) -> None:
    provider.on_error = lambda code, request: (
        None if code == "badVerb" and request.arguments.get("verb") == "Identify" else code
    )


@fault("verb-accepted")
def no_verb_is_identify(provider: Provider) -> None:
    provider.on_error = lambda code, request: (
        None if code == "badVerb" and "verb" not in request.arguments else code
    )


@fault("argument-missing-accepted")
def a_default_format(provider: Provider) -> None:
    def filled(request: Request) -> Reply | None:
        told = request.arguments
        if told.get("verb") != RECORDS or {"metadataPrefix", "resumptionToken"} & told.keys():
            return None
        pairs = (*request.pairs, ("metadataPrefix", "oai_dc"))
        return provider(Request(request.path, dict(pairs), {}, pairs))

    provider.on_request = filled


def _other_prefix(told: dict[str, str]) -> dict[str, str] | None:
    known = told.get("metadataPrefix") in {None, "oai_dc", "marc21"}
    return None if known else {**told, "metadataPrefix": "oai_dc"}


taking("any format is Dublin Core", "format-accepted", _other_prefix)
taking(
    *("dates cut to days", "date-form-accepted"),
    lambda told: {k: v[:10] if k in {"from", "until"} else v for k, v in told.items()},
)
taking(
    *("mixed granularity", "granularity-mixed-accepted"),
    lambda told: (
        {**told, "from": told["from"][:10], "until": told["until"][:10]}
        if {"from", "until"} <= told.keys() and len(told["from"]) != len(told["until"])
        else None
    ),
)
taking(
    *("from after until is turned round", "span-backwards-accepted"),
    lambda told: (
        {**told, "from": told["until"], "until": told["from"]}
        if told.get("from", "") > told.get("until", "~")
        else None
    ),
)
taking(
    *("dates that are none are overlooked", "date-accepted"),
    lambda told: (
        {k: v for k, v in told.items() if k != "from"} if told.get("from") == "junk" else None
    ),
)
taking(
    *("impossible dates are overlooked", "date-accepted"),
    lambda told: (
        {k: v for k, v in told.items() if k != "from"} if told.get("from") == "2002-02-30" else None
    ),
)
taking(
    *("unknown identifiers give the first record", "identifier-accepted"),
    lambda told: (
        {**told, "identifier": "oai:example.org:0"}
        if "no-such" in told.get("identifier", "")
        else None
    ),
)
taking(
    *("unknown sets are everything", "set-accepted"),
    lambda told: (
        {k: v for k, v in told.items() if k != "set"} if "no-such" in told.get("set", "") else None
    ),
)
for _right, _wrong, _name in (
    ("badArgument", "badVerb", "a wrong argument is a wrong verb"),
    ("badVerb", "badArgument", "a wrong verb is a wrong argument"),
    ("badResumptionToken", "badArgument", "a bad token is a wrong argument"),
    ("cannotDisseminateFormat", "badArgument", "an unknown format is a wrong argument"),
):
    of_text(_name, "wrong-error", f'code="{_right}"', f'code="{_wrong}"')
of_text("idDoesNotExist is noRecordsMatch", "wrong-error", "idDoesNotExist", "noRecordsMatch")
of_text("an invented error", "error-code", "idDoesNotExist", "InternalException")
of_text("an error without a code", "missing-element", ' code="[A-Za-z]+"', "")
of_text(
    *("an error beside content", "error-with-content", "(<error code=.badArg.*?</error>)"),
    r"\1<ListRecords/>",
)
of_text(
    *("arguments repeated with badArgument", "request-attributes-on-error"),
    "<request>(.*badArgument)", r'<request verb="ListRecords">\1',
)  # fmt: skip
