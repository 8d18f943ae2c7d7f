"""Certificates: trusted or not, and each fault by its own name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from harvester.errors import (
    CertificateExpired,
    CertificateNotYetValid,
    CertificateOfAnother,
    CertificateSelfSigned,
    ChainIncomplete,
    TlsFailed,
)
from harvester.probe import Probe
from support.certificates import ISSUER_URL, authority, intermediate, issue
from support.harvesting import LOOPBACK, fetch
from support.loopback import Reply, replying

FINE = Reply(body=b"<fine/>")
TRUSTING = replace(LOOPBACK, ca_bundle=authority().pem)


def leaf(**how):
    return issue("localhost", below=intermediate(), **how)


def test_a_complete_chain_to_a_named_authority_is_trusted(tmp_path):
    shown = leaf().server(tmp_path, intermediate())
    with replying(lambda _: FINE, shown) as url:
        assert fetch(url, TRUSTING).body == FINE.body


def test_a_missing_intermediate_certificate_is_said_so_with_the_next_step(tmp_path):
    shown = leaf().server(tmp_path)
    with replying(lambda _: FINE, shown) as url, pytest.raises(ChainIncomplete) as refusal:
        fetch(url, TRUSTING)

    assert "intermediate" in str(refusal.value)
    assert "--ca-bundle" in str(refusal.value)


def test_the_missing_certificate_named_for_the_source_is_enough(tmp_path):
    shown = leaf().server(tmp_path)
    with replying(lambda _: FINE, shown) as url:
        helped = replace(LOOPBACK, ca_bundle=intermediate().pem)

        assert fetch(url, helped).body == FINE.body


@pytest.mark.parametrize(
    ("how", "fault"),
    [
        ({"days": (-30, -1)}, CertificateExpired),
        ({"days": (1, 30)}, CertificateNotYetValid),
        ({"names": ("thuvien.example.vn",)}, CertificateOfAnother),
    ],
    ids=str,
)
def test_each_fault_of_a_certificate_has_its_name(tmp_path, how, fault):
    shown = leaf(**how).server(tmp_path, intermediate())
    sleeps = []
    with replying(lambda _: FINE, shown) as url, pytest.raises(fault):
        fetch(url, TRUSTING, sleeps)

    assert sleeps == []


def test_a_certificate_of_its_own_making_is_trusted_only_where_it_is_named(tmp_path):
    own = issue("localhost")
    with replying(lambda _: FINE, own.server(tmp_path)) as url:
        with pytest.raises(CertificateSelfSigned):
            fetch(url)

        assert fetch(url, replace(LOOPBACK, ca_bundle=own.pem)).body == FINE.body


def test_a_server_that_does_not_encrypt_at_all_is_said_so(tmp_path):
    with replying(lambda _: FINE) as url, pytest.raises(TlsFailed):
        fetch(url.replace("http://127.0.0.1", "https://localhost"))


def test_what_was_refused_can_be_looked_at(tmp_path):
    shown = leaf().server(tmp_path)
    with replying(lambda _: FINE, shown) as url:
        probe = Probe(url, TRUSTING)
        with pytest.raises(ChainIncomplete):
            probe.certificate()
        seen = probe.unverified()

    assert (seen.issuer, seen.names, seen.fetch_issuer) == (
        "Test Intermediate",
        ("localhost",),
        ISSUER_URL,
    )
