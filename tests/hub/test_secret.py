"""The hub's key: made once, and for its owner's eyes only."""

import stat
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from hub import secret


def test_the_key_is_made_on_first_use_and_stays(tmp_path):
    first = secret.key(tmp_path / "instance")

    assert len(first) == 32
    assert first == secret.key(tmp_path / "instance")


def test_only_its_owner_may_read_the_key(tmp_path):
    secret.key(tmp_path)

    assert stat.S_IMODE((tmp_path / secret.FILE).stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [secret.FILE]


def test_processes_that_start_together_agree_on_one_key(tmp_path):
    with ProcessPoolExecutor(3, mp_context=get_context("spawn")) as pool:
        keys = set(pool.map(secret.key, [tmp_path] * 12))

    assert len(keys) == 1
