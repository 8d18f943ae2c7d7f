from __future__ import annotations

import gc

import pytest

from hub import cli


def test_the_command_line_looks_for_garbage_seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    before = gc.get_threshold()
    monkeypatch.setattr(cli, "run", lambda *_: 0)
    try:
        with pytest.raises(SystemExit):
            cli.main()
        assert gc.get_threshold()[0] > before[0]
    finally:
        gc.set_threshold(*before)
