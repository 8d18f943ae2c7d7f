"""For spark-submit: works out all clusters of an export, as 'lienthong clusters spark' does.

spark-submit clusters.py FOLDER RESULT, with what 'lienthong clusters export' wrote into FOLDER.
"""

import sys
from pathlib import Path

from catalogue.cluster.apart.spark.job import work_out

folder, result = sys.argv[1:]
made = work_out(Path(folder), Path(result))
for name, value in (made.counts | made.digest).items():
    sys.stdout.write(f"{name} {value}\n")
