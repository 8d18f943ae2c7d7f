"""The command: ``python -m bench [NAME [options]]``."""

from __future__ import annotations

from argparse import ArgumentParser

from bench import (
    authorities,
    bulk,
    checkpoint,
    corpora,
    dumps,
    federated,
    fit,
    formats,
    line,
    load,
    mapping,
    memory,
    multiply,
    oai_serve,
    parallel,
    place,
    problems,
    quality,
    rebuild,
    reports,
    screens,
    search,
    seed,
    spark,
    sru,
    text,
    workers,
    z3950_codec,
    z3950_harvest,
    z3950_serve,
)
from hub.garbage import collect_seldom

BENCHMARKS = {
    "authorities": authorities,
    "line": line,
    "checkpoint": checkpoint,
    "parallel": parallel,
    "workers": workers,
    "formats": formats,
    "mapping": mapping,
    "load": load,
    "text": text,
    "memory": memory,
    "place": place,
    "bulk": bulk,
    "problems": problems,
    "quality": quality,
    "rebuild": rebuild,
    "spark": spark,
    "reports": reports,
    "screens": screens,
    "search": search,
    "sru": sru,
    "oai-serve": oai_serve,
    "corpora": corpora,
    "dumps": dumps,
    "z3950-codec": z3950_codec,
    "z3950-serve": z3950_serve,
    "z3950-harvest": z3950_harvest,
    "federated": federated,
}
TOOLS = {"seed": seed, "multiply": multiply, "fit": fit}


def main(arguments: list[str] | None = None) -> None:
    """Run one benchmark or tool, or all benchmarks with small figures."""
    parser = ArgumentParser(prog="python -m bench", description=__doc__)
    names = parser.add_subparsers(dest="name", metavar="NAME")
    for name, module in (BENCHMARKS | TOOLS).items():
        told = (module.__doc__ or "").partition("\n")[0]
        module.add_arguments(names.add_parser(name, help=told, description=module.__doc__))
    options = parser.parse_args(arguments)
    collect_seldom()
    if options.name:
        (BENCHMARKS | TOOLS)[options.name].run(options)
        return
    for name in BENCHMARKS:
        main([name])


if __name__ == "__main__":
    main()
