"""The demo's folder: emptied only if the demo made it, and used by one demo at a time."""

import pytest

from hub.demo.folder import MARKER, demo_folder
from hub.errors import DemoRunning, NotTheDemo


def test_a_fresh_start_empties_the_folder_and_nothing_beside_it(tmp_path):
    beside = tmp_path / "lienthong.db"
    beside.write_text("a real hub", encoding="utf-8")
    with demo_folder(tmp_path / "demo", fresh=False) as folder:
        (folder / "raw").mkdir()
        (folder / "raw" / "page").touch()
        (folder / "elsewhere").symlink_to(tmp_path)

    with demo_folder(tmp_path / "demo", fresh=True) as folder:
        assert [path.name for path in folder.iterdir()] == [MARKER]
    assert beside.read_text(encoding="utf-8") == "a real hub"


def test_a_usual_start_keeps_what_is_there(tmp_path):
    with demo_folder(tmp_path / "demo", fresh=False) as folder:
        (folder / "lienthong.db").touch()

    with demo_folder(tmp_path / "demo", fresh=False) as folder:
        assert (folder / "lienthong.db").exists()


@pytest.mark.parametrize("fresh", [True, False])
def test_a_folder_of_somebody_else_is_left_alone(tmp_path, fresh):
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "letters").touch()

    with pytest.raises(NotTheDemo), demo_folder(tmp_path / "demo", fresh=fresh):
        pass
    assert [path.name for path in (tmp_path / "demo").iterdir()] == ["letters"]


def test_a_link_to_another_folder_is_left_alone(tmp_path):
    with demo_folder(tmp_path / "real", fresh=False):
        pass
    (tmp_path / "demo").symlink_to(tmp_path / "real")

    with pytest.raises(NotTheDemo), demo_folder(tmp_path / "demo", fresh=True):
        pass


def test_two_demos_do_not_share_a_folder(tmp_path):
    first = demo_folder(tmp_path / "demo", fresh=False)
    second = demo_folder(tmp_path / "demo", fresh=True)

    with first, pytest.raises(DemoRunning), second:
        pass
