"""Keys for those who take the catalogue, by command."""


def test_a_key_is_given_changed_and_taken_back(lienthong):
    said = lienthong("--lang", "vi", "consumers", "add", "vufind", "--title", "VuFind")
    key = said.out.strip().splitlines()[-1]
    assert key.startswith("lt_")
    assert "chỉ hiện một lần" in said.out + said.err

    lienthong("consumers", "change", "vufind", "--format", "mods", "--per-minute", "30")
    [told] = lienthong("consumers", "list", "--json").json
    assert (told["title"], told["view"], told["formats"]) == ("VuFind", "public", ["mods"])
    assert (told["per_minute"], told["sets"]) == (30, [])

    lienthong("consumers", "change", "vufind", "--all-formats", "--view", "members")
    [told] = lienthong("consumers", "list", "--json").json
    assert (told["formats"], told["view"]) == ([], "members")

    another = lienthong("consumers", "key", "vufind").out.strip().splitlines()[-1]
    assert another.startswith("lt_")
    assert another != key
    assert lienthong("consumers", "usage", "vufind", "--json").json == []
    assert lienthong("consumers", "usage", "vufind", "--lists", "--json").json == []

    [third] = lienthong("consumers", "key", "vufind", "--json").json
    assert third["key"] not in (key, another)
    [changed] = lienthong("consumers", "change", "vufind", "--title", "V", "--json").json
    assert changed["title"] == "V"
    [gone] = lienthong("consumers", "remove", "vufind", "--json").json
    assert gone["name"] == "vufind"
    [made] = lienthong("consumers", "add", "khac", "--json").json
    assert made["key"].startswith("lt_")
    assert lienthong("consumers", "remove", "khac").code == 0
    assert lienthong("consumers", "list", "--json").json == []


def test_what_is_wrong_is_said(lienthong):
    for arguments, told in (
        (("add", "Vu Find"), "cannot be the name of a consumer"),
        (("add", "a", "--format", "x"), "oai_dc"),
        (("add", "a", "--set", "library:X"), "ListSets"),
        (("usage", "a"), "lienthong consumers list"),
        (("key", "a"), "There is no consumer a"),
    ):
        said = lienthong("consumers", *arguments)
        assert (said.code, told in said.err) == (2, True), said
