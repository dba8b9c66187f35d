"""
Calling a function in a process of its own, so that the second core works as well.

A child of this process, joined to it by two pipes and nothing else: it ends with it, opens no database and writes no
file. Not `multiprocessing`: a worker of Celery may not have its children, and those would load the caller's main module
anew. Whoever asks must be able to do without: every failure of the child is `Alone`.
"""

import gc
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from importlib import import_module
from typing import IO, Any

from django.conf import settings

from jiujinan.collecting import resting

_UNDER_EVERY_MODEL = ("django.contrib.auth", "django.contrib.contenttypes")


class Alone(Exception):
    """The other process could not help; says nothing of what it was asked."""


class Aside:
    """A process that calls `function`, named `module:name`; a context manager.

    With `rooms`, Django is set up there for the apps whose names begin so: the others cost forty megabytes.
    """

    def __init__(self, function: str, *, rooms: Sequence[str] = ()) -> None:
        environment = dict(os.environ)
        if rooms:
            environment["JIUJINAN_VAR"] = str(settings.VAR)  # where the keys are
        self._process = subprocess.Popen(  # noqa: S603  # ourselves
            [sys.executable, "-m", __name__, function, ",".join(rooms)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
        )
        self._thread = ThreadPoolExecutor(max_workers=1)

    def __enter__(self) -> "Aside":
        return self

    def __exit__(self, *exception: object) -> None:
        self._process.kill()
        self._thread.shutdown()
        self._process.communicate()

    def ask(self, *arguments: object, then: Callable[[Any], Any] | None = None) -> "Future[Any]":
        """Begin a call; its result is what the function returns, or raises Alone. Calls are answered in turn.

        `then` makes the result of the answer, here and while this process waits for something else.
        """
        return self._thread.submit(self._call, arguments, then)

    def _call(self, arguments: tuple[object, ...], then: Callable[[Any], Any] | None) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            pickle.dump(arguments, self._process.stdin, pickle.HIGHEST_PROTOCOL)
            self._process.stdin.flush()
            is_done, answer = pickle.load(self._process.stdout)  # noqa: S301  # from our own child
        except (OSError, EOFError, ValueError, pickle.UnpicklingError) as fault:
            raise Alone(type(fault).__name__) from None
        if not is_done:
            raise Alone(answer)
        return answer if then is None else then(answer)


def _serve(function: Callable[..., object]) -> None:
    """Answer calls until whoever asks is gone."""
    asked, answers = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # what anything prints must not stand among the answers
    with resting():
        while _answer(function, asked, answers):
            gc.collect()


def _answer(function: Callable[..., object], asked: IO[bytes], answers: IO[bytes]) -> bool:
    """Answer one call; return whether there was one."""
    try:
        arguments = pickle.load(asked)  # noqa: S301  # from our own parent
    except EOFError:
        return False
    answer: tuple[bool, object]
    try:
        answer = True, function(*arguments)
    except Exception as fault:  # whatever it is, the caller does the work itself
        answer = False, type(fault).__name__
    pickle.dump(answer, answers, pickle.HIGHEST_PROTOCOL)
    answers.flush()
    return True


def _main(function: str, rooms: str) -> None:
    if rooms:
        import django

        kept = (*_UNDER_EVERY_MODEL, *rooms.split(","))
        settings.INSTALLED_APPS = [app for app in settings.INSTALLED_APPS if app.startswith(kept)]
        django.setup()
    module, _, name = function.partition(":")
    _serve(getattr(import_module(module), name))


if __name__ == "__main__":
    _main(*sys.argv[1:])
