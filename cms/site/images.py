"""Pictures that editors upload: drawn anew and named by their content before they are kept."""

from typing import Any, cast

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.utils.translation import gettext as _
from wagtail.images.forms import BaseImageForm

from needs.anonymise.pictures import JPEG_START, NoPicture, public_file_name, redrawn


class BareImageForm(BaseImageForm):
    """The form of a picture; what the file carried beside the picture, its name too, is not kept."""

    def clean_file(self) -> "UploadedFile[Any]":
        """Return the file drawn anew under a name made of its content alone."""
        given = cast("UploadedFile[Any]", self.cleaned_data["file"])
        if "file" not in self.changed_data:
            return given
        given.seek(0)
        try:
            drawn = redrawn(given.read())
        except NoPicture:
            raise ValidationError(
                _("This file can't be published: use a PNG, JPEG, GIF or WebP picture.")
            ) from None
        kind = "jpg" if drawn[1] == JPEG_START else "png"
        content_type = {"jpg": "image/jpeg", "png": "image/png"}[kind]
        return SimpleUploadedFile(public_file_name(drawn, f".{kind}"), drawn, content_type)
