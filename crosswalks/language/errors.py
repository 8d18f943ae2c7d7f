"""What can be wrong with a crosswalk's text."""

from __future__ import annotations

from crosswalks.errors import CrosswalkError, Said


class CrosswalkSyntax(CrosswalkError):
    """Crosswalk {name}, line {line}, column {column}: {reason}"""

    wrong_use = True

    def __init__(self, *, name: str, line: int, column: int, reason: str) -> None:
        self.line = line
        self.column = column
        super().__init__(name=name, line=line, column=column, reason=reason)


class MappingFailed(CrosswalkError):
    """Crosswalk {name} could not map this record, in its line {line}: {reason}"""

    def __init__(self, *, name: str, line: int, reason: str) -> None:
        self.name = name
        self.line = line
        self.reason = reason
        super().__init__(name=name, line=line, reason=reason)

    def at(self, name: str, line: int) -> MappingFailed:
        """Return the same failure, at the rule that it is known to come from."""
        return MappingFailed(name=name, line=line, reason=self.reason)


class Misplaced(Exception):
    """What is wrong at a column of the line at hand; becomes a CrosswalkSyntax at the file.

    ``said`` is a sentence with ``{names}``, so that it can be told in other languages.
    """

    def __init__(self, column: int, said: str, **details: str) -> None:
        self.column = column
        self.reason = Said(said, details)
        super().__init__(self.reason)
