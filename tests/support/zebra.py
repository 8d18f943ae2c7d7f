"""Zebra, Index Data's search server, over records of ours: a judge of what a search must find.

It is told which fields are a title or a name by the tables that our index goes by, and that marks
do not count; what a word, a phrase, a range or the beginning of a field is, it knows itself.
"""

from __future__ import annotations

import re
import shutil
import socket
import string
import subprocess
import time
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import urlopen
from xml.sax.saxutils import escape

from catalogue.search.columns import ANY, NUMBERS, TEXT, USES
from catalogue.search.document import RULES
from crosswalks.formats import marcxml
from crosswalks.model import Record

_TABLES = Path("/usr/share/idzebra-2.0/tab")
_SECONDS_TO_START = 30
_CODED = (
    ("isbn", ("020",), "az"),
    ("issn", ("022",), "almyz"),
    ("lccn", ("010",), "az"),
    ("number", ("015", "016", "024", "027", "028", "030", "035", "074", "086", "088"), "az"),
    ("dewey", ("082", "083", "092"), "a"),
    ("callnumber", ("050", "055", "090"), "ab"),
    ("classed", ("060", "070", "080", "084"), "a"),
    ("language", ("041",), "a"),
)
_INDEXES = """
index w
completeness 0
position 1
alwaysmatches 1
firstinfield 1
charmap words.chr

index p
completeness 1
position 1
firstinfield 1
charmap words.chr

index n
completeness 0
charmap numeric.chr
"""
_FILTER = """
<dom xmlns="http://indexdata.com/zebra-2.0">
  <extract name="index"><xslt stylesheet="index.xsl"/></extract>
  <input name="marc"><xmlreader level="1"/></input>
</dom>
"""
_SHEET = """
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:z="http://indexdata.com/zebra-2.0" xmlns:m="http://www.loc.gov/MARC21/slim">
  <xsl:template match="m:record"><z:record>{parts}</z:record></xsl:template>
</xsl:stylesheet>
"""
_PART = """
<xsl:for-each select="m:datafield[{wanted}]">
  <xsl:variable name="text">
    <xsl:for-each select="m:subfield[contains('{codes}', @code)]">
      <xsl:value-of select="concat(., ' ')"/>
    </xsl:for-each>
  </xsl:variable>
  <z:index name="{names}"><xsl:value-of select="$text"/></z:index>
</xsl:for-each>
"""
_EACH = """
<xsl:for-each select="m:datafield[{wanted}]/m:subfield[contains('{codes}', @code)]">
  <z:index name="{names}"><xsl:value-of select="."/></z:index>
</xsl:for-each>
"""
_CONTROLS = """
<xsl:for-each select="m:controlfield[@tag='008' and translate(substring(., 8, 4), '0123456789', '')
    = '' and string-length(.) &gt; 10 and substring(., 8, 4) != '9999']">
  <z:index name="{years}"><xsl:value-of select="substring(., 8, 4)"/></z:index>
</xsl:for-each>
<xsl:for-each select="m:controlfield[@tag='008']">
  <z:index name="{languages}"><xsl:value-of select="substring(., 36, 3)"/></z:index>
</xsl:for-each>
<xsl:for-each select="m:controlfield[@tag='005']">
  <z:index name="{changed}"><xsl:value-of select="substring(., 1, 8)"/></z:index>
</xsl:for-each>
<xsl:for-each select="m:controlfield[@tag='001']">
  <z:index name="{control}"><xsl:value-of select="."/></z:index>
</xsl:for-each>
"""


class ZebraRefusesError(Exception):
    """Zebra answers with a diagnostic."""


class Zebra:
    """A Zebra that was started, asked over SRU, which it takes PQF by, too."""

    def __init__(self, port: int) -> None:
        self._url = f"http://127.0.0.1:{port}/Default?"

    def hits(self, pqf: str) -> int:
        """Return how many records a query finds. Raises ZebraRefusesError."""
        asked = {"version": "1.1", "operation": "searchRetrieve", "maximumRecords": "0"}
        with urlopen(self._url + urlencode(asked | {"x-pquery": pqf}), timeout=60) as answer:
            said = answer.read().decode()
        if "diagnostic" in said:
            raise ZebraRefusesError(re.sub(r"\s*<[^>]*>\s*", " ", said))
        [count] = re.findall(r"numberOfRecords>(\d+)<", said)
        return int(count)


def modules() -> Path | None:
    """Return the folder of Zebra's modules if it is installed, as by Debian's ``idzebra-2.0``."""
    if not (shutil.which("zebraidx") and shutil.which("zebrasrv")):
        return None
    found = Path("/usr/lib").glob("*/idzebra-2.0/modules/mod-dom.so")
    return next((each.parent for each in found), None)


@contextmanager
def zebra(folder: Path, records: Sequence[Record]) -> Iterator[Zebra]:
    """Index records and serve them on a free loopback port."""
    _configure(folder, records)
    for arguments in (("init",), ("-n", "update", "records")):
        _run(folder, "zebraidx", "-c", "zebra.cfg", *arguments)
    port = _free_port()
    listen = f'<listen id="a">tcp:127.0.0.1:{port}</listen>'
    server = f'<server id="s" listenref="a"><config>{folder}/zebra.cfg</config></server>'
    (folder / "served.xml").write_text(f"<yazgfs>{listen}{server}</yazgfs>")
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(
            ["zebrasrv", "-f", "served.xml"], cwd=folder, stdout=log, stderr=log
        )
    try:
        yield _answering(Zebra(port), process, folder)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _run(folder: Path, *command: str) -> None:
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert "[warn]" not in done.stderr, done.stderr


