"""Members by command: groups, contacts, agreements, and all of it as a file."""

from __future__ import annotations

import json

import pytest

KIEU = "Nguyễn Thị Kiều"


@pytest.fixture
def hub(lienthong):
    add = ("libraries", "add")
    lienthong(*add, "NLV", "--kind", "Thư viện quốc gia", "--alias", "VN/TVQG", "--name", "TVQG")
    lienthong(*add, "HCM", "--kind", "public", "--region", "TP.HCM", "--valid-to", "2020-01-01")
    return lienthong


def test_a_type_is_told_in_the_language_of_the_reader(hub):
    shown = {lang: hub("--lang", lang, "libraries", "show", "NLV").out for lang in ("vi", "en")}

    assert "Thư viện quốc gia" in shown["vi"]
    assert "National library" in shown["en"]
    assert "Public library" in hub("--lang", "en", "libraries", "list").out
    assert hub("libraries", "show", "HCM", "--json").json[0]["membership"] == "over"


def test_groups_are_made_changed_and_dissolved(hub):
    made = hub("libraries", "groups", "add", "G", "VN/TVQG", "--name-vi", "Nhóm", "--json").json[0]
    hub("libraries", "groups", "join", "G", "HCM")
    hub("libraries", "groups", "change", "G", "--name-en", "Group", "--basis", "project")
    joined = hub("libraries", "groups", "show", "G", "--json").json[0]
    left = hub("libraries", "groups", "leave", "G", "VN/TVQG", "--json").json[0]

    assert (made["members"], joined["members"]) == (["NLV"], ["HCM", "NLV"])
    assert (joined["name_en"], joined["basis"], left["members"]) == ("Group", "project", ["HCM"])
    assert hub("libraries", "show", "HCM", "--json").json[0]["groups"] == ["G"]
    assert "Nhóm" in hub("--lang", "vi", "libraries", "groups", "list").out
    assert hub("libraries", "groups", "remove", "G", "--json").json[0]["code"] == "G"
    assert hub("libraries", "groups", "list", "--json").json == []
    assert hub("libraries", "groups", "add", "HCM", "--name-vi", "x").code == 2


def test_contacts_are_kept_and_forgotten(hub):
    contacts = ("libraries", "contacts")
    hub(*contacts, "add", "VN/TVQG", KIEU, "--role", "Giám đốc", "--mail", "kieu@nlv.example")
    changed = hub(*contacts, "change", "NLV", KIEU, "--name", "Kiều", "--role", "", "--json").json

    assert (changed[0]["name"], changed[0]["role"]) == ("Kiều", "")
    assert "kieu@nlv.example" in hub(*contacts, "list", "NLV").out
    hub("alerts", "add", "nlv", "--mail", "kieu@nlv.example", "--library", "NLV")
    refused = hub("--lang", "vi", *contacts, "remove", "NLV", "Kiều")
    assert (refused.code, "lienthong alerts remove nlv" in refused.err) == (2, True)
    hub("alerts", "remove", "nlv")
    assert hub(*contacts, "remove", "NLV", "Kiều", "--json").json[0]["name"] == "Kiều"
    assert hub(*contacts, "list", "NLV", "--json").json == []


def test_agreements_are_kept_one_in_force(hub):
    agreements = ("libraries", "agreements")
    hub(*agreements, "add", "NLV", "01/TT", "--signed", "2023-01-01", "--scope", "Thư mục")
    refused = hub("--lang", "en", *agreements, "add", "NLV", "02/TT", "--signed", "2024-01-01")
    hub(*agreements, "change", "NLV", "01/TT", "--valid-to", "2023-12-31")
    hub(*agreements, "add", "NLV", "02/TT", "--signed", "2024-01-01", "--reference", "tủ 3")

    assert (refused.code, "01/TT" in refused.err) == (2, True)
    told = {
        each["number"]: each["in_force"] for each in hub(*agreements, "list", "NLV", "--json").json
    }
    assert told == {"02/TT": True, "01/TT": False}
    assert "Thư mục" in hub(*agreements, "list", "NLV").out
    assert hub(*agreements, "remove", "NLV", "02/TT", "--json").json[0]["reference"] == "tủ 3"


