"""What discovery keeps."""

from needs.discovery.models.complaint import Complaint
from needs.discovery.models.report import NeedReport
from needs.discovery.models.watch import Visit, WatchEntry, WatchGroup

__all__ = ["Complaint", "NeedReport", "Visit", "WatchEntry", "WatchGroup"]
