"""Users by command, and the first one, who is there when a hub is first served."""

from __future__ import annotations

import os
import pty
import re
import signal
import stat

import pytest

from catalogue import users
from catalogue.accounts import tickets
from catalogue.database import Database
from catalogue.users import Role
from hub.instance import Hub
from hub.webapp import web_app
from support.processes import lienthong as command
from support.processes import run, running
from web.language import translator
from web.site import current_site
from web.staff.room import Accounts, current_room

PASSWORD = "mot mat khau dai"


@pytest.fixture
def password(tmp_path):
    path = tmp_path / "password"
    path.write_text(f"{PASSWORD}\nanother line\n", "utf-8")
    return str(path)


def entered(folder, name, password):
    database = Database.open(f"sqlite:///{folder / 'instance' / 'lienthong.db'}")
    try:
        return users.enter(database, name, password, "127.0.0.1")
    finally:
        database.close()


def test_a_user_is_added_listed_changed_and_taken_away(lienthong, password, tmp_path):
    added = lienthong("users", "add", "Lan", "--password-from", password, "--json").json
    entered(tmp_path, "lan", PASSWORD)
    lienthong("users", "add", "Minh", "--role", "admin", "--password-from", password)
    lienthong("users", "change", "lan", "--role", "operator")
    lienthong("users", "remove", "lan")
    [lan, minh] = lienthong("users", "list", "--json").json

    assert (added[0]["name"], added[0]["role"], added[0]["active"]) == ("Lan", "viewer", True)
    assert (lan["role"], lan["active"], bool(lan["last_login"])) == ("operator", False, True)
    assert (minh["role"], minh["active"], minh["last_login"]) == ("admin", True, "")
    assert PASSWORD not in str(added) + str(lan)


def test_the_list_is_readable_in_vietnamese(lienthong, password):
    lienthong("users", "add", "Lan", "--role", "cataloguer", "--password-from", password)
    said = lienthong("--lang", "vi", "users", "list").out

    assert "cán bộ biên mục" in said
    assert "Được đăng nhập" in said


def test_a_new_password_takes_the_place_of_the_old(lienthong, password, tmp_path):
    lienthong("users", "add", "Lan", "--password-from", password)
    other = tmp_path / "other"
    other.write_text("quite another one", "utf-8")
    lienthong("users", "passwd", "lan", "--password-from", str(other))

    assert entered(tmp_path, "lan", "quite another one").name == "Lan"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["add", "Lan"], "--password-from FILE"),
        (["passwd", "nobody"], "There is no user nobody"),
        (["remove", "nobody"], "There is no user nobody"),
        (["change", "admin", "--role", "viewer"], "only administrator"),
        (["remove", "admin"], "only administrator"),
    ],
)
def test_what_cannot_be_done_is_one_line_with_the_next_step(lienthong, password, arguments, said):
    lienthong("users", "add", "admin", "--role", "admin", "--password-from", password)
    ended = lienthong("users", *arguments)

    assert (ended.code, len(ended.err.splitlines())) == (2, 1)
    assert said in ended.err


def test_a_short_password_is_refused(lienthong, tmp_path):
    short = tmp_path / "short"
    short.write_text("123", "utf-8")

    assert (
        "12 to 128 characters"
        in lienthong("users", "add", "Lan", "--password-from", str(short)).err
    )


def test_a_password_is_asked_for_twice_where_somebody_is_there(tmp_path):
    env = {"LIENTHONG_INSTANCE": str(tmp_path / "instance")}
    child, terminal = pty.fork()
    if child == 0:
        words = command("users", "add", "Lan")
        os.execve(words[0], words, {**os.environ, **env})
    said = b""
    for _ in range(2):
        while b": " not in said.rsplit(b"\n", 1)[-1]:
            said += os.read(terminal, 1024)
        said += b"\n"
        os.write(terminal, f"{PASSWORD}\n".encode())
    os.waitpid(child, 0)
    os.close(terminal)

    assert PASSWORD.encode() not in said
    assert entered(tmp_path, "lan", PASSWORD).name == "Lan"


def test_a_new_hub_gives_a_link_that_only_its_owner_reads_to_make_the_first_administrator(tmp_path):
    env = {"LIENTHONG_INSTANCE": str(tmp_path / "instance")}
    file = tmp_path / "instance" / "first-start.txt"
    told, links = [], []
    for _ in range(2):
        with running(command("serve", "--port", "0", "--no-z3950"), env=env) as [server]:
            server.await_text("ready http=")
            links.append(file.read_text("utf-8").strip())
            server.signal(signal.SIGTERM)
            told.append(server.finish().err)
    token = links[1].rpartition("/")[2]

    assert all(str(file) in each for each in told)
    assert all(link.rpartition("/")[2] not in each for each in told for link in links)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/staff/setup/[\w-]{43}", links[0])
    # Each start gives another link, and the one before no longer works.
    assert (sets_up(tmp_path, links[0].rpartition("/")[2]), sets_up(tmp_path, token)) == (
        False,
        True,
    )


