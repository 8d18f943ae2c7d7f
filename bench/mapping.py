"""From ISO 2709 to finished oai_dc and MODS, beside a plain script on pymarc that writes DC."""

from __future__ import annotations

import tempfile
from argparse import ArgumentParser, Namespace
from pathlib import Path
from xml.sax.saxutils import escape

import pymarc

from bench.formats import CORPORA
from bench.harness import Measure, Work, add_options, best, plain, save, show
from bench.server import shared
from crosswalks.formats import Writable, iso2709, mods, oai_dc
from crosswalks.formats.elements import DC
from hub.conversion import Counts, convert, route

_WANTED = 2.0
_NAMES = ("100", "110", "111", "700", "710", "711")
_SUBJECTS = ("600", "610", "630", "648", "650", "651", "653")
_NOTES = ("500", "504", "505", "520")
_PLAIN = (("identifier", "020", "a"), ("identifier", "022", "a"), ("identifier", "856", "u"))


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of this benchmark."""
    add_options(parser, 10_000, CORPORA)


def run(options: Namespace) -> None:
    """Measure each corpus, and print and keep the figures."""
    if not (shared() / "data" / "corpora").is_dir():
        print("\nno corpora at hand: set LIENTHONG_SHARED")
        return
    results = {}
    for corpus in options.corpus or CORPORA:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "records.mrc"
            file.write_bytes(b"".join(CORPORA[corpus](shared(), options.records)))
            works = [
                Work(name=name, function=function, arguments=(str(file),))
                for name, function in _WORKS.items()
            ]
            measures = best(works, options.rounds)
        show(f"{corpus}, ISO 2709 to bytes", measures, _ratios(measures))
        results[corpus] = plain(measures)
    save("mapping", vars(options), results)


def _ratios(measures: list[Measure]) -> list[str]:
    ours, _, theirs = (each.per_cpu_second for each in measures)
    return [f"per CPU second, to oai_dc: {ours / theirs:.2f} x pymarc (wanted: {_WANTED})"]


def to_oai_dc(file: str) -> int:
    """Convert a file to Dublin Core as ``lienthong convert`` does."""
    return _convert(file, oai_dc)


def to_mods(file: str) -> int:
    """Convert a file to MODS as ``lienthong convert`` does."""
    return _convert(file, mods)


def _convert(file: str, target: Writable) -> int:
    counts = Counts()
    with Path(file).open("rb") as stream:
        for _ in convert(stream, route(iso2709, target), counts, lambda _: None):
            pass
    return counts.written


def plain_script(file: str) -> int:
    """Write DC as a plain script on pymarc would: whole subfields, no roles, nothing trimmed."""
    with Path(file).open("rb") as stream:
        reader = pymarc.MARCReader(stream, hide_utf8_warnings=True)
        return sum(len(_plain_dc(record)) > 0 for record in reader if record is not None)


def _plain_dc(record: pymarc.Record) -> bytes:
    found = [("title", record.title or "")]
    found += [
        ("creator", " ".join(field.get_subfields("a", "b", "c", "d")))
        for field in record.get_fields(*_NAMES)
    ]
    found += [
        ("subject", "--".join(field.get_subfields("a", "x", "y", "z")))
        for field in record.get_fields(*_SUBJECTS)
    ]
    for field in record.get_fields("260", "264"):
        found += [("publisher", value) for value in field.get_subfields("b")]
        found += [("date", value) for value in field.get_subfields("c")]
    for field in record.get_fields(*_NOTES):
        found += [("description", value) for value in field.get_subfields("a")]
    for field in record.get_fields("300"):
        found.append(("format", " ".join(field.get_subfields("a", "b", "c"))))
    for field in record.get_fields("008"):
        found.append(("language", (field.data or "")[35:38]))
    for element, tag, code in _PLAIN:
        for field in record.get_fields(tag):
            found += [(element, value) for value in field.get_subfields(code)]
    lines = [f"<dc:{name}>{escape(value)}</dc:{name}>" for name, value in found if value]
    start = f'<oai_dc:dc xmlns:oai_dc="{oai_dc.NAMESPACE}" xmlns:dc="{DC}">'
    return f"{start}{''.join(lines)}</oai_dc:dc>".encode()


_WORKS = {
    "ours: to oai_dc": to_oai_dc,
    "ours: to MODS": to_mods,
    "pymarc and a plain script": plain_script,
}
