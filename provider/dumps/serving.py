"""Dumps by address: ``SET/FORMAT/latest.json``, ``SET/FORMAT/DUMP/FILE``, ``index.json``.

Only what a manifest names is ever sent, so no address leads anywhere else.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from provider.dumps import shelf
from provider.dumps.errors import BadSeries
from provider.dumps.model import LATEST, MANIFEST, SUMS, Series
from provider.model import File, Response

INDEX = "index.json"
NEWEST = "latest"
"""Stands for the newest full dump where otherwise the name of a dump stands."""
_JSON = {"Content-Type": "application/json; charset=utf-8"}
_TEXT = {"Content-Type": "text/plain; charset=utf-8"}
_GZIP = {"Content-Type": "application/gzip"}
_FOUND = 302

Gives = Callable[[Series], bool]
"""Tells whether whoever asks may take a series."""


def respond(folder: Path, view: str, path: str, gives: Gives) -> Response | None:
    """Answer what is asked of the dumps of a view; None where there is nothing of that name."""
    if path == INDEX:
        return _small(json.dumps(listing(folder, view, gives), indent=1), _JSON)
    within, _, rest = path.partition("/")
    form, _, names = rest.partition("/")
    with suppress(BadSeries):
        series = Series.at(view, within, form)
        if gives(series):
            return _of_series(folder, series, names.split("/"))
    return None


def listing(folder: Path, view: str, gives: Gives) -> list[dict[str, Any]]:
    """Return which series there are of a view, with what to take of each."""
    found = [each for each in shelf.all_series(folder) if each.view == view and gives(each)]
    return [
        {
            "set": each.set_spec,
            "format": each.form.value,
            "path": f"{each.within}/{each.form}",
            **shelf.chain(shelf.dumps_of(folder, each)),
        }
        for each in found
    ]


def _of_series(folder: Path, series: Series, names: list[str]) -> Response | None:
    match names:
        case [name] if name == LATEST:
            content = shelf.pointer(shelf.dumps_of(folder, series))
            return _small(content.decode(), _JSON) if content else None
        case [dump, name]:
            return _of_dump(folder, series, dump, name)
        case _:
            return None


def _of_dump(folder: Path, series: Series, name: str, file: str) -> Response | None:
    if name == NEWEST:
        full = shelf.newest_full(shelf.dumps_of(folder, series))
        where = {"Location": f"../{full.name}/{file}"} if full else {}
        return Response(status=_FOUND, headers=where) if full else None
    dump = shelf.dump_named(folder, series, name)
    if dump is None:
        return None
    place = folder / series.path / name
    if file in (MANIFEST, SUMS):
        kind = _JSON if file == MANIFEST else _TEXT
        return _small((place / file).read_text("utf-8"), kind)
    found = next((each for each in dump.files if each.name == file), None)
    if found is None:
        return None
    return Response(
        headers=_GZIP if file.endswith(".gz") else _TEXT,
        records=found.records,
        file=File(path=place / file, size=found.bytes, tag=found.sha256),
    )


def _small(text: str, headers: dict[str, str]) -> Response:
    body = text.encode()
    return Response(headers=headers, body=body, tag=hashlib.sha256(body).hexdigest()[:32])
