from __future__ import annotations

import gc
import subprocess
import sys

_ASKED = "import gc, hub.memory as m; m.set_program_apart(); print(gc.get_freeze_count())"


def test_what_the_program_is_made_of_is_set_apart_from_garbage() -> None:
    found = subprocess.run([sys.executable, "-c", _ASKED], check=True, capture_output=True)

    assert int(found.stdout) > len(gc.get_threshold())
