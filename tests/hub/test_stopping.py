"""What a signal ends, ends, whichever moment and thread the signal comes in."""

from __future__ import annotations

import asyncio
import signal
import threading
from threading import Event, Thread

import pytest

from hub.stopping import Stop, stopped_by_signals, wait_until_stopped
from provider.z3950.server import until_set


def elsewhere(kind: signal.Signals) -> None:
    """Have a thread beside get a signal: its handler is due then, and nothing wakes the first."""
    signal.pthread_kill(threading.get_ident(), kind)


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_that_does_not_wake_who_waits_is_heard(kind: signal.Signals) -> None:
    begun = Event()

    def send() -> None:
        begun.wait()
        elsewhere(kind)

    sender = Thread(target=send)
    sender.start()
    wait_until_stopped(begun.set)
    sender.join()


def test_it_is_stopped_from_a_thread_as_well() -> None:
    stop = Stop()
    with stopped_by_signals(stop.set):
        Thread(target=stop.set).start()
        stop.wait()


def test_a_loop_of_clients_hears_it_too() -> None:
    stopping, begun = Event(), Event()

    def send() -> None:
        begun.wait()
        elsewhere(signal.SIGTERM)

    async def serve() -> None:
        begun.set()
        await until_set(stopping)

    with stopped_by_signals(stopping.set):
        sender = Thread(target=send)
        sender.start()
        asyncio.run(serve())
        sender.join()
