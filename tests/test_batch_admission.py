"""Accounts enter as fast as the loop and the model keep up, and the model never runs dry for want of accounts."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.batch.admission import Admission

SECONDS_A_REVIEW, TICKS_A_REVIEW = 0.5, 10


async def enter_all(admission: Admission, entered: Callable[[], None] = lambda: None) -> None:
    """Be a list without end: enter as soon as there is a place."""
    while True:
        await admission.enter()
        entered()


@dataclass
class Plant:
    """Accounts that read for a while, then take their share of a model's limit in line, then leave."""

    reading: float
    """Seconds from an account's entry to its requests."""
    served: float
    """Seconds of the model's limit that an account takes."""
    lag_an_account: float = 0.0
    """Seconds the loop is late for each account that reads."""
    now: float = 0.0
    entered: deque[float] = field(default_factory=deque)
    line: deque[float] = field(default_factory=deque)
    used: list[float] = field(default_factory=list)
    """Share of the limit used, review by review."""
    allowed: list[int] = field(default_factory=list)

    def wait(self) -> float:
        return sum(self.line)

    async def run(self, admission: Admission, seconds: float) -> None:
        end = self.now + seconds
        door = asyncio.ensure_future(enter_all(admission, lambda: self.entered.append(self.now)))
        while self.now < end:
            await asyncio.sleep(0)
            self._pass(admission, SECONDS_A_REVIEW)
            await asyncio.sleep(0)
            for _ in range(TICKS_A_REVIEW):
                admission.note(self.lag_an_account * len(self.entered))
            admission.review()
            self.allowed.append(admission.allowed)
        door.cancel()

    def _pass(self, admission: Admission, seconds: float) -> None:
        self.now += seconds
        while self.entered and self.entered[0] + self.reading <= self.now:
            self.entered.popleft()
            self.line.append(self.served)
        left = seconds
        while self.line and left > 0:
            took = min(left, self.line[0])
            left -= took
            self.line[0] -= took
            if self.line[0] <= 1e-9:
                self.line.popleft()
                admission.leave()
        self.used.append(1 - left / seconds)


@settings(max_examples=60, deadline=None)
@given(reading=st.floats(0.5, 20), served=st.floats(0.1, 8))
async def test_once_the_model_is_busy_it_never_runs_dry(reading: float, served: float) -> None:
    plant = Plant(reading, served)
    admission = Admission(most=1_000, wait=plant.wait)
    await plant.run(admission, 40 + 3 * reading)
    plant.used.clear()
    await plant.run(admission, 400)
    assert min(plant.used) == pytest.approx(1)


@pytest.mark.parametrize(("reading", "served"), [(3.0, 0.5), (10.0, 2.0), (1.0, 5.0)])
async def test_the_number_settles_with_no_more_accounts_than_the_line_needs(
    reading: float, served: float
) -> None:
    plant = Plant(reading, served)
    admission = Admission(most=1_000, wait=plant.wait)
    await plant.run(admission, 300)
    plant.allowed.clear()
    await plant.run(admission, 300)
    assert max(plant.allowed) - min(plant.allowed) <= 1 + max(plant.allowed) // 10
    assert max(plant.allowed) <= max(8, (reading + 35) / served)


async def test_without_lag_or_line_every_place_is_open_within_half_a_minute() -> None:
    plant = Plant(reading=20.0, served=0.001)
    admission = Admission(most=500, wait=plant.wait)
    await plant.run(admission, 30)
    assert admission.allowed == 500


async def test_a_loop_that_is_late_all_the_time_goes_down_to_the_least() -> None:
    admission = Admission(most=500, least=8)
    door = asyncio.ensure_future(enter_all(admission))
    for _ in range(60):
        await asyncio.sleep(0)
        admission.review()
    door.cancel()
    assert admission.allowed == 500
    for _ in range(40):
        while admission.under_way > admission.allowed:
            admission.leave()
        for _ in range(TICKS_A_REVIEW):
            admission.note(0.05)
        admission.review()
    assert admission.allowed == 8


async def test_the_number_stands_where_the_loop_is_as_late_as_it_may_be() -> None:
    plant = Plant(reading=3.0, served=0.001, lag_an_account=0.0002)
    admission = Admission(most=1_000, wait=plant.wait)
    await plant.run(admission, 60)
    plant.allowed.clear()
    await plant.run(admission, 120)
    assert min(plant.allowed) >= 17
    assert max(plant.allowed) <= 45


async def test_one_long_pause_sends_nobody_home() -> None:
    admission = Admission(most=100)
    for _ in range(40):
        admission.note(0.0)
    admission.note(2.0)
    admission.review()
    assert admission.allowed == 8
    assert admission.lag_p99() == 2.0


def test_a_pause_counts_for_every_moment_it_lasted() -> None:
    admission = Admission(most=100)
    for _ in range(190):
        admission.note(0.001)
    admission.note(0.5)  # ten ticks and more fell into it
    assert admission.lag_p99() == 0.45
