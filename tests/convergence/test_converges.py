"""Whatever a repository does and whenever we are killed: in the end we have what it has."""

from __future__ import annotations

from functools import partial

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from support.convergence import Convergence


def test_a_hub_converges_on_a_faulty_changing_repository(sqlite_engine):
    run_state_machine_as_test(
        partial(Convergence, sqlite_engine),
        settings=settings(max_examples=8, stateful_step_count=12),
    )


@pytest.mark.soak
def test_a_hub_converges_in_the_long_run(engine):
    run_state_machine_as_test(
        partial(Convergence, engine),
        settings=settings(max_examples=200, stateful_step_count=40),
    )
