"""
Processes that die, as by a power cut, at a point that has a name.

A point is a place in an act: right after the n-th statement that matches a pattern, or around the commit. The child
process kills itself there with SIGKILL; the parent sees that it did, so a point that no longer exists is noticed.
"""

import multiprocessing
import os
import re
import signal
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection

FORK = multiprocessing.get_context("fork")
BEGUN, COMMIT, COMMITTED = "begun", "before the commit", "committed"


@dataclass(frozen=True)
class Point:
    """`after` is a pattern of SQL (or one of BEGUN, COMMIT, COMMITTED); `nth` counts its matches from one."""

    name: str
    after: str
    nth: int = 1

    @property
    def leaves_an_effect(self) -> bool:
        """Whether the act stands though nobody heard of it."""
        return self.after == COMMITTED


class _Killer:
    def __init__(self, point: Point) -> None:
        self.point, self.matched = point, 0

    def execute(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if self.point.after == BEGUN:
            _die()
        result = execute(sql, params, many, context)
        if self.point.after not in {COMMIT, COMMITTED} and re.search(self.point.after, sql):
            self.matched += 1
            if self.matched == self.point.nth:
                _die()
        return result

    def commit(self, original: Callable[[], None]) -> Callable[[], None]:
        def commit() -> None:
            if self.point.after == COMMIT:
                _die()
            original()
            if self.point.after == COMMITTED:
                _die()

        return commit


def was_killed_at(point: Point, act: Callable[[], Any]) -> bool:
    """Run the act in a process of its own that dies at the point; return whether it did."""

    def child() -> None:
        killer = _Killer(point)
        connection.ensure_connection()
        connection._commit = killer.commit(connection._commit)  # type: ignore[method-assign]
        with connection.execute_wrapper(killer.execute):
            act()
        os._exit(0)

    connection.close()
    process = FORK.Process(target=child)
    process.start()
    process.join(timeout=30)
    return process.exitcode == -signal.SIGKILL


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