def sets_up(folder, token):
    database = Database.open(f"sqlite:///{folder / 'instance' / 'lienthong.db'}")
    try:
        return tickets.is_setup(database, token)
    finally:
        database.close()


def test_who_is_invited_by_command_chooses_the_password_by_the_link(lienthong, tmp_path):
    lienthong("libraries", "add", "HUST")
    [made] = lienthong(
        "users", "invite", "hust", "--role", "member", "--library", "HUST", "--json"
    ).json
    said = lienthong("users", "link", "hust")
    database = Database.open(f"sqlite:///{tmp_path / 'instance' / 'lienthong.db'}")
    tickets.use(database, said.out.strip().rpartition("/")[2], "thuyen giay qua song")
    database.close()

    assert (made["library"], made["invited"], made["active"]) == ("HUST", True, True)
    assert "/member/link/" in made["link"]
    assert "lets hust in once" in said.err
    assert entered(tmp_path, "hust", "thuyen giay qua song").library == "HUST"


def test_a_second_factor_that_was_lost_is_taken_away_by_command(lienthong, password, tmp_path):
    import time

    from catalogue.accounts import factor, totp

    lienthong("users", "add", "Lan", "--password-from", password)
    none = lienthong("users", "drop-factor", "lan")
    database = Database.open(f"sqlite:///{tmp_path / 'instance' / 'lienthong.db'}")
    secret, sealed = factor.begin(b"k" * 32)
    code = totp.code(secret, int(time.time()) // totp.STEP)
    factor.set_up(database, b"k" * 32, users.get(database, "lan").id, sealed, code)
    database.close()
    [before] = lienthong("users", "list", "--json").json
    [after] = lienthong("users", "drop-factor", "lan", "--json").json

    assert (none.code, "no second factor" in none.err) == (2, True)
    assert (before["second_factor"], after["second_factor"]) == (True, False)


def test_a_hub_that_has_a_user_gets_no_administrator_by_itself(tmp_path, password):
    env = {"LIENTHONG_INSTANCE": str(tmp_path / "instance")}
    run(command("users", "add", "Lan", "--password-from", password), env=env)
    with running(command("serve", "--port", "0", "--no-z3950"), env=env) as [server]:
        server.await_text("ready http=")
        server.signal(signal.SIGTERM)
        outcome = server.finish()

    assert (outcome.code, outcome.err) == (0, "")
    assert not (tmp_path / "instance" / "first-start.txt").exists()


def test_what_is_set_of_accounts_is_what_the_pages_go_by(tmp_path):
    environment = {
        "LIENTHONG_INSTANCE": str(tmp_path / "instance"),
        "LIENTHONG_SERVE__IDLE_MINUTES": "5",
        "LIENTHONG_SERVE__SEARCHES_PER_MINUTE": "7",
        "LIENTHONG_ACCOUNTS__SESSION_HOURS": "2",
        "LIENTHONG_ACCOUNTS__SECOND_FACTOR": "operator, admin",
        "LIENTHONG_ACCOUNTS__RESET_MINUTES": "3",
        "LIENTHONG_ACCOUNTS__INVITATION_DAYS": "4",
        "LIENTHONG_ACCOUNTS__AUDIT_DAYS": "9",
    }
    hub = Hub(environment, translator("en"))
    with hub.catalogue() as db:
        app = web_app(hub, db, "http://127.0.0.1:8080", "127.0.0.1:9999")
        with app.app_context():
            room, site = current_room(), current_site()

    assert room.accounts == Accounts(
        idle=300,
        session=7200,
        factor_for=frozenset({Role.OPERATOR, Role.ADMIN}),
        reset=180,
        invitation=4 * 24 * 3600,
    )
    assert room.line.retention.audit_days == 9
    assert room.z3950 == "127.0.0.1:9999"
    assert site.doors.searches == 7


def test_a_role_that_does_not_exist_cannot_be_made_to_have_a_second_factor(lienthong):
    refused = lienthong("users", "list", LIENTHONG_ACCOUNTS__SECOND_FACTOR="king")

    assert (refused.code, "viewer, cataloguer, operator, admin" in refused.err) == (2, True)


def test_a_key_is_printed_once_listed_made_void_and_written_down(lienthong, password):
    lienthong("users", "add", "Lan", "--role", "cataloguer", "--password-from", password)
    made = lienthong("users", "key", "lan", "--title", "Koha", "--days", "30", "--json").json[0]
    plain = lienthong("users", "key", "lan").out.split()[0]
    listed = lienthong("users", "keys", "--json").json
    lienthong("users", "revoke-key", str(made["number"]))
    written = str(lienthong("audit", "list", "--json").json)

    assert made["key"].startswith("ltp_")
    assert plain.startswith("ltp_")
    assert [(each["user"], each["title"], each["valid"]) for each in listed] == [
        ("Lan", "", True),
        ("Lan", "Koha", True),
    ]
    assert "key" not in listed[0]
    assert [each["title"] for each in lienthong("users", "keys", "--json").json] == [""]
    assert "users revoke-key" in written
    assert made["key"] not in written
    assert lienthong("users", "revoke-key", "99").code == 2
    assert "Koha" not in lienthong("users", "keys").out
