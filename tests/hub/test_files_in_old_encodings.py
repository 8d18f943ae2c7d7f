"""Files whose text is in an encoding from before Unicode are converted and checked as meant."""

from __future__ import annotations

import json

import pytest

from crosswalks.encodings import Encoding
from crosswalks.formats import iso2709, marcxml, mrk
from support.legacy import misread, written
from support.marc import marc

TITLE = "Những nguyên tắc của thư viện"
TCVN3 = Encoding.TCVN3


def in_bytes(form, encoding: Encoding) -> bytes:
    """Return a record of a format with its title in bytes of an encoding, of the same length."""
    title = written(TITLE, encoding)
    data = form.write(marc(f"245 00 $a{'x' * len(title)}", leader="00000nam a2200000 a 4500"))
    return data.replace(b"x" * len(title), title)


@pytest.mark.parametrize("form", [iso2709, mrk, marcxml], ids=lambda form: form.NAME)
@pytest.mark.parametrize("encoding", ["tcvn3", "vni", "viscii", "vps", "cp1258", "viqr"])
def test_bytes_in_any_format_are_converted_as_meant(lienthong, tmp_path, form, encoding):
    file = tmp_path / "in"
    file.write_bytes(in_bytes(form, Encoding(encoding)))
    said = lienthong("convert", "--encoding", encoding, "--to", "mrk", str(file))

    assert said.code == 0
    assert TITLE in said.out
    assert "repaired-encoding 1" in said.err


def test_misread_text_in_a_unicode_file_is_converted_too(lienthong, tmp_path):
    file = tmp_path / "in.mrc"
    record = marc(f"245 00 $a{misread(TITLE, TCVN3)}", leader="00000nam a2200000 a 4500")
    file.write_bytes(iso2709.write(record))
    said = lienthong("convert", "--encoding", "tcvn3", "--to", "oai_dc", str(file))

    assert f"<dc:title>{TITLE}</dc:title>" in said.out


def test_a_sound_file_is_converted_as_without_the_option(lienthong, tmp_path):
    file = tmp_path / "in.mrc"
    file.write_bytes(iso2709.write(marc(f"245 00 $a{TITLE}", leader="00000nam a2200000 a 4500")))
    plainly = lienthong("convert", "--to", "oai_dc", str(file))

    assert lienthong("convert", "--encoding", "tcvn3", "--to", "oai_dc", str(file)) == plainly


def test_check_judges_the_text_as_it_was_meant(lienthong, tmp_path):
    file = tmp_path / "in.mrc"
    file.write_bytes(in_bytes(iso2709, TCVN3))
    said = json.loads(lienthong("check", "--encoding", "tcvn3", "--json", str(file)).out)
    codes = {problem["code"] for problem in said["problems"]}

    assert "repaired-encoding" in codes
    assert not {"bad-encoding", "damaged-text", "other-encoding"} & codes


def test_an_encoding_that_is_not_known_is_wrong_use(lienthong):
    assert lienthong("convert", "--encoding", "latin", "--to", "mrk", "x").code == 2
