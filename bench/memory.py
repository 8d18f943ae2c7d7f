"""How much memory a harvest needs, and that it does not grow with what it brings."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from bench.harness import Work, measure, plain, save, show
from bench.line import empty_hub, whole_line
from bench.server import GENERATED, served

_LIMIT_MIB = 250


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of this benchmark."""
    parser.add_argument("--records", type=int, nargs="+", default=[1000, 5000])


def run(options: Namespace) -> None:
    """Harvest made-up records into fresh hubs of growing size, each in a process of its own."""
    measures = []
    for count in options.records:
        with served(GENERATED, "marc21", count) as url, empty_hub() as empty:
            work = Work(
                name=f"whole line, {count:,}",
                function=whole_line,
                arguments=(url, "marc21", empty),
            )
            measures.append(measure(work))
    most = max(each.peak_mib for each in measures)
    verdict = "kept" if most < _LIMIT_MIB else "BROKEN"
    show("memory of the harvesting process", measures, [f"limit of {_LIMIT_MIB} MiB: {verdict}"])
    save("memory", vars(options), {"measures": plain(measures)})
