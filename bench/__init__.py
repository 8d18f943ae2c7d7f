"""Benchmarks and the tools they need: made-up catalogues, a bulk seeder, peers beside ours.

``python -m bench`` runs all of them small, ``python -m bench NAME --help`` tells how to run one.
"""

import sys
from pathlib import Path

# The servers that tests run against serve here too.
sys.path.append(str(Path(__file__).parent.parent / "tests"))
