"""What discovery keeps."""

from needs.discovery.models.report import NeedReport
from needs.discovery.models.watch import Visit, WatchEntry, WatchGroup

__all__ = ["NeedReport", "Visit", "WatchEntry", "WatchGroup"]
