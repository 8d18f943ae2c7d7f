"""Passwords that are hashed at once, for tests that are not about how slow they are to guess."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher

from catalogue import passwords


def hashed_at_once() -> Iterator[None]:
    """Hash at the least cost for a while; tests/catalogue/test_users.py has the true one."""
    with pytest.MonkeyPatch.context() as patched:
        least = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        patched.setattr(passwords, "_hasher", least)
        yield
