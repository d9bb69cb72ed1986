"""Limits in one PostgreSQL row a key: kept by all processes together, settled by use, shifted by a refusal."""

from __future__ import annotations

import asyncio
from itertools import chain, pairwise

from agent.batch.pace import EndpointPace, SharedRate
from agent.store.limits import SharedHosts, SharedLimits


class Sleeps:
    """Takes note of waits instead of waiting; every wait lets the others go on."""

    def __init__(self) -> None:
        self.waits: list[float] = []
        self.first = asyncio.Event()

    async def __call__(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.first.set()
        await asyncio.sleep(0)


async def settled(limits: SharedLimits, key: str) -> float:
    """Return how long a key has to wait once a correction that is under way has landed."""
    for _ in range(500):
        if (turn := await limits.reserve(key, 0.0)).wait > 100:
            break
        await asyncio.sleep(0.01)
    return turn.wait


async def test_reservations_of_several_processes_never_overlap(database: str) -> None:
    processes = [SharedLimits(database) for _ in range(4)]

    async def reserve_some(limits: SharedLimits) -> list[float]:
        return [(await limits.reserve("gleif", 0.75)).start for _ in range(15)]

    starts = sorted(chain.from_iterable(await asyncio.gather(*map(reserve_some, processes))))
    assert len(starts) == 60
    assert all(later - earlier >= 0.749 for earlier, later in pairwise(starts))
    assert starts[-1] - starts[0] < 60 * 0.75 + 20.0  # no gap was left unused, but for how long this took
    for limits in processes:
        limits.close()


async def test_a_use_is_settled_and_a_refusal_holds_everybody(database: str) -> None:
    one, other = SharedLimits(database), SharedLimits(database)
    rate, others = SharedRate(one, "tokens", 6_000), SharedRate(other, "tokens", 6_000)
    assert await rate.take(6_000) == 0.0
    waiting = await other.reserve("tokens", 1.0, ahead=1.0)
    assert not waiting.reserved
    assert 30 < waiting.wait < 63
    await rate.give_back(6_000)
    assert await others.take(10) == 0.0
    await rate.hold(300.0)
    turn = await other.reserve("tokens", 1.0)
    assert 200 < turn.wait <= 300
    one.close()
    other.close()


async def test_no_process_reserves_far_ahead_and_none_waits_for_ever(database: str) -> None:
    limits = SharedLimits(database)
    sleeps = Sleeps()
    rate = SharedRate(limits, "tokens", 60_000, sleep=sleeps)
    await rate.take(3_000)

    async def free_it() -> None:
        await sleeps.first.wait()
        await rate.give_back(2_900)

    wait, _ = await asyncio.gather(rate.take(500), free_it())
    assert wait <= 1.0
    assert max(sleeps.waits) < 3.5
    limits.close()


async def test_a_429_shifts_the_row_of_the_endpoint(database: str) -> None:
    limits, other = SharedLimits(database), SharedLimits(database)
    pace = EndpointPace(
        requests=SharedRate(limits, "requests", None), tokens=SharedRate(limits, "tokens", 60_000)
    )
    await pace.admit(10)
    pace.refused(429, 300.0, 10)
    assert 200 < await settled(other, "tokens") <= 300
    limits.close()
    other.close()


async def test_shared_hosts_keep_one_gap_and_an_accounts_own_hosts_none_of_it(database: str) -> None:
    limits = [SharedLimits(database) for _ in range(2)]
    hosts = [SharedHosts(each) for each in limits]
    sleeps = [Sleeps(), Sleeps()]
    for each, sleep in zip(hosts, sleeps, strict=True):
        each._sleep = sleep
        each.belongs_to_account("acme.example")
        each.slow_down("boards.example", 5.0)
    async with hosts[0].slot("boards.example"):
        pass
    async with hosts[1].slot("boards.example"):
        pass
    assert sleeps[1].waits
    assert 1.0 < sleeps[1].waits[0] <= 5.0
    async with hosts[0].slot("www.acme.example"):
        pass
    with_rows = await limits[0].reserve("host www.acme.example", 1.0)
    assert with_rows.wait == 0.0
    hosts[0].back_off("boards.example", 600.0)
    assert 400 < await settled(limits[1], "host boards.example") <= 600
    for each in limits:
        each.close()
