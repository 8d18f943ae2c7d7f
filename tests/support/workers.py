"""What the processes of concurrency tests do: functions that a child process calls by name."""

from __future__ import annotations

import random
import time

from catalogue.cluster.place import place, waiting
from catalogue.database import Database
from support.pages import HUB, Book, Delivery, deliver, place_all

TITLES = ("Số đỏ", "Giông tố", "Vỡ đê", "Làm đĩ", "Tắt đèn", "Bước đường cùng")
ISBNS = ("9786049763342", "9786042093026", "")


def write_at_random(url: str, source: str, seed: int, rounds: int) -> int:
    """Deliver random changes to a source and place what waits, as a harvest does."""
    chance = random.Random(seed)
    database = Database.open(url)
    for _ in range(rounds):
        deliver(database, source, *(_delivery(chance, number) for number in range(8)))
        place(database, HUB, 10)
    while waiting(database):
        if not place(database, HUB, 10).committed:
            time.sleep(chance.random() / 50)
    database.close()
    return rounds


def _delivery(chance: random.Random, number: int) -> Delivery:
    identifier = f"r{number * 3 + chance.randrange(3)}"
    if chance.random() < 0.2:
        return Delivery(identifier=identifier)
    book = Book(
        title=chance.choice(TITLES),
        isbn=chance.choice(ISBNS),
        pages=f"{chance.randrange(90, 99)} tr.",
    )
    return Delivery(identifier=identifier, book=book)


def deliver_slowly(url: str, source: str, rounds: int) -> None:
    """Deliver fixed pages one by one, telling each, until killed or done."""
    database = Database.open(url)
    for number in range(rounds):
        deliver(database, source, *fixed(number))
        print(f"round {number}", flush=True)
        place(database, HUB, 5)
    place_all(database, limit=5)
    print("placed", flush=True)
    database.close()


def fixed(number: int) -> tuple[Delivery, ...]:
    """Return the page that every run of ``deliver_slowly`` brings in this round."""
    chance = random.Random(number)
    return tuple(_delivery(chance, each) for each in range(8))
