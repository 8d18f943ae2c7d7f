"""Why a harvest stopped, each with what a librarian may do next."""

from __future__ import annotations

from typing import ClassVar

from crosswalks.errors import Error


class HarvestError(Error):
    """The source could not be harvested: {reason}"""

    transient: ClassVar[bool] = False
    """True where asking again after a while may well succeed."""


class UnknownProtocol(HarvestError):
    """There is no protocol named {name}. Use one of: {known}"""

    wrong_use: ClassVar[bool] = True


class BadUrl(HarvestError):
    """{url} is not an address that can be harvested: {reason}. Write it as http(s)://host/path,
    without a password in it.
    """

    wrong_use: ClassVar[bool] = True


class BadDate(HarvestError):
    """{text} is not a date to harvest by. Write it as 2024-01-31 or 2024-01-31T00:00:00Z"""

    wrong_use: ClassVar[bool] = True


class BadNetwork(HarvestError):
    """{text} in harvest.allow_networks is not a network. Write it as 10.0.0.0/8 or fd00::/8"""

    wrong_use: ClassVar[bool] = True


class UnknownHost(HarvestError):
    """No host is named {host}. Check the address of the source for a typing error."""


class Unreachable(HarvestError):
    """{url} cannot be reached: {reason}. Open the address in a browser; if it fails there too,
    tell the library that runs it.
    """

    transient: ClassVar[bool] = True


class CertificateRefused(HarvestError):
    """The certificate of {host} is not trusted: {reason}. Tell the library that runs the server."""


class ChainIncomplete(CertificateRefused):
    """The certificate of {host} cannot be traced to a known authority ({reason}): the server does
    not send the intermediate certificate, or its authority is not a public one. Ask the library to
    install its full certificate chain. Until then, save the missing certificate as a PEM file and
    name it for this source only: lienthong sources change NAME --ca-bundle FILE
    """


class CertificateSelfSigned(CertificateRefused):
    """{host} shows a certificate of its own making ({reason}). Ask the library for a certificate
    of a public authority, or have it confirm this one and name it for this source only: lienthong
    sources change NAME --ca-bundle FILE
    """


class CertificateExpired(CertificateRefused):
    """The certificate of {host} is no longer valid ({reason}). Ask the library to renew it; check
    that the clock of this machine is right.
    """


class CertificateNotYetValid(CertificateRefused):
    """The certificate of {host} is not valid yet ({reason}). Check that the clock of this machine
    is right; if it is, tell the library that runs the server.
    """


class CertificateOfAnother(CertificateRefused):
    """The certificate of {host} is for other names ({reason}). Check the address of the source; if
    it is right, ask the library for a certificate with this name.
    """


class TlsFailed(HarvestError):
    """No encrypted connection to {host} came about: {reason}. Its software is perhaps too old, or
    the address should begin with http://. Tell the library that runs the server.
    """


class SignInNeeded(HarvestError):
    """{url} lets only those in who sign in, and does not take what we sent, if anything. Ask the
    library for a user name or key, keep it with: lienthong sources credentials set NAME, and name
    it for the source: lienthong sources change SOURCE --credentials NAME
    """


class Blocked(HarvestError):
    """{url} shuts us out (HTTP status {status}): it takes us for a robot, or does not know us. It
    is not asked again before the next harvest. Ask the library to let in the address of this hub
    and its User-Agent.
    """


class ProxyFailed(HarvestError):
    """The proxy {proxy} does not lead to {url}: {reason}. Check the proxy of the source, and
    whether it lets this hub through.
    """

    transient: ClassVar[bool] = True


class AddressForbidden(HarvestError):
    """{host} is {address}, inside a private or local network. If it is a member's server, add
    its network to harvest.allow_networks in instance/lienthong.toml
    """


class BadRedirect(HarvestError):
    """{url} sends us on to {target}, where we cannot follow: {reason}. Ask the library for the
    present address of its server.
    """


class TooLarge(HarvestError):
    """The answer of {url} is larger than {limit} bytes. Ask the library for smaller pages, or raise
    harvest.max_page_bytes; for one source only: lienthong sources change NAME --max-page-mb N
    """


class TooSwollen(HarvestError):
    """The answer of {url} unpacks to more than {times} times its {received} bytes, as no list of
    records does. Tell the library that its server sends damaged or harmful answers.
    """


class TooSlow(HarvestError):
    """{url} did not finish its answer within {seconds} seconds; {received} bytes came. Try again at
    a quieter hour, or raise harvest.total_timeout; for one source only:
    lienthong sources change NAME --total-timeout SECONDS
    """


class Trickle(HarvestError):
    """{url} sent only {received} bytes in {seconds} seconds, too slowly to go on waiting. Try
    again at a quieter hour, or lower harvest.min_rate
    """


