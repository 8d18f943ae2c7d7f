from __future__ import annotations

import gc

import pytest

from hub import cli

_PYTHONS = 700
"""What Python begins with."""


def test_the_command_line_looks_for_garbage_seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    before = gc.get_threshold()
    # Another test of this process may have begun a command before.
    gc.set_threshold(_PYTHONS)
    monkeypatch.setattr(cli, "run", lambda *_: 0)
    try:
        with pytest.raises(SystemExit):
            cli.main()
        assert gc.get_threshold()[0] > _PYTHONS
    finally:
        gc.set_threshold(*before)
