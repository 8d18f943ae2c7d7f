"""Identify, and the envelope around every answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from support.judged.faults.keeping import (
    HEADERS,
    RECORDS,
    fault,
    of_text,
)
from support.judged.provider import Provider

of_text("protocolVersion 1.1", "illegal-value", "2.0</protocolV", "1.1</protocolV", "Identify")
of_text("an e-mail address that is none", "illegal-value", "a@example.org", "quản trị", "Identify")
of_text("no e-mail address", "missing-element", "<adminEmail>.*</adminEmail>", "", "Identify")
of_text("deletedRecord yes", "illegal-value", ">persistent<", ">yes<", "Identify")
of_text(
    "a granularity of minutes", "illegal-value", "YYYY-MM-DDThh:mm:ssZ<", "minutes<", "Identify"
)
of_text("no granularity", "missing-element", "<granularity>.*</granularity>", "", "Identify")
of_text("no name", "no-name", "<repositoryName>.*?</", "<repositoryName></", "Identify")
of_text(
    *("Identify in another order", "unexpected-element"),
    *("(<repositoryName>.*</repositoryName>)(<baseURL>.*</baseURL>)", r"\2\1"),
    "Identify",
)
of_text(
    *("a baseURL of this machine alone", "base-url", "<baseURL>.*</baseURL>"),
    *("<baseURL>http://localhost:8080/oai</baseURL>", "Identify"),
)
of_text(
    *("a baseURL that is no URL", "base-url-form", "<baseURL>.*</baseURL>"),
    *("<baseURL>/oai</baseURL>", "Identify"),
)
of_text(
    *("a sample identifier of another repository", "oai-identifier-sample"),
    *("<sampleIdentifier>oai:example.org", "<sampleIdentifier>oai:other.org", "Identify"),
)
of_text(
    *("oai-identifier without a delimiter", "oai-identifier"),
    *("<delimiter>:</delimiter>", "", "Identify"),
)
of_text("a responseDate with a fraction", "response-date", "Z</responseDate>", ".5Z</responseDate>")
of_text("a responseDate without a zone", "response-date", "Z</responseDate>", "</responseDate>")
of_text("a responseDate of a day", "response-date", "T[^<]*Z</responseDate>", "</responseDate>")
of_text("a request of another address", "request-url", r"(<request[^>]*>)[^<]*", r"\1http://x.org/")
of_text(
    *("a request without its arguments", "request-attributes"),
    *("<request [^>]*>", "<request>", RECORDS),
)
of_text(
    *("a request with the verb of another", "request-attributes"),
    *('<request verb="[A-Za-z]*"', '<request verb="Identify"', HEADERS),
)
of_text("no schemaLocation", "no-schema-location", r' xsi:schemaLocation="[^"]*"', "", "Identify")
of_text("an element that is unknown", "unexpected-element", "</request>", "</request><x/>")
of_text("an attribute that is unknown", "unexpected-attribute", "<header>", '<header a="1">')
of_text("a setSpec with a slash", "set-spec", "<setSpec>a:b<", "<setSpec>a/b<")
of_text("a status of live", "illegal-value", "<header>", '<header status="live">', RECORDS)


@fault("clock-zone")
def the_clock_of_viet_nam_as_utc(provider: Provider) -> None:
    def late() -> str:
        return (datetime.now(UTC) + timedelta(hours=7)).strftime("%Y-%m-%dT%H:%M:%SZ")

    provider.now = late  # type: ignore[method-assign]
