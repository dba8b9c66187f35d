"""The whole check: what both engines hold against the projects; asked by the command, nightly and at the start."""

import logging
from dataclasses import dataclass
from datetime import datetime

from needs.catalogue import checking, cluster, indexing
from needs.catalogue.checking import Progress
from needs.catalogue.cluster import FAILURES
from needs.catalogue.lease import Busy

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Differences:
    """How many projects differ; `elasticsearch` is None where there is none.

    `lacks_index`: none stands there, or one of another version.
    """

    database: int
    elasticsearch: int | None = None
    lacks_index: bool = False

    @property
    def any(self) -> bool:
        """Whether anything differs."""
        return bool(self.database or self.elasticsearch or self.lacks_index)


def check(*, mend: bool, now: datetime, progress: Progress = lambda done: None) -> Differences:
    """Find every difference, the database's first, and mend it; raise cluster.FAILURES or lease.Busy from the other."""
    wrong = checking.differences()
    if mend:
        checking.mend(wrong)
    if not cluster.is_wanted():
        return Differences(len(wrong))
    if not indexing.has_index():
        if mend:
            indexing.rebuild(now=now, progress=progress)
        return Differences(len(wrong), 0, lacks_index=True)
    in_cluster = indexing.differences()
    if mend:
        indexing.mend(in_cluster)
    return Differences(len(wrong), len(in_cluster))


def mend_calmly(*, now: datetime) -> Differences | None:
    """Mend as `check` does; None, and a line in the log, where Elasticsearch keeps it from being done."""
    try:
        found = check(mend=True, now=now)
    except FAILURES as error:
        logger.warning("the catalogue's check could not ask Elasticsearch: %s", type(error).__name__)
    except Busy:
        logger.warning("the catalogue's check left Elasticsearch alone: it is being filled anew")
    else:
        if found.any:
            logger.warning("the catalogue's check mended %s", found)
        return found
    return None
