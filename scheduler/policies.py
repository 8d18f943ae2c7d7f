"""What a matching policy would do, worked out for a person who then decides: by command or worker.

One at a time for each policy. Who is killed over it leaves the job to the next, which begins anew.
"""

from __future__ import annotations

from catalogue import policies, queue
from catalogue.clock import wall_clock
from catalogue.database import Database
from catalogue.errors import NoSuchPolicy
from catalogue.match import kept_policy
from catalogue.model import Lease
from catalogue.policies import Effect
from scheduler.errors import PolicyEffectBusy
from scheduler.heartbeat import failing, heartbeat
from scheduler.model import Line

KIND = "policy-effect"


def work_out(database: Database, version: str) -> Effect:
    """Work out what a policy would do, and keep it with the policy.

    Raises NoSuchPolicy, or PolicyEffectBusy while another process is at it.
    """
    policies.get(database, version)
    lease = queue.claim(database, KIND, _key(version))
    if lease is None:
        raise PolicyEffectBusy(version=version)
    return _work_out(database, version, lease)


def ask_for(database: Database, version: str) -> bool:
    """Have a worker do that; tell whether it was not asked to before. Raises NoSuchPolicy."""
    policies.get(database, version)
    return queue.enqueue(database, KIND, _key(version), wall_clock())


def is_asked_for(database: Database, version: str) -> bool:
    """Tell whether a worker is at it, or is to be."""
    key = _key(version)
    return key in queue.due(database, KIND) or queue.is_running(database, key)


def work_out_next(line: Line) -> bool:
    """Do what was asked for next, if anything; tell whether there was."""
    key = queue.next_due(line.db, KIND)
    lease = queue.claim(line.db, KIND, key, anew=False) if key is not None else None
    if key is None or lease is None:
        return False
    try:
        _work_out(line.db, key.partition(":")[2], lease)
    except NoSuchPolicy:
        # Somebody threw it away meanwhile.
        return True
    return True


def _work_out(database: Database, version: str, lease: Lease) -> Effect:
    # Brings numpy, which nothing else needs.
    from catalogue.cluster.effect import effect  # noqa: PLC0415

    with failing(database, lease), heartbeat(database, lease):
        with database.reading_primary() as connection:
            of = policies.in_use(connection)
        found = effect(database, kept_policy(policies.get(database, version).text))
    told = found.told() | {"made": wall_clock()}

    with failing(database, lease):
        return policies.keep_effect(database, version, of, told, lease)


def _key(version: str) -> str:
    return f"{KIND}:{version}"
