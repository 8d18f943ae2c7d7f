"""Readers under fire: by atheris, which sees what the code does, where it is installed, else blind.

Each format gets its share of the time; how many inputs were tried is printed at the end.
"""

from __future__ import annotations

import importlib.util
import io
import random
import re
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from crosswalks.errors import FormatError
from crosswalks.model import Control, Field, Record, Schema
from support.marcformats import FORMATS

SECONDS = 100
"""For each format; six of them are ten minutes."""

CHILD = """
import atheris
with atheris.instrument_imports(include=["crosswalks"]):
    import test_fuzz_formats
test_fuzz_formats.main()
"""
"""What makes atheris see into the readers: they are imported under its eyes."""

SEED = Record(
    schema=Schema.MARC21,
    leader="00000nam a2200000 a 4500",
    fields=(
        Control("001", "vtls1"),
        Field("100", "  ", (("a", "20240101d2024    k  y0viey50      ba"),)),
        Field("200", "1 ", (("a", "Dế mèn {acute}e & <phiêu> lưu ký"), ("f", "Tô Hoài $ 5"))),
        Field("880", "10", (("6", "245-01/$1"), ("a", "𠀀傳"))),
    ),
)
ANOTHER = (b"\x1b$1!0>!0!\x1b(B", b"\xe1e", b"&#x1EA1;", b"\x1d", b"\x1e", b"\x1f", b"##", b"00000")


def seeds(form) -> list[bytes]:
    """Return what mutations begin with: a record in this format and all the others."""
    texts = [form.write(SEED)]
    texts.append(b"".join([form.OPENING, form.BETWEEN.join(texts * 2), form.CLOSING]))
    with suppress(FormatError):
        texts += [each.write(SEED) for each in FORMATS]
    return texts


def attack(form, data: bytes) -> None:
    """Read bytes in every way; anything but a FormatError is a fault."""
    form.sniff(data)
    for reader in (form.read, form.read_leniently):
        with suppress(FormatError):
            reader(data)
    for _, piece in form.split(io.BytesIO(data)):
        with suppress(FormatError):
            form.read_leniently(piece)


def mutated(chance: random.Random, start: bytes) -> bytes:
    """Return bytes with a few changes: flipped, cut, repeated, overwritten."""
    data = bytearray(start)
    for _ in range(chance.randint(1, 6)):
        at = chance.randint(0, len(data))
        size = chance.randint(0, 12)
        data[at : at + size] = chance.choice(
            [
                chance.randbytes(chance.randint(0, 8)),
                chance.choice(ANOTHER),
                bytes(data[at - size : at + size]),
                b"%05d" % chance.randint(0, 99_999),
            ]
        )
    return bytes(data)


def blind(form, seconds: float) -> int:
    """Attack with mutations for some time; return how many there were."""
    chance = random.Random(form.NAME)
    starts, count, end = seeds(form), 0, time.monotonic() + seconds
    while time.monotonic() < end:
        attack(form, mutated(chance, chance.choice(starts)))
        count += 1
    return count


def guided(form, seconds: float, folder: Path) -> int:
    """Let atheris attack in a process of its own; return how many inputs it tried."""
    for number, seed in enumerate(seeds(form)):
        (folder / str(number)).write_bytes(seed)
    here = Path(__file__).parent
    paths = ":".join(map(str, [here, here.parent, here.parent.parent]))
    command = [sys.executable, "-c", CHILD, form.NAME, f"-max_total_time={seconds:.0f}"]
    done = subprocess.run(
        [*command, "-print_final_stats=1", "-max_len=4096", f"-artifact_prefix={folder}/", folder],
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        env={"PYTHONPATH": paths},
    )
    assert done.returncode == 0, done.stderr[-4000:]
    found = re.search(r"number_of_executed_units: (\d+)", done.stderr)
    return int(found[1]) if found else 0


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.NAME)
def test_mutations_raise_nothing_but_a_format_error(form):
    chance = random.Random(form.NAME)
    starts = seeds(form)
    for _ in range(400):
        attack(form, mutated(chance, chance.choice(starts)))


@pytest.mark.soak
@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.NAME)
def test_ten_minutes_of_attacks_raise_nothing_but_a_format_error(form, tmp_path, capsys):
    is_guided = importlib.util.find_spec("atheris") is not None
    count = guided(form, SECONDS, tmp_path) if is_guided else blind(form, SECONDS)

    with capsys.disabled():
        print(f"\n{form.NAME}: {count:,} inputs, {'by atheris' if is_guided else 'blind'}")
    assert count > 0


def main() -> None:
    """Run atheris on the format that the first argument names."""
    import atheris

    name = sys.argv.pop(1)
    [form] = [form for form in FORMATS if name == form.NAME]
    atheris.Setup(sys.argv, lambda data: attack(form, data))
    atheris.Fuzz()
