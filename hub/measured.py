"""Where the processes of one server keep what they measure, so that one of them tells it all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from prometheus_client import values

_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
"""Where prometheus_client looks in processes that are begun from here on."""


@contextmanager
def shared_timings() -> Iterator[Path]:
    """Give the folder for as long as the block; call it before anything is measured."""
    before = values.ValueClass
    with tempfile.TemporaryDirectory(prefix="lienthong-timings-") as folder:
        os.environ[_VARIABLE] = folder
        # It looked for the variable when it was imported.
        values.ValueClass = values.get_value_class()  # type: ignore[no-untyped-call]
        try:
            yield Path(folder)
        finally:
            del os.environ[_VARIABLE]
            values.ValueClass = before
