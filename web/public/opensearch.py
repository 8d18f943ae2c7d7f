"""What browsers and programs need to know to search here (OpenSearch 1.1)."""

from __future__ import annotations

from flask import Response, make_response, url_for
from lxml import etree
from lxml.builder import ElementMaker

from web.language import LANGUAGES, mark
from web.public.views import blueprint
from web.site import current_site
from web.speech import words

TYPE = "application/opensearchdescription+xml"
NAMESPACE = "http://a9.com/-/spec/opensearch/1.1/"
_SHORT, _LONG = 16, 48
"""Letters of the names (OpenSearch 1.1, "ShortName" and "LongName")."""
_ABOUT = mark("What the libraries hold, in one catalogue: books, journals, theses and more.")
_EXAMPLE = "truyen kieu"
_make = ElementMaker(namespace=NAMESPACE, nsmap={None: NAMESPACE})


@blueprint.get("/opensearch.xml")
def opensearch() -> Response:
    """Describe the search page, of which every page has the address.

    SRU and OAI-PMH are not in it: what is typed is no query in CQL.
    """
    identity = current_site().identity
    base = identity.base_url.rstrip("/")
    # Braces stand for themselves in a template, and for nothing else in an address.
    found = f"{base}/?q={{searchTerms}}&page={{startPage?}}"
    icon = f"{base}{url_for('static', filename='icon.svg')}"
    told = _make.OpenSearchDescription(
        _make.ShortName(_cut(identity.name, _SHORT)),
        _make.LongName(_cut(identity.name, _LONG)),
        _make.Description(words()(_ABOUT)),
        _make.Contact(identity.admin_email),
        _make.Url(type="text/html", template=found),
        _make.Url(type=TYPE, rel="self", template=f"{base}/opensearch.xml"),
        _make.Image(icon, height="16", width="16", type="image/svg+xml"),
        _make.Query(role="example", searchTerms=_EXAMPLE),
        *(_make.Language(code) for code in LANGUAGES),
        _make.InputEncoding("UTF-8"),
        _make.OutputEncoding("UTF-8"),
    )
    body = etree.tostring(told, encoding="UTF-8", xml_declaration=True)
    answer = make_response(body)
    answer.content_type = f"{TYPE}; charset=utf-8"
    return answer


def _cut(name: str, most: int) -> str:
    """Return a name of at most so many letters, cut between words where it can be."""
    if len(name) <= most:
        return name
    cut = name[: most + 1].rpartition(" ")[0]
    return cut or name[:most]
