"""The one way every room says what went wrong, and the crosswalks' own errors.

An error's docstring is its message: an English sentence with ``{names}`` filled from its details,
the next step to take included. The rooms that talk to people translate the template by gettext.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar, Self


class Said(str):
    """A sentence of ours with its details filled in; other languages fill in the template."""

    __slots__ = ("details", "template")

    template: str
    details: Mapping[str, object]

    def __new__(cls, template: str, details: Mapping[str, object]) -> Self:
        """Return the English sentence, which remembers what it is made of."""
        said = super().__new__(cls, template.format(**details))
        said.template, said.details = template, details
        return said


class Error(Exception):
    """Something went wrong that has no name of its own: {reason}"""

    wrong_use: ClassVar[bool] = False
    """True where the person asked for something impossible (exit code 2, HTTP 400)."""

    def __init__(self, **details: object) -> None:
        self.details = details
        super().__init__(self.fill(self.template()))

    def __reduce__(self) -> tuple[Any, ...]:
        """Let it come whole from another process: there it would be made of its message."""
        return _remade, (type(self), self.args, self.__dict__)

    @classmethod
    def template(cls) -> str:
        """Return the untranslated message, one line, with its ``{names}``."""
        return " ".join((cls.__doc__ or "").split())

    @classmethod
    def code(cls) -> str:
        """Return the stable code beside the message: ``BadSourceUrl`` -> ``bad-source-url``."""
        return re.sub(r"(?<!^)(?=[A-Z])", "-", cls.__name__).lower()

    def fill(self, template: str) -> str:
        """Return a template, perhaps translated, with this error's details in it."""
        return template.format(**self.details)


def _remade(kind: type[Error], told: tuple[Any, ...], state: dict[str, Any]) -> Error:
    error = kind.__new__(kind, *told)
    error.args = told
    error.__dict__.update(state)
    return error


def kinds(code: str, of: type[Error] = Error) -> list[type[Error]]:
    """Return every kind of error that is loaded and has this code: rooms may share a name."""
    below = [found for kind in of.__subclasses__() for found in kinds(code, kind)]
    return [of, *below] if of.code() == code else below


class CrosswalkError(Error):
    """A record could not be read or mapped: {reason}"""


class FormatError(CrosswalkError):
    """Not readable as {schema}: {reason} (at byte {position})."""

    def __init__(self, *, schema: str, reason: str, position: int = 0) -> None:
        self.schema = schema
        self.reason = reason
        self.position = position
        super().__init__(schema=schema, reason=reason, position=position)


class UnknownCrosswalk(CrosswalkError):
    """There is no crosswalk {name}. These exist: {known}"""

    wrong_use = True


class ColumnMapError(CrosswalkError):
    """The column map does not fit: {reason}"""

    wrong_use = True


class ColumnsUnreadable(ColumnMapError):
    """The column map cannot be read at "{text}". Write what each column holds as heading = kind,
    with semicolons between: Nhan đề = title; Tác giả = author
    """


class NoSuchTarget(ColumnMapError):
    """The column map says that a column holds "{text}", which nobody knows. It can be one of:
    {known}
    """


class ColumnMissing(ColumnMapError):
    """The column map names columns that the table has not: {missing}. It has: {found}. Correct the
    column map of the source, or the headings in the table.
    """


class NothingRecognised(ColumnMapError):
    """No column of the table is known to hold titles or identifiers. It has: {found}. Say what they
    hold: lienthong sources change NAME --columns "Nhan đề = title; Mã sách = identifier"
    """
