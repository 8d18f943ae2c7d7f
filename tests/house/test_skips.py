from __future__ import annotations

import sys
from pathlib import Path

import pytest

from support.processes import REPOSITORY, Outcome, run

ONE_LEFT_OUT = "import pytest\n\ndef test_it(): pytest.skip('no time')\n\ndef test_other(): pass\n"
ALL_LEFT_OUT = "import pytest\n\npytest.skip('not here', allow_module_level=True)\n"
KNOWN_TO_FAIL = "import pytest\n\n@pytest.mark.xfail\ndef test_it(): assert False\n"


def pytest_on(content: str, folder: Path, *, ci: str) -> Outcome:
    path = folder / "test_sample.py"
    path.write_text(content, encoding="utf-8")
    options = ["-p", "conftest", "-n", "0", "-c", str(REPOSITORY / "pyproject.toml")]
    [outcome] = run([sys.executable, "-m", "pytest", *options, str(path)], env={"CI": ci})
    return outcome


@pytest.mark.parametrize("content", [ONE_LEFT_OUT, ALL_LEFT_OUT], ids=["one", "all"])
def test_a_test_left_out_on_ci_is_a_failure(content: str, tmp_path: Path):
    outcome = pytest_on(content, tmp_path, ci="true")

    assert outcome.code != 0
    assert "Left out on CI" in outcome.out


def test_a_test_left_out_elsewhere_is_no_failure(tmp_path: Path):
    assert pytest_on(ONE_LEFT_OUT, tmp_path, ci="").code == 0


def test_a_failure_that_is_expected_is_no_failure_on_ci(tmp_path: Path):
    assert pytest_on(KNOWN_TO_FAIL, tmp_path, ci="true").code == 0
