"""Behind a web server of the library's own: by which address readers are told apart."""

import http.client
import re
import signal
from contextlib import closing
from urllib.parse import urlencode

import pytest

from catalogue.sign_in import OF_BOTH
from support.processes import Process, lienthong, running

pytestmark = pytest.mark.usefixtures("tables")


def wrong_password(port: int, address: str) -> int:
    """Sign in wrongly, by a proxy that says it was asked from an address; return the status."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request("GET", "/staff/login")
        form = connection.getresponse()
        cookie = form.headers["Set-Cookie"].partition(";")[0]
        [token] = re.findall(r'name="csrf_token" value="([^"]+)"', form.read().decode())
        filled = {"csrf_token": token, "name": "admin", "password": "a wrong one"}
        told = {
            "Cookie": cookie,
            "X-Forwarded-For": address,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        connection.request("POST", "/staff/login", urlencode(filled), told)
        return connection.getresponse().status


def port_of(server: Process) -> int:
    line = server.await_text("ready http=")
    return int(line.partition("http=")[2].split()[0].rpartition(":")[2])


@pytest.mark.parametrize(
    ("proxies", "elsewhere"),
    [pytest.param("1", 403, id="trusted"), pytest.param("0", 429, id="spoofed")],
)
def test_the_limit_counts_by_the_address_that_our_own_proxies_tell(
    tmp_path, proxies: str, elsewhere: int
):
    env = {"LIENTHONG_INSTANCE": str(tmp_path), "LIENTHONG_SERVE__PROXIES": proxies}
    with running(lienthong("serve", "--port", "0", "--no-z3950"), env=env) as [server]:
        port = port_of(server)
        here = [wrong_password(port, "203.0.113.1") for _ in range(OF_BOTH + 1)]
        other = wrong_password(port, "203.0.113.2")
        server.signal(signal.SIGTERM)
        server.finish()

    assert here == [403] * OF_BOTH + [429]
    assert other == elsewhere
