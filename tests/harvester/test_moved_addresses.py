"""A server that has moved is harvested where it is now, and staff are told."""

from __future__ import annotations

from support.harvesting import harvest, identifiers
from support.loopback import Reply, replying
from support.oai_source import Repository, items


def test_a_harvest_tells_once_that_the_address_has_moved_for_good():
    repository = Repository(items=items(5), page_size=2)
    asked = []

    def move(request):
        asked.append(request.path)
        if request.path == "/new":
            return repository(request)
        query = "&".join(f"{name}={value}" for name, value in request.arguments.items())
        return Reply(status=301, headers={"Location": f"/new?{query}"})

    with replying(move) as url:
        pages = harvest(url)
    told = [one for page in pages for one in page.problems if one.code == "address-moved"]

    assert len(identifiers(pages)) == 5
    assert [one.detail for one in told] == [f"{url} -> {url.removesuffix('/oai')}/new"]
    assert asked.count("/oai") == 1
