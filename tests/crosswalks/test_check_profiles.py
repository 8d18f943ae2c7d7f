from __future__ import annotations

import pytest

from crosswalks.checks.profiles import PROFILES, check_profile
from crosswalks.model import Element, Record, Schema, Severity

OPEN = "info:eu-repo/semantics/openAccess"


def record(schema: Schema = Schema.OAI_DC, /, **values: str) -> Record:
    """Return a record with these elements of Dublin Core; an underscore stands for a full stop."""
    prefix = "dc." if schema is Schema.DIM else "dc:"
    fields = tuple(Element(prefix + name, (), text) for name, text in values.items())
    return Record(schema=schema, fields=fields)


def sound(**changed: str) -> Record:
    values = {
        "title": "Số đỏ",
        "creator": "Vũ Trọng Phụng",
        "date": "1938-05",
        "type": "info:eu-repo/semantics/book",
        "identifier": "https://kho.example.edu.vn/handle/1/2",
        "rights": OPEN,
        "language": "vie",
        "description": "Tiểu thuyết",
        "subject": "Văn học",
        "publisher": "Hà Nội",
    }
    return record(**{name: text for name, text in {**values, **changed}.items() if text != "-"})


def found(given: Record, profile: str = "openaire") -> list[tuple[str, str]]:
    return [(problem.code, problem.field) for problem in check_profile(given, profile)]


@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_a_record_that_has_all_a_profile_wants_has_no_problem(profile: str):
    assert found(sound(), profile) == []


@pytest.mark.parametrize("name", ["title", "creator", "date", "type", "identifier", "rights"])
def test_what_a_profile_requires_is_missed_with_a_warning(name: str):
    [problem] = check_profile(sound(**{name: "-"}), "openaire")

    assert (problem.code, problem.field) == ("missing-element", name)
    assert problem.severity is Severity.WARNING


@pytest.mark.parametrize("name", ["language", "description", "subject", "publisher"])
def test_what_a_profile_recommends_is_missed_with_a_remark(name: str):
    [problem] = check_profile(sound(**{name: "-"}), "openaire")

    assert (problem.field, problem.severity) == (name, Severity.INFO)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("date", "05/1938"),
        ("date", "1938-13"),
        ("type", "Sách"),
        ("identifier", "123456"),
        ("identifier", "http://hdl.handle.net/123456789/12"),
        ("identifier", "http://localhost:8080/xmlui"),
        ("rights", "Miễn phí"),
        ("language", "Tiếng Việt"),
    ],
)
def test_a_value_that_is_not_as_the_profile_wants_it_is_told(name: str, value: str):
    assert found(sound(**{name: value})) == [("bad-value", name)]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("date", "1938"),
        ("date", "1938-05-31T10:00:00Z"),
        ("type", "http://purl.org/coar/resource_type/c_46ec"),
        ("identifier", "doi:10.1000/182"),
        ("identifier", "urn:isbn:9786040000019"),
        ("rights", "https://creativecommons.org/licenses/by/4.0/"),
        ("language", "vi"),
        ("language", "deu"),
        ("language", "vi_VN"),
    ],
)
def test_every_form_that_the_profile_knows_will_do(name: str, value: str):
    assert found(sound(**{name: value})) == []


def test_one_right_value_among_several_is_enough():
    given = sound()
    several = Record(schema=given.schema, fields=(Element("dc:type", (), "Sách"), *given.fields))

    assert found(several) == []


def test_an_element_without_text_and_one_that_is_none_are_told_by_the_simple_profile():
    assert found(record(title="A", creator=" ", titel="B"), "simple")[:2] == [
        ("empty-element", "dc:creator"),
        ("unknown-element", "dc:titel"),
    ]


def test_qualified_elements_count_as_what_they_qualify():
    given = Record(
        schema=Schema.DIM,
        fields=tuple(
            Element(name, (), text)
            for name, text in {
                "dc.title": "Số đỏ",
                "dc.contributor.author": "Vũ Trọng Phụng",
                "dc.date.accessioned": "2020-01-01T00:00:00Z",
                "dc.date.issued": "1938",
                "dc.type": "info:eu-repo/semantics/book",
                "dc.identifier.uri": "https://kho.example.edu.vn/handle/1/2",
                "dc.rights": OPEN,
            }.items()
        ),
    )

    assert {field for _, field in found(given)} == {
        "language",
        "description",
        "subject",
        "publisher",
    }


def test_a_profile_has_nothing_to_say_on_marc():
    assert check_profile(Record(schema=Schema.MARC21, leader="0" * 24), "openaire") == ()