def _answering(server: Zebra, process: subprocess.Popen[bytes], folder: Path) -> Zebra:
    deadline = time.monotonic() + _SECONDS_TO_START
    while process.poll() is None and time.monotonic() < deadline:
        try:
            server.hits("@attr 1=_ALLRECORDS @attr 2=103 x")
        except URLError:
            time.sleep(0.05)
        else:
            return server
    raise AssertionError((folder / "log").read_text())


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _configure(folder: Path, records: Sequence[Record]) -> None:
    for name in ("records", "register"):
        (folder / name).mkdir()
    settings = {
        "profilePath": f"{folder}:{_TABLES}",
        "modulePath": modules(),
        "attset": "hub.att",
        "recordType": "dom.filter.xml",
        "register": f"{folder}/register:2G",
        "perm.anonymous": "r",
    }
    files = {
        "zebra.cfg": "".join(f"{name}: {value}\n" for name, value in settings.items()),
        "hub.att": _attributes(),
        "default.idx": _INDEXES,
        "words.chr": "\n".join(_characters([marcxml.write(record).decode() for record in records])),
        "filter.xml": _FILTER,
        "index.xsl": _SHEET.format(parts="".join(_parts())),
    }
    for name, text in files.items():
        (folder / name).write_text(text)
    body = b"".join(marcxml.write(record) for record in records)
    (folder / "records" / "all.xml").write_bytes(b"<collection>" + body + b"</collection>")


def _attributes() -> str:
    uses = [*USES, 31, 30, 1012]
    return "name bib1\nreference Bib-1\n" + "".join(f"att {use} use-{use}\n" for use in uses)


def _characters(found: Sequence[str]) -> Iterator[str]:
    """Yield the lines of a character map: letters lose their marks, what is no letter parts words.

    By Unicode's own decompositions, not by ours; the Vietnamese đ has none.
    """
    letters = {letter for text in found for letter in text if not letter.isascii()}
    others = sorted({*map(chr, _LATIN), *letters})
    parting = [letter for letter in others if unicodedata.category(letter)[0] in "PSZC"]
    yield "encoding utf-8"
    yield "lowercase {0-9}{a-y}z"
    yield "uppercase {0-9}{A-Y}Z"
    yield _SPACE + "".join(parting)
    clusters = {each for text in found for each in _CLUSTER.findall(text)}
    for each in sorted({*others, *clusters} - {*parting}):
        if plain := _plain(each):
            yield f"map ({each}) {plain}"


_SPACE = r"""space {\001-\040}!"#$%&'\()*+,-./:;<=>?@\[\\]^_`\{|}~"""


def _plain(letter: str) -> str:
    spread = unicodedata.normalize("NFKD", letter).lower().translate(_STROKES)
    plain = "".join(part for part in spread if part in _LETTERS)
    return f"({plain})" if len(plain) > 1 else plain


_CLUSTER = re.compile(
    "[\u02b0-\u02ff]*[^\\W_][\u02b0-\u036f\ufe20-\ufe2f]+|[\u02b0-\u02ff]+[^\\W_]"
)
"""A letter with signs that cannot be one with it: Zebra has no way to leave out a sign alone."""
_LETTERS = string.ascii_lowercase + string.digits
_STROKES = str.maketrans("đłøı", "dloi")
_LATIN = (*range(0xC0, 0x250), *range(0x300, 0x370), *range(0x1E00, 0x1F00))


def _parts() -> Iterator[str]:
    named = [tag for tag in RULES if len(tag) == len("245")]
    for tag, rules in RULES.items():
        wanted = _is(tag) if tag in named else _begins(tag, named)
        for rule in rules:
            kinds = "wp" if rule.heading else "w"
            yield _PART.format(wanted=wanted, codes=rule.codes, names=_names(rule.column, kinds))
            if rule.heading == "short":
                yield _PART.format(wanted=wanted, codes="a", names=_names(rule.column, "p"))
    for column, tags, codes in _CODED:
        wanted = " or ".join(f"@tag='{tag}'" for tag in tags)
        part = _PART if column == "callnumber" else _EACH
        yield part.format(wanted=wanted, codes=codes, names=_names(column, "wp"))
    yield _CONTROLS.format(
        years="use-31:w use-31:n use-30:w",
        changed="use-1012:w use-1012:n",
        languages=_names("language", "w"),
        control=_names("control", "wp"),
    )


def _is(tag: str) -> str:
    return f"@tag='{tag}' or (@tag='880' and starts-with(m:subfield[@code='6'], '{tag}'))"


def _begins(tag: str, named: Iterable[str]) -> str:
    others = " or ".join(f"@tag='{each}'" for each in named if each.startswith(tag))
    return f"starts-with(@tag, '{tag}')" + (f" and not({others})" if others else "")


def _names(column: str, kinds: str) -> str:
    uses = [
        use
        for use, columns in USES.items()
        if column in columns or (columns == (ANY,) and column in {*TEXT, *NUMBERS})
    ]
    return escape(" ".join(f"use-{use}:{kind}" for use in uses for kind in kinds))
