"""T1: everything one page of a source brings, in one transaction with the checkpoint.

Runs in parallel by source; the lease of the run is checked inside the transaction, so a worker that
was given up for dead cannot write. Deciding what is the same as what is left to catalogue.cluster.
"""

from catalogue.store.page import foresee, put_page, unchanged
from catalogue.store.run import close_run, open_run

__all__ = ["close_run", "foresee", "open_run", "put_page", "unchanged"]
