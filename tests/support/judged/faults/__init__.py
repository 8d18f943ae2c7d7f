"""Faults, each put into a repository that has no other, with the code it has to be found by."""

from support.judged.faults import (
    asked,
    carried,
    dated,
    hidden,
    listed,
    paged,
    said,
    single,
    spelt,
)
from support.judged.faults.keeping import FAULTS, Put

__all__ = ["FAULTS", "Put", "asked", "carried", "dated", "hidden", "listed", "paged", "said"]
__all__ += ["single", "spelt"]
