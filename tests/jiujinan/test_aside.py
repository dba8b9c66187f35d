"""A process beside this one."""

import os

import pytest

from jiujinan.aside import Alone, Aside


def test_calls_are_answered_in_turn_by_another_process() -> None:
    with Aside("os:getpid") as aside:
        first, second = aside.ask(), aside.ask()
        assert first.result() == second.result() != os.getpid()


def test_a_failure_says_what_kind_and_nothing_of_what_was_asked() -> None:
    with Aside("builtins:int") as aside:
        with pytest.raises(Alone) as fault:
            aside.ask("欧阳墨鹮").result()
        assert str(fault.value) == "ValueError"
        assert aside.ask("7").result() == 7


def test_a_process_that_is_gone_is_told_as_such() -> None:
    with Aside("os:_exit") as aside, pytest.raises(Alone):
        aside.ask(3).result()
    with Aside("nothing_of_that_name:f") as aside, pytest.raises(Alone):
        aside.ask().result()


def test_it_ends_with_whoever_asks() -> None:
    with Aside("os:getpid") as aside:
        pid = aside.ask().result()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
