"""Receiving a file without letting a huge one in: the request is cut off as soon as it is too long."""

from typing import Any

from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler

from jiujinan.tabular.limits import DEFAULT, MEGABYTE

_ROOM = MEGABYTE  # for the form's other fields


class BoundedUpload(TemporaryFileUploadHandler):
    """Keeps the file on the disk until the request ends; over the limit it stops reading at once."""

    is_too_large = False

    def handle_raw_input(self, *args: Any, **kwargs: Any) -> None:
        """Judge by the announced length, before anything is read."""
        announced = args[2] if len(args) > 2 else kwargs["content_length"]
        self.is_too_large = announced > DEFAULT.file_bytes + _ROOM

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin, unless the file is announced too large."""
        if self.is_too_large:
            self._stop()
        super().new_file(*args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Take a piece, unless it is one too many."""
        if start + len(raw_data) > DEFAULT.file_bytes:
            self._stop()
        super().receive_data_chunk(raw_data, start)

    def _stop(self) -> None:
        self.is_too_large = True
        raise StopUpload(connection_reset=True)
