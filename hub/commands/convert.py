"""``lienthong convert``: a file of records from one schema to another, a record at a time."""

from __future__ import annotations

from typing import IO, Any

import click

from catalogue import crosswalks
from crosswalks import formats
from crosswalks.encodings import Encoding
from crosswalks.encodings.files import in_encoding
from crosswalks.files import HEAD, sniff_file
from crosswalks.shelf import SHIPPED_ONLY, Shelf
from hub.conversion import Counts, Refusal, Route, convert, readable, route, writable
from hub.errors import NothingConverted, UnknownInput, WrongUse
from hub.filing import opened, outgoing, peeked
from hub.instance import Hub
from hub.options import json_option
from hub.stopping import interrupted_by_terminate
from web.language import mark

_NO_TARGET = mark("say with --to which schema is wanted; --list shows them")
_STANDARD = "-"


@click.command("convert")
@click.argument("file", metavar="[IN]", default=_STANDARD)
@click.option(
    "--from", "source", default="", help="The schema of what comes in; sniffed if left out."
)
@click.option(
    "--encoding",
    type=click.Choice([each.value for each in Encoding if each is not Encoding.UTF_8]),
    help="The old encoding that the text is in; it is repaired, and each repair told.",
)
@click.option("--to", "target", default="", help="The schema wanted.")
@click.option("--crosswalk", default="", help="Map by this crosswalk; chosen if left out.")
@click.option("--published", is_flag=True, help="Map by what this hub has published, if anything.")
@click.option("-o", "--output", default=_STANDARD, help="The file to write, not standard output.")
@click.option("--list", "is_list", is_flag=True, help="Show which schemas are read and written.")
@json_option
@click.pass_obj
def command(hub: Hub, /, file: str, *, is_list: bool, as_json: bool, **options: Any) -> int:
    """Convert a file of records from one schema to another."""
    if is_list:
        return _list(hub, as_json=as_json)
    if not options["target"]:
        raise WrongUse(reason=_NO_TARGET)
    # What is wrong with the command line is told before anything is opened.
    writable(options["target"])
    shelf = _published(hub) if options["published"] else SHIPPED_ONLY
    with interrupted_by_terminate(), opened(file) as stream:
        way, whole = _way(file, stream, options, shelf)
        return _convert(hub, way, whole, (file, options["output"]))


def _list(hub: Hub, *, as_json: bool) -> int:
    read = {form.NAME for form in formats.FORMATS}
    written = {form.NAME for form in formats.WRITTEN}
    names = dict.fromkeys(form.NAME for form in (*formats.WRITTEN, *formats.FORMATS))
    if as_json:
        hub.output.values(
            {"schema": name, "reads": name in read, "writes": name in written} for name in names
        )
        return 0
    yes, no = hub.translate("yes"), hub.translate("no")
    rows = ((name, yes if name in read else no, yes if name in written else no) for name in names)
    hub.output.table(("Schema", "Reads", "Writes"), rows)
    return 0


def _published(hub: Hub) -> Shelf:
    with hub.catalogue() as db:
        return crosswalks.shelf(db)


def _way(
    file: str, stream: IO[bytes], options: dict[str, Any], shelf: Shelf
) -> tuple[Route, IO[bytes]]:
    """Return the way to go, and the stream from its beginning."""
    target, name = writable(options["target"]), options["crosswalk"]
    if options["source"]:
        source = in_encoding(readable(options["source"]), options["encoding"])
        return route(source, target, name, shelf), stream
    head, whole = peeked(stream, HEAD)
    found = sniff_file(head)
    if found is None:
        raise UnknownInput(path=file)
    return route(in_encoding(found, options["encoding"]), target, name, shelf), whole


def _convert(hub: Hub, way: Route, stream: IO[bytes], places: tuple[str, str]) -> int:
    file, output = places
    counts = Counts()

    def refuse(refusal: Refusal) -> None:
        _tell_refusal(hub, refusal)

    try:
        with outgoing(output) as out:
            for piece in convert(stream, way, counts, refuse):
                if not counts.written:
                    raise NothingConverted(path=file, schema=way.source.NAME)
                out.write(piece)
    finally:
        _tell(hub, counts)
    return 1 if counts.refused else 0


def _tell_refusal(hub: Hub, refusal: Refusal) -> None:
    told = mark("Record {position} at byte {offset} was refused: {reason}")
    if refusal.identifier:
        told = mark("Record {position} at byte {offset} ({identifier}) was refused: {reason}")
    hub.output.notice(told, **refusal._asdict())


def _tell(hub: Hub, counts: Counts) -> None:
    hub.output.notice(
        "{read} read, {written} written, {refused} refused",
        read=counts.read,
        written=counts.written,
        refused=counts.refused,
    )
    if counts.warnings:
        told = ", ".join(f"{code} {count}" for code, count in counts.warnings.most_common())
        hub.output.notice("Warnings: {codes}", codes=told)
