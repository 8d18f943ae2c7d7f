"""What changed while we were looking: where two answers differ about such a record, none is wrong.

OAI-PMH 2.0 s3.5.1 allows for it, so nothing is said of a difference before this was asked.
"""

from __future__ import annotations

from harvester.validate.asking import Line
from harvester.validate.model import Entry
from harvester.validate.records import is_before
from harvester.validate.walking import entry_of, walk
from protocols.oai import OAI, Verb

_RECORD = f"{{{OAI}}}record"
_MOST = 30
"""Records that are asked for; whoever is wrong about more is wrong about these as well."""


class Changes:
    """Tells of records whether they have changed since we began."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._known: dict[str, bool] = {}

    def explain(self, identifier: str, *entries: Entry | None) -> bool:
        """Tell whether a record, as it was given here and there, has changed meanwhile."""
        given = [entry for entry in entries if entry is not None]
        if any(self.is_new(entry.stamp) for entry in given):
            return True
        if identifier not in self._known:
            if len(self._known) >= _MOST:
                return False
            self._known[identifier] = self._ask(identifier, given)
        return self._known[identifier]

    def is_new(self, stamp: str) -> bool:
        """Tell whether a datestamp is from after we began."""
        began = self._line.repository.began
        return bool(began) and not is_before(stamp, began)

    @property
    def seen(self) -> int:
        """Return how many records were seen to have changed."""
        return sum(self._known.values())

    def _ask(self, identifier: str, given: list[Entry]) -> bool:
        line = self._line
        exchange = line.ask(Verb.GET_RECORD, identifier=identifier, metadataPrefix="oai_dc")
        if exchange.content is not None and (record := exchange.content.find(_RECORD)) is not None:
            return self.is_new(entry_of(record)[1].stamp)
        if "idDoesNotExist" not in exchange.errors or not given:
            return False
        # Gone without a trace, as a repository may that keeps none; unless lists still have it.
        is_live = not all(entry.deleted for entry in given)
        return (
            is_live
            and line.repository.deleted != "persistent"
            and not self._is_listed(identifier, given[0].stamp)
        )

    def _is_listed(self, identifier: str, stamp: str) -> bool:
        bounds = {"metadataPrefix": "oai_dc", "from": stamp, "until": stamp}
        return identifier in walk(self._line, Verb.LIST_IDENTIFIERS, bounds).entries