class BodyCut(HarvestError):
    """The answer of {url} broke off after {received} bytes: {reason}. Try again; if it stays,
    tell the library that runs the server.
    """

    transient: ClassVar[bool] = True

    def __init__(self, *, url: str, received: int, reason: str) -> None:
        self.url = url
        self.received = received
        self.reason = reason
        super().__init__(url=url, received=received, reason=reason)


class HttpStatus(HarvestError):
    """{url} answered with HTTP status {status} {phrase}. Open the address in a browser; if it
    fails there too, tell the library that runs it.
    """


class NotOai(HarvestError):
    """Page {page} of {url} is not OAI-PMH: {found} at byte {offset}. Check the base URL; if it
    worked before, the server shows an error or login page: tell the library.
    """


class PageBroken(HarvestError):
    """Page {page} of {url} is broken at byte {offset}: {reason}. Pages of records that came
    before it, if any, are kept and the next harvest resumes after them; if it stays broken, send
    this message to the library.
    """


class EndlessList(HarvestError):
    """Page {page} of {url} repeats an earlier page with the same resumption token: the list
    would never end. Tell the library that its server's paging is broken.
    """


class FarTooLong(HarvestError):
    """{url} announced {total} records and has given {records} so far, page {page} the last: the
    list has no end. Tell the library that its server's paging is broken.
    """


class ListShort(HarvestError):
    """{url} announced {total} records, gave {came} at first and {got} when it was asked once more:
    it ends its lists too early, each time elsewhere. Harvest again: the list is begun anew. If it
    stays so, tell the library that runs the server.
    """


class PageLost(HarvestError):
    """The answer before page {page} of {url} was lost on the way, and the server went on without
    it. Harvest again: the list is begun anew.
    """


class NoReadableFormat(HarvestError):
    """{url} offers no format that we can read, only: {offered}. Ask the library to offer marc21
    or oai_dc.
    """


class ProtocolRefused(HarvestError):
    """{url} refused the request with the error {refusal}: {text}. Check the settings of the
    source.
    """


class BadArgument(ProtocolRefused):
    """{url} does not accept our request: {text}. Check prefix, sets and dates of the source."""


class BadVerb(ProtocolRefused):
    """{url} does not know the request: {text}. Check the base URL: it is perhaps not that of
    the OAI-PMH server.
    """


class BadResumptionToken(ProtocolRefused):
    """{url} no longer accepts its own resumption token: {text}. Harvest again: the list is
    begun anew.
    """


class CannotDisseminateFormat(ProtocolRefused):
    """{url} does not offer this metadata prefix: {text}. Choose another prefix, or leave it
    empty.
    """


class IdDoesNotExist(ProtocolRefused):
    """{url} does not know this identifier: {text}. The record was perhaps removed without
    notice.
    """


class NoMetadataFormats(ProtocolRefused):
    """{url} has no metadata format for this record: {text}. Tell the library that runs the
    server.
    """


class NoRecordsMatch(ProtocolRefused):
    """{url} has no records that match: {text}. Check the sets and dates of the source."""


class NoSetHierarchy(ProtocolRefused):
    """{url} has no sets: {text}. Remove the sets from the source."""


_REFUSALS = {name.__name__.lower(): name for name in ProtocolRefused.__subclasses__()}


def refused(url: str, refusal: str, text: str) -> ProtocolRefused:
    """Return the error for an OAI-PMH error code (OAI-PMH 2.0 s3.6); invented codes are known
    too.
    """
    kind = _REFUSALS.get(refusal.lower(), ProtocolRefused)
    return kind(url=url, refusal=refusal or "without a code", text=text or "no reason given")


class MailUnreachable(HarvestError):
    """The mail server {host}:{port} cannot be reached: {reason}. Check [mail] host, port and tls in
    instance/lienthong.toml, and whether the server runs. What waits is sent once it does.
    """

    transient: ClassVar[bool] = True


class MailSignInRefused(HarvestError):
    """The mail server {host}:{port} does not let us in: {reason}. Check the user and the password
    that [mail] credentials names; keep others with: lienthong sources credentials set NAME
    """

    transient: ClassVar[bool] = True


class MailRefused(HarvestError):
    """The mail server {host}:{port} does not take a message to {address}: {reason}. Check [mail] in
    instance/lienthong.toml, or ask those who run the mail server. It is tried again.
    """

    transient: ClassVar[bool] = True


class RecipientRefused(HarvestError):
    """The mail server {host}:{port} says that nobody can be written to at {address}: {reason}.
    Correct the address: remove the channel and add it again.
    """


class WebhookUnreachable(HarvestError):
    """The webhook at {host} cannot be reached: {reason}. Ask who runs it; it is tried again."""

    transient: ClassVar[bool] = True


class WebhookRefused(HarvestError):
    """The webhook at {host} answered with HTTP status {status} where success was expected. Ask
    those who run it, and check its address; it is tried again.
    """

    transient: ClassVar[bool] = True


class WebhookGone(HarvestError):
    """The webhook at {host} says that it is gone for good (HTTP status 410). Remove the channel, or
    add it again with its new address.
    """
