"""Dumps at ``/dumps``: those of the public view, and at ``/dumps/view/<view>`` those of another.

The page for people is among the public ones; here are the files.
"""

from __future__ import annotations

from catalogue.cluster.render import shows
from catalogue.model import Sharing
from provider.dumps.model import Series
from provider.dumps.serving import respond
from provider.model import Response
from web.door import Asked
from web.site import Site

_FORM = "marc21"


def answer(site: Site, asked: Asked) -> Response | None:
    """Answer with a file of a dump; nothing where there is none, or it is not for whoever asks."""
    folder = site.doors.dumps
    if folder is None:
        return None
    view, path = Sharing.PUBLIC.value, asked.path
    if path.startswith("view/"):
        view, _, path = path.removeprefix("view/").partition("/")
    if view not in {each.value for each in Sharing}:
        return None
    repository = site.repository(asked.consumer)

    def gives(series: Series) -> bool:
        of_form = any(form.prefix == _FORM for form in repository.formats)
        return of_form and repository.gives(series.set_spec)

    if not shows(asked.consumer.view, Sharing(view)):
        return None
    return respond(folder, view, path, gives)
