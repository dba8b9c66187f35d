"""The shared code lists; they live in `jiujinan.codes`."""

from jiujinan.codes import *  # noqa: F403  # kept while imports move
