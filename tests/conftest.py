"""What every test can ask for: the shared corpora, and a fresh database on each engine.

On CI a test that is left out is a failure: nothing goes green by not being run.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Generator, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, TypeVar

import hypothesis
import pytest

if TYPE_CHECKING:
    from catalogue.database import Database
    from support.engines import Engine

REPOSITORY = Path(__file__).parent.parent
ON_CI = os.environ.get("CI", "") in {"1", "true"}
_MADE_BEFORE_A_LOOK = 5_000
"""Objects, against Python's 700: what is garbage here soon is let go of at once, by its count."""
Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)

# Machines differ in speed, and no test here is about time.
hypothesis.settings.register_profile(
    "house",
    # A quarter of the usual: twelve thousand other tests run beside, and `make soak` looks longer.
    max_examples=25,
    deadline=None,
    print_blob=True,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("house")


def pytest_configure() -> None:
    """Forget the settings of whoever runs the tests: their hub must not be touched."""
    for name in [name for name in os.environ if name.startswith("LIENTHONG_")]:
        if name != "LIENTHONG_SHARED":
            del os.environ[name]


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for garbage where it can be: not in twelve thousand tests, nor in all they import.

    Each thorough look through those took a second, and there is one every hundred tests.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.set_threshold(_MADE_BEFORE_A_LOOK)
        gc.enable()


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name bytes by their argument: gzip writes the time, and workers must agree on names."""
    return argname if isinstance(val, bytes) else None


def pytest_unconfigure() -> None:
    """End the browser, if a test of this process had one."""
    if module := sys.modules.get("support.browser"):
        module.end()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return _without_skip((yield))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return _without_skip((yield))


def _without_skip(report: Report) -> Report:
    if ON_CI and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"Left out on CI: {report.longreprtext}"
    return report


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of the reference corpora, which are never part of this repository."""
    folder = Path(os.environ.get("LIENTHONG_SHARED") or REPOSITORY.parent / "shared")
    if not (folder / "data").is_dir():
        pytest.skip(f"no corpora in {folder}: set LIENTHONG_SHARED")
    return folder


@pytest.fixture(scope="session")
def sqlite_engine() -> Iterator[Engine]:
    from support.compiled import share_statements
    from support.engines import Sqlite, quick_folder

    share_statements()
    with TemporaryDirectory(prefix="lienthong-sqlite-", dir=quick_folder()) as folder:
        yield Sqlite(Path(folder))


@pytest.fixture(scope="session")
def postgresql_engine() -> Iterator[Engine]:
    from support.compiled import share_statements
    from support.engines import postgresql_programs, postgresql_server

    share_statements()
    programs = postgresql_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed: on Debian, apt install postgresql")
    with postgresql_server(programs) as engine:
        yield engine


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """Return each engine in turn, to make several databases on."""
    engine: Engine = request.getfixturevalue(f"{request.param}_engine")
    return engine


@pytest.fixture
def database_url(engine: Engine) -> Iterator[str]:
    """Give the URL of a fresh database with the newest schema."""
    with engine.fresh() as url:
        yield url


@pytest.fixture
def empty_database_url(engine: Engine) -> Iterator[str]:
    """Give the URL of a fresh database with nothing in it, not even a schema."""
    with engine.fresh(migrated=False) as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Give a fresh database, open."""
    from catalogue.database import Database

    database = Database.open(database_url)
    yield database
    database.close()
