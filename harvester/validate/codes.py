"""Everything that can be found, and how much it matters.

An error is what OAI-PMH 2.0 forbids or what makes harvesters lose, keep or spoil records; a warning
is what many harvesters stumble over; what is told for information is allowed.
"""

from __future__ import annotations

from collections.abc import Mapping

from crosswalks.model import Severity

_WORDS = {
    Severity.ERROR: """
        no-answer http-status empty-answer html-page not-oai not-well-formed content-type charset
        not-utf-8 bad-utf-8 packed-unsaid packed-undone packed-always
        unexpected-element missing-element illegal-value unexpected-attribute unexpected-text
        metadata-namespace error-code error-with-content wrong-verb-element response-date
        request-url request-attributes request-attributes-on-error schema-location
        no-identify base-url-form base-url earliest-form earliest-granularity earliest-future
        earliest-late  clock-zone oai-identifier oai-identifier-sample
        post post-differs
        verb-accepted argument-accepted argument-twice-accepted argument-missing-accepted
        format-accepted identifier-accepted date-accepted span-backwards-accepted
        granularity-mixed-accepted granularity-finer-accepted from-ignored until-ignored
        set-accepted token-accepted token-argument-accepted token-of-other-accepted wrong-error
        formats-refused format-twice no-oai-dc oai-dc-namespace format-not-given format-mixed
        not-in-oai-dc item-formats-refused item-without-oai-dc item-format-unknown
        item-format-refused
        sets-refused set-twice set-spec set-unlisted set-refused set-ignored set-hierarchy
        set-incomplete
        cursor list-size token-expired token-refused list-broken endless-list no-last-token doubled
        live-and-deleted skipped records-missing tombstones-missing header-differs
        token-again-differs order-unstable list-unstable datestamps-move
        deleted-with-metadata deleted-with-about no-metadata deleted-unannounced datestamp-form
        datestamp-granularity datestamp-future
        get-record-refused get-record-deleted get-record-other get-record-header get-record-metadata
        span-refused before-from after-until from-exclusive until-exclusive span-incomplete
        oai-dc marc21 text-misread text-old-encoding
    """,
    Severity.WARNING: """
        broke-off no-retry-after status-with-error doctype no-schema-location no-name mailto
        clock clock-back
        oai-identifier-twice verb-case-accepted date-form-accepted token-twice-accepted
        schema-url format-namespace oai-dc-schema set-parent size-changes token-short
        token-forgotten token-once identifier-no-uri identifier-scheme metadata-unsteady
        text-misread-some text-lost text-control slow
    """,
    Severity.INFO: """
        no-declaration no-metadata-location compression-identity compression-undone clock-stands
        speed token-session pages-small pages-large
    """,
}
SEVERITIES: Mapping[str, Severity] = {
    code: severity for severity, codes in _WORDS.items() for code in codes.split()
}
"""Every code with how much it matters."""
