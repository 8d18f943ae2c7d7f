"""The server: answers from a collection, in its manners, spoiled where the schedule says so."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from xml.sax.saxutils import escape

from protocols.oai import OAI, OAI_DC, format_stamp
from support.faulty.collection import Collection, Entry
from support.faulty.faults import AT_LIST, LOST, Fault, spoil
from support.faulty.lists import Code, Part, Place, Refused, asked, part
from support.faulty.manners import Manners, Paging, Sizes
from support.loopback import Reply, Request

_LISTS = {"ListRecords", "ListIdentifiers"}


class Endpoint:
    """A repository to serve with ``support.loopback.replying``.

    ``faults`` and ``between`` are used up, one for each answer to ListRecords: None spoils nothing,
    and what is in ``between`` is called after the answer is made, before it is sent. A page that
    holds a ``poisoned`` record is never given; its header is.
    """

    def __init__(self, collection: Collection, manners: Manners | None = None) -> None:
        self.collection = collection
        self.manners = manners or Manners()
        self.faults: deque[Fault | None] = deque()
        self.between: deque[Callable[[], None]] = deque()
        self.poisoned: set[str] = set()
        self.requests: list[dict[str, str]] = []
        self.ended = 0
        """How many lists were told to their true end."""
        self.cut = 0
        """How many were told to end before."""
        self._spent: set[str] = set()

    def recover(self, manners: Manners | None = None) -> None:
        """Have no more faults, and from now on these manners."""
        self.faults.clear()
        self.between.clear()
        self.poisoned.clear()
        self.manners = manners or self.manners

    def __call__(self, request: Request) -> Reply:
        """Answer a request."""
        self.requests.append(dict(request.arguments))
        self.collection.rest(1)
        try:
            return self._answer(request.arguments)
        except Refused as refused:
            self.ended += str(refused) == Code.MATCH
            return self._reply(f'<error code="{refused}">so it is</error>')

    def _answer(self, arguments: dict[str, str]) -> Reply:
        verb = arguments.get("verb", "")
        if verb in _LISTS:
            return self._list(verb, arguments)
        answers = {
            "Identify": self._identify,
            "ListMetadataFormats": self._formats,
            "ListSets": self._sets,
            "GetRecord": self._record,
        }
        if verb not in answers:
            raise Refused(Code.VERB)
        return self._reply(f"<{verb}>{answers[verb](arguments)}</{verb}>")

    def _list(self, verb: str, arguments: dict[str, str]) -> Reply:
        fault = self.faults.popleft() if verb == "ListRecords" and self.faults else None
        token = arguments.get("resumptionToken", "")
        place = asked(arguments, self.manners)
        self._take(token)
        found = self._part(place, fault)
        names = {entry.identifier for entry in found.entries}
        if verb == "ListRecords" and names & self.poisoned:
            return spoil(Fault.BROKEN, Reply())
        if found.ahead is None and fault not in LOST:
            is_true = part(self.collection, place, self.manners).ahead is None
            self.ended += is_true
            self.cut += not is_true
        reply = self._page(verb, found, token)
        if verb == "ListRecords" and self.between:
            self.between.popleft()()
        return reply if fault is None or fault in AT_LIST else spoil(fault, reply)

    def _take(self, token: str) -> None:
        if not token or self.manners.paging is not Paging.ONCE:
            return
        if token in self._spent:
            raise Refused(Code.TOKEN)
        self._spent.add(token)

    def _part(self, place: Place, fault: Fault | None) -> Part:
        found = part(self.collection, place, self.manners)
        if fault is Fault.TOKEN_DEAD and place.given:
            raise Refused(Code.TOKEN)
        if fault is Fault.ENDED:
            return replace(found, ahead=None)
        if fault is Fault.EMPTY:
            ahead = replace(place, turn=self.collection.now)
            return replace(found, entries=[], ahead=ahead)
        if fault is Fault.TOKEN_KEPT and place.given:
            return replace(found, ahead=place)
        if fault is Fault.TWICE:
            return replace(found, entries=[*found.entries, *found.entries])
        return found

    def _page(self, verb: str, found: Part, token: str) -> Reply:
        bodies = verb == "ListRecords"
        told = "".join(self._entry(entry, bodies=bodies) for entry in found.entries)
        return self._reply(f"<{verb}>{told}{self._token(found, token)}</{verb}>")

    def _token(self, found: Part, token: str) -> str:
        # A list that fits on one page needs none; one that only ends there says how long it is.
        if found.ahead is None and not token and found.size <= len(found.entries):
            return ""
        told = {
            Sizes.RIGHT: found.size,
            Sizes.NONE: None,
            Sizes.TOO_LARGE: found.size * 3 + 1,
            Sizes.TOO_SMALL: found.size // 2,
        }[self.manners.sizes]
        size = "" if told is None else f' completeListSize="{told}"'
        ahead = escape(found.ahead.token) if found.ahead else ""
        space = "\n  " if self.manners.padded and ahead else ""
        return f"<resumptionToken{size}>{space}{ahead}{space}</resumptionToken>"

    def _entry(self, entry: Entry, *, bodies: bool) -> str:
        status = ' status="deleted"' if entry.deleted else ""
        member = f"<setSpec>{entry.set}</setSpec>" if entry.set else ""
        stamp = format_stamp(entry.stamp, self.manners.granularity)
        header = (
            f"<header{status}><identifier>{escape(entry.identifier)}</identifier>"
            f"<datestamp>{stamp}</datestamp>{member}</header>"
        )
        if not bodies:
            return header
        metadata = "" if entry.deleted else f"<metadata>{entry.payload}</metadata>"
        return f"<record>{header}{metadata}</record>"

    def _record(self, arguments: dict[str, str]) -> str:
        entry = self.collection.get(arguments.get("identifier", ""))
        if entry is None:
            raise Refused(Code.ID)
        if entry.identifier in self.poisoned:
            raise Refused(Code.FORMAT)
        return self._entry(entry, bodies=True)

    def _identify(self, _: dict[str, str]) -> str:
        return (
            "<repositoryName>Thư viện đổi thay</repositoryName>"
            "<baseURL>http://example.org/oai</baseURL><protocolVersion>2.0</protocolVersion>"
            "<adminEmail>a@example.org</adminEmail>"
            f"<earliestDatestamp>{format_stamp(0, self.manners.granularity)}</earliestDatestamp>"
            f"<deletedRecord>{self.collection.tombstones}</deletedRecord>"
            f"<granularity>{self.manners.granularity}</granularity>"
        )

    def _formats(self, _: dict[str, str]) -> str:
        return (
            "<metadataFormat><metadataPrefix>oai_dc</metadataPrefix><schema>s</schema>"
            f"<metadataNamespace>{OAI_DC}</metadataNamespace></metadataFormat>"
        )

    def _sets(self, _: dict[str, str]) -> str:
        if not self.manners.sets:
            raise Refused(Code.SETS)
        return "".join(
            f"<set><setSpec>{spec}</setSpec><setName>Bộ {spec}</setName></set>"
            for spec in self.manners.sets
        )

    def _reply(self, inner: str) -> Reply:
        text = (
            f'<?xml version="1.0" encoding="UTF-8"?>\n<OAI-PMH xmlns="{OAI}">'
            f"<responseDate>{format_stamp(self.collection.now)}</responseDate>"
            f"<request>http://example.org/oai</request>{inner}</OAI-PMH>\n"
        )
        return Reply(body=text.encode())
