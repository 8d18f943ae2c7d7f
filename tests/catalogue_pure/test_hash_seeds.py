"""What decides clusters must not hang on the order of sets, which each process shuffles."""

from __future__ import annotations

import hashlib
from collections import defaultdict

from catalogue.match import decide, features, keys
from catalogue.merge import Member, master
from catalogue.model import HubIdentity
from crosswalks import stored
from crosswalks.crosswalk import to_pivot
from crosswalks.model import RawRecord
from crosswalks.reading import read
from hub.demo.generate import deliveries
from hub.demo.member import demo_members
from hub.labelled import Labelled
from hub.matching import homes
from support.processes import function, run

EVERY = 5
"""Each process judges a fifth of the demo's records."""


def judged() -> str:
    """Return a hash of all that matching and merging make of the demo's books."""
    told = hashlib.sha256()
    groups: defaultdict[str, list[Member]] = defaultdict(list)
    for member in demo_members():
        for each in deliveries(member)[::EVERY]:
            raw = RawRecord(identifier=each.identifier, body=each.payload)
            record = each.payload and read(raw)[0]
            if record:
                groups[each.truth].append(_member(each.identifier, to_pivot(record)))
    for members in groups.values():
        seen = [features(member.record) for member in members]
        told.update(repr([(one.to_json(), keys(one)) for one in seen]).encode())
        told.update(repr(decide(seen[0], seen[-1])).encode())
        told.update(stored.to_json(master(members, HubIdentity()).record).encode())
    return told.hexdigest()


def _member(identifier: str, record) -> Member:
    return Member(
        name=("s1", identifier),
        library="L1",
        source="s1",
        weight=0,
        record=record,
        local_number=identifier,
    )


def test_every_process_sees_the_same_features_keys_and_masters():
    outcomes = [run(function(judged), env={"PYTHONHASHSEED": seed})[0] for seed in ("1", "27")]

    assert outcomes[0].value == outcomes[1].value


def parted() -> dict[str, str]:
    """Return by what labelled records are drawn and parted."""
    pairs = {(f"r{number}", f"s{number}"): True for number in range(50)}
    return {name: str(home) for name, home in homes(Labelled(records={}, pairs=pairs)).items()}


def test_every_process_parts_labelled_pairs_alike():
    outcomes = [run(function(parted), env={"PYTHONHASHSEED": seed})[0] for seed in ("1", "27")]

    assert outcomes[0].value == outcomes[1].value