FILE = """\
groups:
- code: MEKONG
  name_vi: Đồng bằng sông Cửu Long
  basis: region
libraries:
- code: VN/TVQG
  groups: [MEKONG]
  successor: CT
  contacts:
  - name: Nguyễn Thị Kiều
    phone: 0123
  agreements:
  - number: 12
    signed: 2024-01-31
- code: CT
  type: Thư viện công cộng
  standing: joining
  aliases: ["CT*"]
"""


def test_a_file_of_members_is_shown_applied_and_written_the_same(hub, tmp_path):
    file = tmp_path / "members.yaml"
    file.write_text(FILE, encoding="utf-8")
    dry = hub("libraries", "apply", str(file), "--dry-run")
    untouched = hub("libraries", "list", "--json").json
    hub("libraries", "apply", str(file), "--yes")

    hub("libraries", "export", str(file))
    again = hub("--lang", "en", "libraries", "apply", str(file), "--yes")

    assert "+  - name: Nguyễn Thị Kiều" in dry.out
    assert len(untouched) == 2
    found = json.loads(hub("libraries", "export", "--json").out)
    nlv = next(each for each in found["libraries"] if each["code"] == "NLV")
    assert (nlv["successor"], nlv["groups"]) == ("CT", ["MEKONG"])
    assert nlv["contacts"] == [{"name": KIEU, "phone": "0123"}]
    assert nlv["agreements"] == [{"number": "12", "signed": "2024-01-31"}]
    ct = found["libraries"][0]
    assert (ct["type"], ct["standing"], ct["aliases"]) == ("public", "joining", ["CT*"])
    assert (again.out, again.err.strip()) == ("", "Nothing changes.")


WRONG = [
    (2, "groups:\n- name_vi: x\n"),
    (3, "groups:\n- code: A\n  colour: red\n"),
    (2, "libraries:\n- code: union\n"),
    (3, "libraries:\n- code: NLV\n  sharing: everybody\n"),
    (3, "libraries:\n- code: NLV\n  standing: withdrawn\n"),
    (3, "libraries:\n- code: NLV\n  successor: VN/TVQG\n"),
    (3, "libraries:\n- code: NLV\n- code: VN/TVQG\n"),
    (3, "libraries:\n- code: NLV\n  groups: [nosuch]\n"),
    (3, "libraries:\n- code: NLV\n  contacts: Kiều\n"),
    (3, "libraries:\n- code: NLV\n  contacts: [{name: Kiều, mail: không}]\n"),
    (3, "libraries:\n- code: NLV\n  agreements: [{number: 1}, {number: 2}]\n"),
    (3, "libraries:\n- code: NLV\n  code: HCM\n"),
    (3, "libraries:\n- code: NLV\n  lending: yes\n"),
    (3, "libraries:\n- code: NLV\n  lending: {lends: sometimes}\n"),
    (3, "libraries:\n- code: NLV\n  lending: {colour: red}\n"),
    (3, "libraries:\n- code: NLV\n  lending: {resolver: 'x y'}\n"),
    (1, "members: []\n"),
    (1, "libraries: NLV\n"),
]


def test_a_file_that_asks_for_the_impossible_says_where_and_changes_nothing(hub, tmp_path):
    file = tmp_path / "members.yaml"
    for line, wrong in WRONG:
        good = "- code: NEW\n" if wrong.startswith("libraries:\n") else ""
        file.write_text(wrong + good, encoding="utf-8")
        said = hub("--lang", "vi", "libraries", "apply", str(file), "--yes")
        assert (said.code, said.err.startswith(f"Dòng {line} ")) == (2, True), said.err

    assert [each["code"] for each in hub("libraries", "list", "--json").json] == ["HCM", "NLV"]


def test_what_is_no_file_of_members_is_told(lienthong, tmp_path):
    file = tmp_path / "members.yaml"
    for wrong in ("a: [", "&a [*a]", "[1, 2]", "\x00"):
        file.write_text(wrong, encoding="utf-8")
        said = lienthong("libraries", "apply", str(file))
        assert (said.code, len(said.err.splitlines())) == (2, 1)
