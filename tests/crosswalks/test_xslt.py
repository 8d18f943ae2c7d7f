"""Stylesheets as crosswalks: they map, and can do nothing else."""

from __future__ import annotations

import pytest

from crosswalks.language.errors import CrosswalkSyntax, MappingFailed
from crosswalks.model import Element, Field, Record, Schema
from crosswalks.xslt import Stylesheet, transforming

XSL = "http://www.w3.org/1999/XSL/Transform"
DC = "http://purl.org/dc/elements/1.1/"
MARC = "http://www.loc.gov/MARC21/slim"
RECORD = Record(schema=Schema.OAI_DC, fields=(Element("dc:title", (), "Số đỏ"),))


def sheet(inside: str, outside: str = "") -> Stylesheet:
    body = f"""<xsl:stylesheet version="1.0" xmlns:xsl="{XSL}" xmlns:dc="{DC}" xmlns="{MARC}">
    {outside}
    <xsl:template match="/*"><record><leader>00000nam a2200000 a 4500</leader>
    <datafield tag="245" ind1="0" ind2="0"><subfield code="a">{inside}</subfield></datafield>
    </record></xsl:template></xsl:stylesheet>"""
    return Stylesheet("t", body.encode(), 3)


def mapped(inside: str, outside: str = "", seconds: float = 5.0) -> str:
    run = transforming(sheet(inside, outside), Schema.OAI_DC, Schema.MARC21, seconds)
    return next(run(RECORD).data("245")).first("a")


def test_a_stylesheet_maps_a_record():
    assert mapped('<xsl:value-of select="dc:title"/>') == "Số đỏ"


def test_one_process_serves_many_records():
    run = transforming(sheet('<xsl:value-of select="dc:title"/>'), Schema.OAI_DC, Schema.MARC21)

    assert {run(RECORD).fields for _ in range(20)} == {
        (Field("245", "00", (("a", "Số đỏ"),)),),
    }


def test_a_stylesheet_reads_no_file(tmp_path):
    secret = tmp_path / "secret.xml"
    secret.write_text("<a>secret</a>", encoding="utf-8")

    with pytest.raises(MappingFailed):
        mapped(f"<xsl:value-of select=\"document('{secret.as_uri()}')/a\"/>")


def test_a_stylesheet_reaches_no_network():
    with pytest.raises(MappingFailed):
        mapped("<xsl:value-of select=\"document('http://127.0.0.1:9/')/a\"/>")


def test_a_stylesheet_writes_no_file(tmp_path):
    target = tmp_path / "out.xml"
    body = f"""<xsl:stylesheet version="1.0" xmlns:xsl="{XSL}"
    xmlns:exsl="http://exslt.org/common" extension-element-prefixes="exsl">
    <xsl:template match="/*"><exsl:document href="{target}"><a/></exsl:document></xsl:template>
    </xsl:stylesheet>"""
    run = transforming(Stylesheet("t", body.encode(), 1), Schema.OAI_DC, Schema.MARC21)

    with pytest.raises(MappingFailed):
        run(RECORD)
    assert not target.exists()


@pytest.mark.parametrize("element", ["import", "include"])
def test_a_stylesheet_that_fetches_another_is_refused_at_its_line(element):
    with pytest.raises(CrosswalkSyntax, match="must not fetch another") as caught:
        mapped("", f'<xsl:{element} href="http://127.0.0.1:9/"/>')

    assert caught.value.line == 4


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("<xsl:stylesheet", "this is no XML"),
        ("<a/>", "this is no stylesheet"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><a/>', "no DOCTYPE"),
    ],
)
def test_what_is_no_stylesheet_is_refused(body, reason):
    with pytest.raises(CrosswalkSyntax, match=reason):
        transforming(Stylesheet("t", body.encode(), 1), Schema.OAI_DC, Schema.MARC21)


def test_a_stylesheet_cannot_work_on_what_is_no_xml():
    with pytest.raises(CrosswalkSyntax, match="cannot work on ris"):
        transforming(sheet(""), Schema.MARC21, Schema.RIS)


def test_a_stylesheet_that_does_not_end_is_stopped_and_soon_not_run_again():
    twice = (
        '<xsl:call-template name="f"><xsl:with-param name="n" select="$n - 1"/></xsl:call-template>'
    )
    loop = f"""<xsl:template name="f"><xsl:param name="n" select="60"/>
    <xsl:if test="$n &gt; 0">{twice}{twice}</xsl:if></xsl:template>"""
    stylesheet = sheet('<xsl:call-template name="f"/>', loop)
    run = transforming(stylesheet, Schema.OAI_DC, Schema.MARC21, seconds=0.2)
    reasons = []
    for _ in range(5):
        with pytest.raises(MappingFailed) as caught:
            run(RECORD)
        reasons.append(caught.value.reason)

    assert ["took too long" in reason for reason in reasons] == [True, True, True, False, False]


def test_what_a_stylesheet_makes_has_to_be_a_record():
    body = f"""<xsl:stylesheet version="1.0" xmlns:xsl="{XSL}">
    <xsl:template match="/*"><a/></xsl:template></xsl:stylesheet>"""

    with pytest.raises(MappingFailed):
        transforming(Stylesheet("t", body.encode(), 1), Schema.OAI_DC, Schema.MARC21)(RECORD)
