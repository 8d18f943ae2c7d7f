"""What a process of tests is likely to need, imported once before it is copied for each of them."""

from __future__ import annotations

import importlib

from hub.cli import COMMANDS

for _place in COMMANDS.values():
    importlib.import_module(_place.partition(":")[0])
for _name in ("pytest", "hypothesis", "support.pages", "support.processes", "support.workers"):
    importlib.import_module(_name)
