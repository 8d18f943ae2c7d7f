"""A list of files that is interrupted goes on where it was, or says that it cannot."""

from __future__ import annotations

import gzip
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosswalks.model import Page
from support.files import book, books, codes, names, read, reader, records, spec, zipped

LONG = books(*range(600))
REPEATED = b"".join(book(number % 7, str(number % 80)) for number in range(700))
PARTS = {f"{number}.mrc": LONG[:9000] for number in range(20)}
FOLDERS: dict[str, dict[str, bytes]] = {
    "one": {"a.mrc": LONG},
    "three": {f"{n}.mrc": books(*range(n, 260 * n)) for n in (1, 2, 3)},
    "repeated": {"a.mrc": REPEATED},
    "packed": {"a.gz": gzip.compress(LONG)},
    "zipped": {"a.zip": zipped(PARTS)},
    "damaged": {"a.mrc": LONG[:40_000] + b"damage" + LONG[40_003:]},
}


def put(folder: Path, name: str, data: bytes) -> None:
    (folder / name).write_bytes(data)


def seen(pages: list[Page]) -> list[tuple[str, bytes]]:
    return [(each.identifier, each.body) for each in records(pages)]


@settings(max_examples=40)
@given(st.data())
def test_resumed_at_any_pages_it_brings_the_same_as_without_interruption(data):
    files = FOLDERS[data.draw(st.sampled_from(sorted(FOLDERS)))]
    delivers = data.draw(st.sampled_from(["whole", "changes"]))
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        for name, content in files.items():
            put(folder, name, content)
        whole = read(folder, delivers=delivers)
        broken, checkpoint = [], {}
        while not broken or not broken[-1].last:
            pages = reader().pages(spec(folder, delivers=delivers), checkpoint)
            for _ in range(data.draw(st.integers(1, 4))):
                if (page := next(pages, None)) is None:
                    break
                broken.append(page)
                checkpoint = page.next_checkpoint

    assert seen(broken) == seen(whole)
    assert [page.number for page in broken] == list(range(1, len(whole) + 1))
    assert [page.whole for page in broken[1:]] == [None] * (len(whole) - 1)
    assert broken[-1].next_checkpoint == whole[-1].next_checkpoint


def test_a_list_whose_file_changed_meanwhile_is_begun_anew_and_says_so(tmp_path):
    put(tmp_path, "a.mrc", LONG)
    first = next(reader().pages(spec(tmp_path, delivers="whole"), {}))
    put(tmp_path, "a.mrc", books(1, 2))

    pages = read(tmp_path, first.next_checkpoint, delivers="whole")
    assert (names(pages), codes(pages), pages[0].whole) == (["1", "2"], ["list-begun-anew"], True)


def test_a_list_whose_file_is_gone_is_ended_and_says_so(tmp_path):
    put(tmp_path, "a.mrc", LONG)
    put(tmp_path, "b.mrc", books(1))
    first = next(reader().pages(spec(tmp_path), {}))
    (tmp_path / "a.mrc").unlink()

    pages = read(tmp_path, first.next_checkpoint)
    assert (names(pages), codes(pages)) == (["1"], ["list-begun-anew"])


def test_changes_that_were_read_may_go_while_others_are_read(tmp_path):
    put(tmp_path, "a.mrc", books(0))
    put(tmp_path, "b.mrc", LONG)
    pages = reader().pages(spec(tmp_path), {})
    first = next(pages)
    pages.close()
    (tmp_path / "a.mrc").unlink()

    rest = read(tmp_path, first.next_checkpoint)
    assert (len(names([first])) + len(names(rest)), codes(rest)) == (601, [])


def test_new_files_wait_until_the_list_under_way_has_ended(tmp_path):
    put(tmp_path, "b.mrc", LONG)
    first = next(reader().pages(spec(tmp_path), {}))
    put(tmp_path, "a.mrc", books("new"))

    rest = read(tmp_path, first.next_checkpoint)
    assert "new" not in names(rest)
    assert names(read(tmp_path, rest[-1].next_checkpoint)) == ["new"]


@pytest.mark.parametrize("inbox", ["-changes-a.mrc", "-whole-a.mrc"])
def test_what_came_through_the_inbox_is_resumed_too(tmp_path, inbox):
    put(tmp_path, f"00000001{inbox}", LONG)
    first = next(reader().pages(spec("file:", inbox=tmp_path), {}))

    rest = read("file:", first.next_checkpoint, inbox=tmp_path)
    assert names([first, *rest]) == [str(number) for number in range(600)]
