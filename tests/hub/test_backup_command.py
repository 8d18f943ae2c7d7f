"""``lienthong backup``: what is refused, what is shared, and what waits meanwhile."""

from __future__ import annotations

import fcntl
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import make_url

from catalogue.backup import engines
from catalogue.backup.errors import BackupBusy
from catalogue.backup.model import About
from catalogue.database import Database
from hub.cli import run
from scheduler.keeping import kept_from_going, pruning_by_hand
from support.loopback import replying
from support.oai_source import Repository


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a hub with five records and a file that waits, once, and a backup beside it."""
    folder = tmp_path_factory.mktemp("made")
    env = {
        "LIENTHONG_INSTANCE": str(folder / "instance"),
        "LIENTHONG_HARVEST__ALLOW_NETWORKS": "127.0.0.0/8",
    }
    with replying(Repository()) as address:
        add = ["sources", "add", "s1", "--protocol", "oai-pmh", "--url", address]
        assert run([*add, "--library", "TV1", "--prefix", "oai_dc"], env) == 0
        assert run(["harvest", "s1"], env) == 0
    incoming = folder / "instance/incoming/s1/one.mrc"
    incoming.parent.mkdir(parents=True)
    incoming.write_bytes(b"a file that waits")
    assert run(["backup", "create"], env) == 0
    return folder


@pytest.fixture
def backup(made: Path, tmp_path: Path) -> Path:
    """Give a hub of one's own in the instance folder, and return a backup of it."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    [found] = (tmp_path / "instance-backups").glob("lienthong-*")
    return found


def create(lienthong, *options: str) -> dict[str, Any]:
    [made] = lienthong("backup", "create", *options, "--json").json
    return dict(made)


def test_all_of_it_comes_back_where_nothing_was(lienthong, backup, tmp_path):
    new = tmp_path / "new"
    before = lienthong("db", "digest").out
    [told] = lienthong("backup", "restore", str(backup), "--json", LIENTHONG_INSTANCE=str(new)).json

    assert told["restored"] == str(new)
    assert lienthong("db", "digest", LIENTHONG_INSTANCE=str(new)).out == before
    assert (new / "incoming/s1/one.mrc").read_bytes() == b"a file that waits"
    assert len(list(new.glob("raw/*/*"))) == len(list((tmp_path / "instance").glob("raw/*/*"))) > 0
    assert not list(new.glob(".restoring"))


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def change(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("spoil", [cut, change, Path.unlink])
@pytest.mark.parametrize("name", ["database.sqlite", "SHA256SUMS", "backup.json", "raw"])
def test_a_damaged_backup_is_refused_and_nothing_written(
    lienthong, backup, tmp_path, name, spoil: Callable[[Path], None]
):
    path = next((backup / "raw").glob("*/*")) if name == "raw" else backup / name
    spoil(path)
    new = tmp_path / "new"

    for said in (
        lienthong("backup", "restore", str(backup), LIENTHONG_INSTANCE=str(new)),
        lienthong("backup", "check", str(backup)),
    ):
        assert said.code in {1, 2}
        assert str(backup) in said.err
        assert "damaged" in said.err or "is no backup" in said.err
    assert not new.exists()


def test_a_sound_one_is_said_to_be(lienthong, backup):
    said = lienthong("backup", "check", str(backup))

    assert (said.code, "are as they were made" in said.err) == (0, True)
    assert lienthong("backup", "list", "--json").json[0]["folder"] == str(backup)


def test_no_hub_is_overwritten(lienthong, backup, tmp_path):
    before = lienthong("db", "digest").out
    other = {
        "LIENTHONG_INSTANCE": f"{tmp_path}/new",
        "LIENTHONG_DATABASE_URL": f"sqlite:///{tmp_path}/instance/lienthong.db",
    }
    for said in (
        lienthong("backup", "restore", str(backup)),
        lienthong("backup", "restore", str(backup), **other),
    ):
        assert (said.code, "where there is no hub yet" in said.err) == (2, True)
    assert lienthong("db", "digest").out == before


def test_what_was_interrupted_is_begun_anew(lienthong, backup, tmp_path):
    new = tmp_path / "new"
    (new / "raw/00").mkdir(parents=True)
    (new / "raw/00/half").write_bytes(b"half")
    (new / ".restoring").touch()

    assert lienthong("backup", "restore", str(backup), LIENTHONG_INSTANCE=str(new)).code == 0
    assert not (new / "raw/00/half").exists()


def test_a_database_of_the_other_kind_is_refused(lienthong, backup, tmp_path, postgresql_engine):
    with postgresql_engine.fresh() as url:
        told = {"LIENTHONG_INSTANCE": str(tmp_path / "new"), "LIENTHONG_DATABASE_URL": url}
        said = lienthong("backup", "restore", str(backup), **told)

    assert (said.code, "another kind of database" in said.err) == (2, True)


def test_a_backup_of_a_later_version_is_refused(lienthong, backup, tmp_path):
    about = json.loads((backup / "backup.json").read_bytes())
    del about["form"], about["sum"]
    (backup / "backup.json").write_bytes(About(**{**about, "schema": "9999"}).written())
    said = lienthong("backup", "restore", str(backup), LIENTHONG_INSTANCE=str(tmp_path / "new"))

    assert (said.code, "newer version" in said.err) == (2, True)


def test_pages_are_shared_with_the_last_backup_and_old_ones_go(lienthong, backup, tmp_path):
    [page, *_] = backup.glob("raw/*/*")
    later = Path(create(lienthong, "--keep", "2")["folder"])
    shared = (later / page.relative_to(backup)).stat().st_ino == page.stat().st_ino
    last = create(lienthong, "--keep", "2")

    assert shared
    assert last["removed"] == [str(backup)]
    assert lienthong("backup", "check", last["folder"]).code == 0


def test_a_draft_that_was_left_goes_with_the_next_backup(lienthong, backup):
    left = backup.with_name("lienthong-20200101T000000Z.part")
    left.mkdir()
    create(lienthong)

    assert not left.exists()


def test_one_at_a_time(lienthong, backup):
    with (backup.parent / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        said = lienthong("backup", "create")

    assert (said.code, "Wait until that is over" in said.err) == (2, True)


def test_nothing_is_pruned_while_a_backup_is_made(database: Database):
    with kept_from_going(database):
        with pytest.raises(BackupBusy), pruning_by_hand(database):
            pass
        with pytest.raises(BackupBusy), kept_from_going(database):
            pass
    with pruning_by_hand(database):
        pass


def test_a_database_that_is_not_sound_is_not_put_aside(lienthong, backup, tmp_path):
    path = tmp_path / "instance/lienthong.db"
    content = bytearray(path.read_bytes())
    # Every page but the first few: what the program reads at once is there.
    for place in range(len(content) // 2, len(content), 4096):
        content[place : place + 64] = b"\xff" * 64
    path.write_bytes(content)
    said = lienthong("backup", "create")

    assert said.code == 1
    assert len(list(backup.parent.glob("lienthong-*"))) == 1, "no half backup, no draft"


def test_a_password_stands_in_no_command_line():
    url = make_url("postgresql+psycopg://lan:m%3Aot%5Cmot@127.0.0.1:1/hub?sslmode=disable")
    with engines.conninfo(url) as told:
        _, _, file = told.partition("passfile=")
        said = Path(file.split()[0]).read_text()

    assert "mot" not in told
    assert "sslmode=disable" in told
    assert said == "*:*:*:*:m\\:ot\\\\mot\n"
