"""The text tools of the command line: one line out for each line in, whatever is on it."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Callable

import pytest

from crosswalks.encodings import Encoding
from support.legacy import WORDS, misread, written

SOURCE = [" ".join(WORDS[start : start + 5]) for start in range(0, len(WORDS), 5)]
LEGACY = [each for each in Encoding if each is not Encoding.UTF_8]
JUNK = [b"\xff\xfe\x00", b"hex:zz", b"hex:", b"", b"\t\t", b"hex:ff 00 0a 85", b"\xc3", b"a\x1eb"]
Stdin = Callable[[bytes], None]


@pytest.fixture
def stdin(monkeypatch) -> Stdin:
    def give(data: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))

    return give


def as_input(lines: list[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


@pytest.mark.parametrize("encoding", LEGACY)
def test_repair_names_the_encoding_of_the_source_and_writes_the_text_as_meant(
    lienthong, stdin, encoding
):
    stdin(as_input([misread(text, encoding) for text in SOURCE]))
    said = lienthong("text", "repair")

    assert (said.code, said.err) == (0, "")
    assert said.out == "".join(f"{encoding}\t{text}\n" for text in SOURCE)


@pytest.mark.parametrize("encoding", [Encoding.TCVN3, Encoding.VNI, Encoding.VISCII, Encoding.VPS])
def test_repair_takes_raw_bytes_in_hexadecimal(lienthong, stdin, encoding):
    stdin(as_input([f"hex:{written(text, encoding).hex(' ')}" for text in SOURCE]))
    said = lienthong("text", "repair")

    assert said.out == "".join(f"{encoding}\t{text}\n" for text in SOURCE)


def test_repair_takes_a_file_in_raw_bytes(lienthong, stdin):
    stdin(b"".join(written(text, Encoding.TCVN3) + b"\r\n" for text in SOURCE))
    said = lienthong("text", "repair")

    assert said.out == "".join(f"tcvn3\t{text}\n" for text in SOURCE)


def test_repair_leaves_sound_lines_alone_and_says_so(lienthong, stdin):
    legacy = [misread(text, Encoding.VNI) for text in SOURCE[1:]]
    stdin(as_input([SOURCE[0], *legacy]))
    said = lienthong("text", "repair")

    assert said.out.splitlines()[:2] == [f"utf-8\t{SOURCE[0]}", f"vni\t{SOURCE[1]}"]


def test_repair_changes_nothing_that_is_right(lienthong, stdin):
    lines = [*SOURCE, "Crème brûlée", "plain"]
    stdin(as_input(lines))
    said = lienthong("text", "repair")

    assert (said.out, said.err) == ("".join(f"utf-8\t{line}\n" for line in lines), "")


def test_repair_says_when_the_lines_are_too_few_to_be_sure(lienthong, stdin):
    stdin("Vò ThÞ Nhµn\n".encode())
    said = lienthong("text", "repair")

    assert (said.code, said.out) == (0, "utf-8\tVò ThÞ Nhµn\n")
    assert len(said.err.splitlines()) == 1


def test_repair_keeps_the_original_in_json(lienthong, stdin):
    stdin(as_input([misread(text, Encoding.VPS) for text in SOURCE]))
    said = lienthong("text", "repair", "--json").json

    assert [line["original"] for line in said] == [misread(text, Encoding.VPS) for text in SOURCE]
    assert [line["text"] for line in said] == SOURCE


def test_fold_and_key_answer_each_line(lienthong, stdin):
    stdin("Hòa Bình\nhoà bình\n".encode())
    folded = lienthong("text", "fold").out
    stdin("Hòa Bình\nhoà bình\n".encode())
    keyed = lienthong("text", "key").out

    assert folded == "hoa binh\nhoa binh\n"
    assert keyed == "hoaF binhF\nhoaF binhF\n"


def test_same_judges_pairs_also_in_raw_bytes(lienthong, stdin):
    raw = written("Mùa lạc", Encoding.VNI).hex(" ")
    stdin(f"Hoà Bình\tHòa Bình\nma\tmá\nMùa lạc\thex:{raw}\n".encode())
    said = lienthong("text", "same", "--field", "title")

    assert (said.code, said.out) == (0, "same\ndifferent\nsame\n")


def test_same_tells_of_a_line_that_is_no_pair_and_goes_on(lienthong, stdin):
    stdin("một\nhai\thai\n".encode())
    said = lienthong("--lang", "en", "text", "same", "--field", "title")

    assert (said.code, said.out) == (1, "different\nsame\n")
    assert said.err == (
        "Line 1 is not two values with a tab between them; it counts as different.\n"
    )


@pytest.mark.parametrize("name", ["fold", "key", "repair"])
@pytest.mark.parametrize("option", [(), ("--json",)])
def test_every_bad_line_is_answered_with_one_line(lienthong, stdin, name, option):
    stdin(b"\n".join(JUNK) + b"\n")
    said = lienthong("text", name, *option)

    assert said.code == 0
    assert said.out.count("\n") == len(JUNK)
    if option:
        assert len([json.loads(line) for line in said.out.splitlines()]) == len(JUNK)


def test_same_answers_every_bad_pair(lienthong, stdin):
    stdin(b"".join(one + b"\t" + other + b"\n" for one in JUNK for other in JUNK))
    said = lienthong("text", "same", "--field", "author")

    assert set(said.out.splitlines()) <= {"same", "different"}
    assert said.out.count("\n") == len(JUNK) ** 2


def test_an_empty_input_is_answered_with_nothing(lienthong, stdin):
    for name in ("fold", "key", "repair"):
        stdin(b"")
        assert lienthong("text", name).out == ""


def test_the_filters_need_no_hub(lienthong, stdin, tmp_path):
    stdin("Đông\n".encode())
    said = lienthong("text", "fold", LIENTHONG_DATABASE_URL="nosuch:")

    assert (said.code, said.out) == (0, "dong\n")
    assert list(tmp_path.iterdir()) == []


def test_each_line_is_answered_before_the_next_is_given():
    command = [sys.executable, "-c", "from hub.cli import main; main()", "text", "fold"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write("Đại Việt\n".encode())
        child.stdin.flush()

        assert child.stdout.readline() == b"dai viet\n"
        child.stdin.close()
