"""How a harvest's progress reads."""

import re

import pytest

from hub.progress import Lines, Live, Meter, showing
from scheduler.model import Progress
from web.language import translator


def progress(**changes):
    told = {"source": "thu", "stage": "harvest", "records": 0, "pages": 0, "problems": 0}
    return Progress(**{**told, "total": None, **changes})


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


def test_speed_counts_from_the_beginning_not_from_the_first_page():
    clock = Clock()
    meter = Meter(clock)
    clock.now += 2

    assert meter.measure(progress(records=500)).speed == 250


def test_each_stage_has_a_speed_of_its_own():
    clock = Clock()
    meter = Meter(clock)
    meter.measure(progress(records=500))
    clock.now += 1
    meter.measure(progress(stage="place", total=400))
    clock.now += 3

    measure = meter.measure(progress(stage="place", total=100))

    assert (measure.done, measure.total, measure.speed) == (300, 400, 75)


def test_plain_lines_come_every_few_seconds_and_at_each_new_stage(capsys):
    clock = Clock()
    lines = Lines(translator("en"), clock)
    for second in range(12):
        clock.now = 101.0 + second
        lines(progress(records=100 * (second + 1), pages=second + 1, total=1200))
    lines(progress(stage="place", total=7))

    shown = capsys.readouterr().err.splitlines()

    assert shown == [
        "thu: harvesting: 100 / 1,200 records, 100/s, 1 pages, 0 problems",
        "thu: harvesting: 600 / 1,200 records, 100/s, 6 pages, 0 problems",
        "thu: harvesting: 1,100 / 1,200 records, 100/s, 11 pages, 0 problems",
        "thu: placing: 0 / 7 records, 0/s",
    ]


def test_plain_lines_speak_vietnamese(capsys):
    Lines(translator("vi"))(progress(records=3))

    assert capsys.readouterr().err.startswith("thu: thu thập: 3 biểu ghi")


def test_a_terminal_gets_a_bar_with_figures(capsys, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "120")
    with showing(translator("en")) as show:
        assert isinstance(show, Live)
        show(progress(records=250, pages=5, problems=1, total=500))

    shown = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", capsys.readouterr().err)
    assert "thu\n" in shown
    assert "harvesting" in shown
    assert re.search(r"250 / 500 records, [\d,]+/s, 5 pages, 1 problems", shown)


@pytest.mark.parametrize("total", [None, 0])
def test_without_a_total_no_end_is_promised(capsys, total):
    Lines(translator("en"))(progress(records=3, total=total))

    assert " / " not in capsys.readouterr().err
