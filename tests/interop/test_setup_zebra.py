"""The configuration of Zebra that the guide gives to libraries, tried with Zebra itself."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from html import unescape

import pytest

from crosswalks.formats import iso2709
from crosswalks.model import Control, Field, Record, Schema
from harvester.model import HttpSettings, SourceSpec
from harvester.searching.model import SearchSettings, Way
from harvester.z3950.reader import Z3950Reader
from support.processes import REPOSITORY
from support.yaz_ztest import await_listening, free_port
from support.zebra import Zebra, modules

pytestmark = pytest.mark.skipif(modules() is None, reason="Zebra is not installed")
GUIDE = REPOSITORY / "docs" / "en" / "setup-zebra.md"
FOLDER = "/srv/zebra"
MODULES = "/usr/lib/x86_64-linux-gnu/idzebra-2.0/modules"
FILE = re.compile(r"^`([a-z]+[.][a-z]+)`[^\n]*:\n\n```\w*\n(.*?)```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^    (zebraidx .*)$", re.MULTILINE)
BOOKS = {
    "vn1": ("Truyện Kiều", "Nguyễn Du", "20260105120000.0"),
    "vn2": ("Đất rừng phương Nam", "Đoàn Giỏi", "20260203120000.0"),
    "vn3": ("Số đỏ", "Vũ Trọng Phụng", "20261101120000.0"),
}


def written(number: str) -> bytes:
    title, author, changed = BOOKS[number]
    fields = (
        Control("001", number),
        Control("005", changed),
        Control("008", "240101s2020    vm            000 0 vie d"),
        Field("100", "0 ", (("a", author),)),
        Field("245", "10", (("a", title),)),
    )
    leader = "00000nam a2200000 a 4500"
    return iso2709.write(Record(schema=Schema.MARC21, leader=leader, fields=fields))


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Do what the guide says, in a folder and at a port of our own."""
    folder, port = tmp_path_factory.mktemp("zebra"), free_port()
    for name in ("records", "register"):
        (folder / name).mkdir()
    text = GUIDE.read_text("utf-8")
    for name, body in FILE.findall(text):
        own = body.replace(FOLDER, str(folder)).replace(MODULES, str(modules()))
        (folder / name).write_text(own.replace("tcp:@:2100", f"tcp:127.0.0.1:{port}"))
    (folder / "records" / "all.mrc").write_bytes(b"".join(map(written, BOOKS)))
    for command in COMMAND.findall(text):
        done = subprocess.run(command.split(), cwd=folder, capture_output=True, check=True)
        assert b"[warn]" not in done.stderr
    with (folder / "log").open("ab") as log:
        server = subprocess.Popen(
            ["zebrasrv", "-f", "yazgfs.xml"], cwd=folder, stdout=log, stderr=log
        )
    try:
        await_listening(port, server)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=30)


def harvested(port: int, way: Way) -> dict[str, bytes]:
    http = HttpSettings(allow_networks=("127.0.0.0/8",))
    url = f"z3950://127.0.0.1:{port}/Default"
    spec = SourceSpec(url=url, search=SearchSettings(way=way))
    pages = Z3950Reader(http, lambda _: None).pages(spec, {})
    return {each.identifier: each.body for page in pages for each in page.records}


def test_both_guides_have_the_same_six_files():
    vietnamese = REPOSITORY / "docs" / "vi" / GUIDE.name
    files = FILE.findall(GUIDE.read_text("utf-8"))

    assert FILE.findall(vietnamese.read_text("utf-8")) == files
    assert len(files) == 6


@pytest.mark.parametrize("way", [Way.SCAN, Way.DATES])
def test_the_hub_harvests_all_of_a_zebra_set_up_by_the_guide(port: int, way: Way):
    found = harvested(port, way)

    assert set(found) == set(BOOKS)
    assert all(BOOKS[number][0] in unescape(body.decode()) for number, body in found.items())


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ("@attr 1=4 {truyen kieu}", 1),
        ("@attr 1=4 {Đất rừng}", 1),
        ("@attr 1=1003 doan", 1),
        ("@attr 1=1012 @attr 2=4 20260201", 2),
        ("@attr 1=12 vn3", 1),
    ],
)
def test_a_zebra_set_up_by_the_guide_finds_words_with_marks_and_without(
    port: int, asked: str, count: int
):
    assert Zebra(port).hits(asked.replace("{", '"').replace("}", '"')) == count
