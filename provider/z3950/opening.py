"""The first message: what both sides can do is agreed on (Z39.50 s3.2.1.1)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.metadata import version

from catalogue.consumers.store import PREFIX
from protocols.z3950 import charsets
from protocols.z3950.charsets import Letters, letters_of, utf8_or_latin1
from protocols.z3950.values.common import Bits, Option, OtherInfo
from protocols.z3950.values.contents import OriginProposal
from protocols.z3950.values.sessions import (
    IdPass,
    InitializeRequest,
    InitializeResponse,
    OpenAuthentication,
)
from provider.z3950.model import Limits

_VERSIONS = (0, 1, 2)
_VERSION_3 = 2
_OPTIONS = frozenset(
    {
        Option.SEARCH,
        Option.PRESENT,
        Option.DELETE_SET,
        Option.SCAN,
        Option.SORT,
        Option.NAMED_RESULT_SETS,
        Option.QUERY_104,
    }
)
"""What is implemented; of it, what the client asks for is agreed on."""
_CHARSETS = ("utf-8", "iso-8859-1", "iso8859-1", "latin-1", "windows-1258", "cp1258", "marc-8")
"""What can be agreed on for terms and names."""
_MARC8 = "marc-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """What holds for the rest of a session."""

    version: int
    preferred: int
    """The longest answer with several records, in bytes."""
    exceptional: int
    """The longest record that comes alone."""
    charset: str = ""
    marc8: bool = False
    """Records are wanted in MARC-8 where they are MARC 21."""

    @property
    def letters(self) -> Letters:
        """Return how octets of the client are read."""
        named = self.charset and self.charset != _MARC8
        return letters_of(self.charset) if named else utf8_or_latin1

    def octets(self, text: str) -> bytes:
        """Return text in the letters agreed on, UTF-8 unless others were."""
        if not self.charset or self.charset == _MARC8:
            return text.encode("utf-8", "replace")
        return text.encode(_codec(self.charset), "replace")


@cache
def _version() -> str:
    return version("lienthong")


def _codec(charset: str) -> str:
    return {"windows-1258": "cp1258"}.get(charset, charset)


def agree(request: InitializeRequest, limits: Limits) -> tuple[Agreed, InitializeResponse]:
    """Return what holds from now on, and the answer that says so.

    Whoever comes is welcome: a name and a password are taken and not looked at, unless the
    password is a key (``key_of``).
    """
    versions = [each for each in _VERSIONS if each in request.protocol_version]
    options = {each for each in _OPTIONS if each in request.options}
    preferred = _least(request.preferred_message_size, limits.preferred)
    exceptional = max(preferred, _least(request.exceptional_record_size, limits.exceptional))
    chosen, is_for_records = _charset(request.other_info)
    agreed = Agreed(
        version=3 if _VERSION_3 in versions else 2,
        preferred=preferred,
        exceptional=exceptional,
        charset=chosen,
        marc8=chosen == _MARC8 and is_for_records,
    )
    if chosen and Option.NEGOTIATION_MODEL in request.options:
        options.add(Option.NEGOTIATION_MODEL)
    response = InitializeResponse(
        reference_id=request.reference_id,
        protocol_version=Bits.of(*versions),
        options=Bits.of(*options),
        preferred_message_size=preferred,
        exceptional_record_size=exceptional,
        result=bool(versions),
        implementation_id="lienthong",
        implementation_name="Lien Thong",
        implementation_version=_version(),
        other_info=_told(chosen, records=is_for_records),
    )
    return agreed, response


def key_of(request: InitializeRequest) -> str:
    """Return the key that a client signs in with, empty where it has none.

    Clients send whatever they were once set up with; what does not look like a key is none.
    """
    who = request.id_authentication
    given = ""
    if isinstance(who, IdPass):
        given = who.password or ""
    elif isinstance(who, OpenAuthentication):
        given = who.value.rpartition("/")[2]
    return given if given.startswith(PREFIX) else ""


def _least(asked: int, ours: int) -> int:
    """Return the smaller bound; a client that says 0, or nonsense, has none."""
    return min(asked, ours) if asked > 0 else ours


def _charset(said: tuple[OtherInfo, ...] | None) -> tuple[str, bool]:
    """Return the character set chosen, UTF-8 before others, and whether records come in it."""
    proposed = [each.lower() for each in charsets.proposed(said)]
    known = [each for each in proposed if each in _CHARSETS]
    chosen = "utf-8" if "utf-8" in known else next(iter(known), "")
    proposal = charsets.negotiated(said)
    wants = isinstance(proposal, OriginProposal) and bool(proposal.records_in_selected_char_sets)
    return chosen, wants and chosen in {"utf-8", _MARC8}


def _told(chosen: str, *, records: bool) -> tuple[OtherInfo, ...] | None:
    return (charsets.choice(chosen, records=records),) if chosen else None
