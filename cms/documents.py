"""Giving a private document to somebody who may see it: as a download, never shown or kept."""

from django.http import FileResponse

from jiujinan.accounts.models import OrganisationDocument


def private_file(document: OrganisationDocument) -> FileResponse:
    """Return the stored file; the caller has asked whether this person may have it."""
    response = FileResponse(
        document.file.open("rb"),
        as_attachment=True,
        filename=document.name,
        content_type=document.content_type,
    )
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
