"""Vietnamese text as the programs before Unicode wrote it, and as later ones took it."""

from __future__ import annotations

from crosswalks import tables
from crosswalks.encodings import Encoding, as_seen

_TEXT = """Những nguyên tắc cần tuân thủ trong việc biên mục tài liệu ở thư viện Quốc gia Việt Nam
Đất rừng phương Nam Nguyễn Nhật Ánh Vũ Trọng Phụng Hà Nội giáo trình kỹ thuật máy tính xử lý ảnh số
đường lối cách mạng của Đảng lịch sử văn hóa dân tộc thiểu số tỉnh Thừa Thiên Huế quyển một tập hai
nhà xuất bản Trẻ sửa chữa bổ sung tái bản lần thứ nhất hướng dẫn học tốt ngữ văn lớp mười"""
WORDS = tuple(_TEXT.split())


def written(text: str, encoding: Encoding) -> bytes:
    """Return the bytes of a text in NFC; what the encoding lacks is written as Windows-1252."""
    column = tables.heading("vn-encodings.tsv").index(encoding)
    letters = {row[0]: bytes.fromhex(row[column]) for row in tables.rows("vn-encodings.tsv")}
    return b"".join(letters.get(one) or one.encode("cp1252") for one in text)


def misread(text: str, encoding: Encoding) -> str:
    """Return a text as it stands in a UTF-8 file after such a past."""
    if encoding is Encoding.AS_CP1252:
        return as_seen(text.encode())
    if encoding is Encoding.TWICE:
        return text.encode().decode("latin-1")
    return as_seen(written(text, encoding))
