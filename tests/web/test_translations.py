from __future__ import annotations

import re
import string
import unicodedata

import pytest
from babel.messages.pofile import read_po

from support.messages import all_messages
from web.language import LANGUAGES, TRANSLATIONS, translator

PO = TRANSLATIONS / "vi" / "LC_MESSAGES" / "messages.po"


@pytest.fixture(scope="module")
def vietnamese() -> dict[str, str]:
    with PO.open("rb") as lines:
        return {str(message.id): str(message.string) for message in read_po(lines) if message.id}


def test_every_message_has_a_vietnamese_form(vietnamese: dict[str, str]) -> None:
    missing = {
        message: place for message, place in all_messages().items() if not vietnamese.get(message)
    }

    assert missing == {}


def test_no_vietnamese_form_is_left_over(vietnamese: dict[str, str]) -> None:
    assert set(vietnamese) - set(all_messages()) == set()


def test_placeholders_are_the_same_in_both_languages(vietnamese: dict[str, str]) -> None:
    differing = [english for english, form in vietnamese.items() if _names(english) != _names(form)]

    assert differing == []


def test_vietnamese_is_precomposed_and_carries_marks(vietnamese: dict[str, str]) -> None:
    text = "".join(vietnamese.values())

    assert text == unicodedata.normalize("NFC", text)
    assert set("ăâđêôơưạếộ") <= set(text)


def test_glossary_terms_that_are_wrong_in_a_library_are_not_used(
    vietnamese: dict[str, str],
) -> None:
    wrong = re.compile(r"tiêu đề|thu hoạch|bản ghi|số gọi|số điện thoại|sát nhập", re.IGNORECASE)

    assert [form for form in vietnamese.values() if wrong.search(form)] == []


def test_a_message_without_a_form_stays_english() -> None:
    assert translator("vi")("No such message anywhere") == "No such message anywhere"
    assert translator("vi")("") == ""
    assert translator("en")("Title") == "Title"
    assert next(iter(LANGUAGES)) == "vi"


def _names(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}
