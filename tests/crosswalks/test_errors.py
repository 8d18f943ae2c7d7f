"""Errors of ours, wherever they are raised."""

from __future__ import annotations

import pickle

from catalogue.errors import NoSuchLibrary, WrongUse
from crosswalks.errors import FormatError


def test_an_error_comes_whole_from_another_process() -> None:
    for error in (
        NoSuchLibrary(code="X"),
        WrongUse(reason="no"),
        FormatError(schema="marc21", reason="torn", position=7),
    ):
        again = pickle.loads(pickle.dumps(error))

        assert type(again) is type(error)
        assert str(again) == str(error)
        assert again.details == error.details
