"""What is kept of runs, said in the reader's language: why one ended, and what was wrong.

A message is kept as the code of its kind with details, so it is translated when it is read; where
the program no longer has that kind, the English sentence beside it serves.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from catalogue.messages import unpacked
from crosswalks.errors import Error, kinds
from web.language import Translate, message


class Told(Protocol):
    """What has a message that was kept: a run, a delivery."""

    @property
    def message(self) -> str:
        """The English sentence."""

    @property
    def code(self) -> str:
        """The kind of message."""

    @property
    def details(self) -> Mapping[str, Any]:
        """What the message names."""


def run_message(run: Told, translate: Translate) -> str:
    """Return why a run ended, or nothing where there is nothing to tell."""
    error = _error(run)
    return run.message if error is None else message(error, translate)


def _error(run: Told) -> Error | None:
    """Return the error that a run ended with, as far as it is still known."""
    details = unpacked(dict(run.details))
    for kind in kinds(run.code) if run.code else []:
        if _fits(kind, details):
            # Not by its own way of being made, which may want more than was kept.
            error = kind.__new__(kind)
            error.details = details
            return error
    return None


def _fits(kind: type[Error], details: Mapping[str, object]) -> bool:
    try:
        kind.template().format(**details)
    except (KeyError, IndexError):
        return False
    return True
