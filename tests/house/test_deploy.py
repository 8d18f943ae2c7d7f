"""What a hub is installed with: units, the web server in front, the image and its services."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from hub.cli import lienthong
from hub.sections import SECTIONS

DEPLOY = Path(__file__).parents[2] / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.*"))
PROGRAM = "/opt/lienthong/.venv/bin/lienthong"
HARDENED = ("NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet=\n")


def tool(name: str, package: str) -> str:
    found = shutil.which(name, path="/usr/sbin:/usr/bin:/sbin:/bin")
    if found is None:
        pytest.skip(f"{name} is not installed: on Debian, apt install {package}")
    return found


def test_units_are_what_systemd_takes(tmp_path):
    paths = []
    for unit in UNITS:
        text = unit.read_text("utf-8").replace(PROGRAM, sys.executable)
        paths.append(tmp_path / unit.name)
        paths[-1].write_text(text, "utf-8")
    done = subprocess.run(
        [tool("systemd-analyze", "systemd"), "verify", "--man=no", *map(str, paths)],
        text=True,
        capture_output=True,
        check=False,
    )
    wrong = [line for line in done.stderr.splitlines() if any(p.name in line for p in paths)]

    assert (done.returncode, wrong) == (0, [])


@pytest.mark.parametrize("unit", [each for each in UNITS if each.suffix == ".service"], ids=str)
def test_services_run_commands_that_there_are_and_may_do_little_else(unit: Path):
    text = unit.read_text("utf-8")
    [line] = [line for line in text.splitlines() if line.startswith("ExecStart=")]
    program, *words = line.removeprefix("ExecStart=").split()

    assert program == PROGRAM
    assert known(words)
    assert [each for each in HARDENED if each not in text] == []


def test_the_web_server_in_front_takes_its_settings(tmp_path):
    made = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-subj",
        "/CN=x",
        "-days",
        "2",
    ]
    subprocess.run(
        [*made, "-keyout", "privkey.pem", "-out", "fullchain.pem"],
        cwd=tmp_path,
        capture_output=True,
        check=True,
    )
    site = (DEPLOY / "nginx/lienthong.conf").read_text("utf-8")
    (tmp_path / "site").write_text(site.replace("/etc/ssl/lienthong", str(tmp_path)), "utf-8")
    (tmp_path / "whole").write_text(
        f"events {{}}\npid {tmp_path}/pid;\nerror_log {tmp_path}/log;\n"
        f"http {{ access_log off; include {tmp_path}/site; }}\n"
    )
    done = subprocess.run(
        [tool("nginx", "nginx-light"), "-t", "-c", str(tmp_path / "whole")],
        text=True,
        capture_output=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert "location = /metrics { return 404; }" in site


def services() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = YAML(typ="safe").load(
        (DEPLOY / "compose.yaml").read_text("utf-8")
    )["services"]
    return found


def test_the_services_of_compose_run_commands_that_there_are():
    ours = {name: each for name, each in services().items() if name != "database"}

    assert {"web", "worker", "clock"} <= ours.keys()
    assert [name for name, each in ours.items() if not known(each["command"])] == []
    for each in ours.values():
        assert (each["read_only"], each["cap_drop"]) == (True, ["ALL"])


def test_what_they_set_are_settings_that_there_are():
    text = (DEPLOY / "compose.yaml").read_text("utf-8") + (DEPLOY / "Dockerfile").read_text("utf-8")
    words = text.replace("=", " ").replace(":", " ").split()
    for word in words:
        section, _, name = word.removeprefix("LIENTHONG_").lower().partition("__")
        if word.startswith("LIENTHONG_") and name:
            assert name in SECTIONS[section].__dataclass_fields__


def known(words: list[str]) -> bool:
    """Tell whether words begin with a command of ours."""
    command: Any = lienthong
    for word in words:
        if not hasattr(command, "get_command"):
            return True
        command = command.get_command(None, word)
        if command is None:
            return False
    return True
