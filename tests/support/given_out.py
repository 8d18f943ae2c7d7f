"""Records to give out: a Vietnamese book, thesis and article, and samples of the corpora."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from crosswalks import crosswalk
from crosswalks.errors import FormatError
from crosswalks.formats import Writable, iso2709
from crosswalks.model import Record
from support.formats import first, gpo_states, hcmut, loc_books
from support.marc import marc

BOOK = marc(
    "001 nlv-77",
    "003 VN-HNTV",
    "008 190520s2019    vm |||||||||||||||||vie|d",
    "020 __ $a9786040000019$qbìa mềm",
    "024 7_ $a10.1000/xyz123$2doi",
    "100 0_ $aNguyễn Nhật Ánh,$d1955-$eTác giả",
    "245 10 $6880-01$aMắt biếc :$btruyện dài /$cNguyễn Nhật Ánh",
    "250 __ $aTái bản lần 3",
    "264 _1 $aHà Nội :$bTrẻ,$c2019",
    "300 __ $a316 tr. :$bminh họa ;$c20 cm",
    "490 0_ $aTủ sách tuổi hồng ;$v12",
    "520 __ $aChuyện của Ngạn & Hà Lan: 100% học trò",
    "650 _7 $aVăn học thiếu nhi$zViệt Nam$2btkkhcn",
    "653 __ $aTruyện dài",
    "700 1_ $aSmith, John,$d1960-$etranslator",
    "700 0_ $aĐỗ Hoàng Tường$eMinh họa",
    "710 2_ $aHội Nhà văn, Chi hội Trẻ$eChủ biên",
    "856 40 $uhttps://example.vn/sách một.pdf$qapplication/pdf",
    "880 10 $6245-01/Hani$a𡨸喃 :$b眼碧",
)
THESIS = marc(
    "001 lv-5",
    "008 200101s2020    vm |||||om||||||||||vie|d",
    "100 0_ $aTrần Thị Bưởi",
    "245 10 $aNghiên cứu cây lúa",
    "264 _1 $aHuế :$bĐại học Nông Lâm,$c2020",
    "300 __ $axii, 98 tr.",
    "502 __ $aLuận văn thạc sĩ -- Trường Đại học Nông Lâm, 2020",
    "502 __ $bThạc sĩ$cTrường Đại học Nông Lâm$d2020",
    "700 0_ $aLê Văn Sáu$4ths",
)
ARTICLE = marc(
    "008 200101s2020    vm |||||||||||||||||vie|d",
    "100 0_ $aLê Văn B",
    "245 10 $aĐọc lại Truyện Kiều",
    "773 0_ $tTạp chí Văn học$gTập 12, số 3 (2020), tr. 235-48$x0866-7349",
    leader="00000nab a2200000 a 4500",
)


def given_out(form: Writable, *records: Record) -> str:
    """Return records as they are given out in a format."""
    mapped = (crosswalk.from_pivot(record, form.SCHEMA) for record in records)
    return form.BETWEEN.join(map(form.write, mapped)).decode()


def sample(shared: Path, each: int) -> list[Record]:
    """Return records of three catalogues, and of a Vietnamese one in which much is wrong."""
    found = [*loc_books(shared, each), *gpo_states(shared, each), *hcmut(shared, each)]
    for path in sorted((shared / "data/corpora/vn-emiclib").glob("[FL][PA]*.ISO")):
        with path.open("rb") as stream:
            found += first(stream, each)
    return [record for data in found for record in _read(data)]


def everything(shared: Path) -> Iterator[Record]:
    """Yield all records of the four catalogues."""
    yield from sample(shared, 100_000)


def _read(data: bytes) -> Iterator[Record]:
    with suppress(FormatError):
        yield iso2709.read(data)
        return
    with suppress(FormatError):
        yield iso2709.read_leniently(data)[0]
