"""Spark, begun and ended."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from py4j.protocol import Py4JError, Py4JJavaError
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from catalogue.cluster.apart.errors import JavaMissing, SparkFailed

_ROWS = "2000"
"""Rows that go to a Python process at a time."""
_LOCAL: dict[str, str] = {
    # Nobody outside this machine is spoken to.
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.memory": "2g",
}
_LOG = """\
rootLogger.level = error
rootLogger.appenderRef.stderr.ref = stderr
appender.stderr.type = Console
appender.stderr.name = stderr
appender.stderr.target = SYSTEM_ERR
appender.stderr.layout.type = PatternLayout
appender.stderr.layout.pattern = %d{HH:mm:ss} %p %c{1}: %m%n
"""
"""What Spark says here: errors only, else nothing else could be read."""
_NO_GATEWAY = "JAVA_GATEWAY_EXITED"


@contextmanager
def session(master: str, partitions: int, scratch: Path) -> Iterator[SparkSession]:
    """Give Spark; with an empty ``master``, as whoever submitted this has set it up.

    Raises JavaMissing, or SparkFailed for whatever goes wrong within.
    """
    given: dict[str, Any] = {
        "spark.ui.enabled": "false",
        "spark.sql.warehouse.dir": (scratch / "warehouse").as_uri(),
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.execution.arrow.maxRecordsPerBatch": _ROWS,
        "spark.sql.execution.arrow.useLargeVarTypes": "false",
        # What is written is listed in a manifest, with checksums.
        "spark.hadoop.mapreduce.fileoutputcommitter.marksuccessfuljobs": "false",
    }
    if partitions:
        given["spark.sql.shuffle.partitions"] = str(partitions)
        # As many as were asked for: else few of them are put together where they are small.
        given["spark.sql.adaptive.coalescePartitions.enabled"] = "false"
    if master:
        given["spark.local.dir"] = str(scratch / "local")
    if master.startswith("local"):
        log = scratch / "log4j2.properties"
        log.write_text(_LOG)
        given |= _LOCAL | {
            "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile={log.as_uri()}",
            "spark.ui.showConsoleProgress": "false",
        }
    try:
        builder = SparkSession.builder.appName("lienthong").config(map=given)
        spark = (builder.master(master) if master else builder).getOrCreate()
        if master:
            # Its own setting counts for submitted jobs only: else any python3 would do the work.
            spark.sparkContext.pythonExec = sys.executable
        try:
            yield spark
        finally:
            spark.stop()
    except PySparkException as error:
        if error.getCondition() == _NO_GATEWAY:
            raise JavaMissing from error
        raise SparkFailed(reason=_first_line(error)) from error
    except Py4JJavaError as error:
        raise SparkFailed(reason=_first_line(error.java_exception)) from error
    except (Py4JError, ConnectionError) as error:
        raise SparkFailed(reason=_first_line(error)) from error


def _first_line(error: object) -> str:
    return str(error).strip().partition("\n")[0]
