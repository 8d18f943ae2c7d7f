"""``/endpoints``: where programs find what this hub gives out, and how to try it."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template, url_for

from catalogue import libraries, sets_offered
from catalogue.consumers.model import EVERYBODY
from catalogue.public_figures import is_shown
from catalogue.sets_offered import Family
from web.dumpwords import all_shown
from web.hall import reached
from web.public.endpoints.doors import Here, doors
from web.site import current_site

blueprint = Blueprint("endpoints", __name__, template_folder="../templates")

_FAMILIES = ("library", "material", "type")
"""Of which a set is taken as the example, the first that there is."""


@blueprint.get("/endpoints")
def show() -> str:
    """Show the doors, the formats and the sets that there really are."""
    site = current_site()
    families = sets_offered.families(site.database)
    here = _here(families)
    return render_template(
        "public/endpoints.html",
        doors=doors(here),
        formats=site.repository(EVERYBODY).formats,
        families=families,
        base=here.base,
        api=url_for("public.interface"),
    )


def _here(families: list[Family]) -> Here:
    site = current_site()
    base = site.identity.base_url.rstrip("/")
    known = (each.code for each in libraries.all(site.database) if is_shown(each))
    by_root = {each.root: each.example for each in families}
    dumps = all_shown(site.doors.dumps, EVERYBODY.view.value)
    return Here(
        base=base,
        domain=site.identity.domain,
        z3950=reached(site.doors.hall.z3950, base),
        library=next(known, ""),
        set_spec=next((by_root[root] for root in _FAMILIES if root in by_root), ""),
        series=next((each.path for each in dumps if each.dumps), ""),
        opensearch=any(each.rule == "/opensearch.xml" for each in current_app.url_map.iter_rules()),
    )
