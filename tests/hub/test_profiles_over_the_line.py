"""A source that names a profile, from its endpoint to the union catalogue, by commands alone."""

from __future__ import annotations

from xml.sax.saxutils import escape

import pytest

from protocols.oai import DC, OAI_DC
from support.loopback import replying
from support.oai_source import Item, Repository

PAGE = "https://t.example.vn/index.php/vd/article/view/1"
ARTICLE = (
    *(("title", "Lời nói đầu"), ("creator", "Lê Văn An"), ("date", "2015-01-01")),
    *(("type", "Lời tòa soạn"), ("format", "application/pdf"), ("identifier", PAGE)),
    *(("source", "Tạp chí V; S. 1 (2015); 3-9"), ("relation", f"{PAGE}/2")),
)


def payload() -> str:
    told = "".join(f"<dc:{name}>{escape(text)}</dc:{name}>" for name, text in ARTICLE)
    return f'<oai_dc:dc xmlns:oai_dc="{OAI_DC}" xmlns:dc="{DC}">{told}</oai_dc:dc>'


@pytest.fixture
def harvested(lienthong, request):
    """Harvest one article by the crosswalk that the test names, and give the record stored."""
    item = Item(identifier="oai:t.example.vn:article/1", payload=payload())
    with replying(Repository(items=[item])) as url:
        lienthong(
            *("sources", "add", "tapchi", "--protocol", "oai-pmh", "--url", url),
            *("--library", "TC", *request.param),
        )
        assert lienthong("harvest", "tapchi").code == 0
    return lienthong("records", "show", "tapchi/oai:t.example.vn:article/1").out


@pytest.mark.parametrize("harvested", [("--crosswalk", "oai_dc-marc21.ojs")], indirect=True)
def test_a_source_s_records_are_mapped_by_the_profile_it_names(harvested):
    assert "=773  0\\$tTạp chí V$gSố 1 (2015); 3-9$q1<3" in harvested
    assert f"=856  40$u{PAGE}/2$qapplication/pdf" in harvested


@pytest.mark.parametrize("harvested", [()], indirect=True)
def test_without_one_they_are_mapped_as_any_of_their_schema(harvested):
    assert "=773" not in harvested
    assert f"=787  0\\$o{PAGE}/2" in harvested
