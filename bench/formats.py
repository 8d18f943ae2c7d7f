"""Reading MARC in its formats, beside the libraries that others read it with."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import warnings
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from pathlib import Path

import pymarc
from lxml import etree

from bench.harness import Measure, Work, add_options, best, plain, save, show
from bench.server import shared
from crosswalks import formats
from crosswalks.formats import iso2709, marcxml
from support.formats import gpo_states, hcmut, loc_books

CORPORA = {"loc-books": loc_books, "gpo-states": gpo_states, "vn-hcmut": hcmut}
"""Records as ISO 2709 by the name of their corpus."""
_SLIM = f"{{{marcxml.NAMESPACE}}}"
_WANTED = {
    "ISO 2709": (("pymarc", 3.0),),
    "MARC-8": (("pymarc", 3.0),),
    "MARCXML": (("lxml iterparse to tuples", 0.7), ("pymarc.map_xml", 2.0)),
}
"""Of which peer ours is to be how many times as fast, by format."""


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of this benchmark."""
    add_options(parser, 10_000, CORPORA)


def run(options: Namespace) -> None:
    """Measure each corpus in each format, and print and keep the figures."""
    if not (shared() / "data" / "corpora").is_dir():
        print("\nno corpora at hand: set LIENTHONG_SHARED")
        return
    results = {}
    for corpus in options.corpus or CORPORA:
        with tempfile.TemporaryDirectory() as folder:
            files = prepare(Path(folder), CORPORA[corpus](shared(), options.records))
            for form, file in files.items():
                measures = best(_works(form, file), options.rounds)
                show(f"{corpus} in {form}", measures, _ratios(form, measures))
                results[f"{corpus} {form}"] = plain(measures)
    save("formats", vars(options), results)


def prepare(folder: Path, records: list[bytes]) -> dict[str, str]:
    """Write records as files of each format; MARC-8 only if YAZ is installed to make it."""
    iso, marc8, xml = (folder / name for name in ("records.mrc", "marc8.mrc", "records.xml"))
    iso.write_bytes(b"".join(records))
    written = formats.file_of(marcxml, (marcxml.write(iso2709.read(each)) for each in records))
    xml.write_bytes(b"".join(written))
    files = {"ISO 2709": str(iso), "MARCXML": str(xml)}
    if yaz := shutil.which("yaz-marcdump"):
        asked = ["-i", "marc", "-o", "marc", "-f", "utf-8", "-t", "marc8s", "-l", "9=32"]
        recoded = subprocess.run([yaz, *asked, str(iso)], check=True, capture_output=True)
        marc8.write_bytes(recoded.stdout)
        files["MARC-8"] = str(marc8)
    return files


def _works(form: str, file: str) -> list[Work]:
    functions: dict[str, Callable[[str], int]] = {
        "ours": read_xml if form == "MARCXML" else read_iso,
        "lxml iterparse to tuples": bare_iterparse,
        "pymarc.map_xml": pymarc_xml,
        "pymarc": pymarc_iso,
    }
    names = ("ours", *(peer for peer, _ in _WANTED[form]))
    return [Work(name=name, function=functions[name], arguments=(file,)) for name in names]


def _ratios(form: str, measures: list[Measure]) -> list[str]:
    ours, *peers = (each.per_cpu_second for each in measures)
    return [
        f"per CPU second, ours: {ours / peer:.2f} x {name} (wanted: {wanted})"
        for (name, wanted), peer in zip(_WANTED[form], peers, strict=True)
    ]


def read_iso(file: str) -> int:
    """Split a file of ISO 2709 and read every record."""
    with Path(file).open("rb") as stream:
        return sum(iso2709.read(data).leader != "" for _, data in iso2709.split(stream))


def read_xml(file: str) -> int:
    """Split a file of MARCXML and read every record."""
    with Path(file).open("rb") as stream:
        return sum(marcxml.read(data).leader != "" for _, data in marcxml.split(stream))


def pymarc_iso(file: str) -> int:
    """Let pymarc read a file of ISO 2709."""
    warnings.simplefilter("ignore")
    with Path(file).open("rb") as stream:
        reader = pymarc.MARCReader(stream, hide_utf8_warnings=True)
        return sum(record is not None for record in reader)


def pymarc_xml(file: str) -> int:
    """Let pymarc read a file of MARCXML."""
    found = [0]

    def count(_: pymarc.Record) -> None:
        found[0] += 1

    with Path(file).open("rb") as stream:
        pymarc.map_xml(count, stream)  # type: ignore[no-untyped-call]
    return found[0]


def bare_iterparse(file: str) -> int:
    """Let lxml make tuples of a file of MARCXML, nothing checked: the least work there can be."""
    return sum(len(fields) > 0 for fields in _tuples(file))


def _tuples(file: str) -> Iterator[list[tuple[object, ...]]]:
    for _, record in etree.iterparse(file, tag=f"{_SLIM}record"):
        yield [_tuple(child) for child in record]
        record.clear()
        parent = record.getparent()
        if parent is not None:
            parent.remove(record)


def _tuple(child: etree._Element) -> tuple[object, ...]:
    get = child.get
    if child.tag == f"{_SLIM}datafield":
        subfields = [(part.get("code"), part.text) for part in child]
        return get("tag"), get("ind1"), get("ind2"), subfields
    return get("tag"), child.text
