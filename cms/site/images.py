"""Pictures that editors upload: drawn anew and named by their content before they are kept."""

from typing import Any, cast

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.utils.translation import gettext as _
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from needs.anonymise.pictures import BROKEN, JPEG_START, NoPicture, public_file_name, redrawn


class CalmImageField(WagtailImageField):
    """A picture's field that answers a broken file as it answers what is no picture: with an error beside the field."""

    def to_python(self, data: "UploadedFile[Any] | None") -> Any:
        """Return the file, opened; raise ValidationError for whatever no decoder can read."""
        try:
            return super().to_python(data)
        except ValidationError:
            raise
        except BROKEN:
            raise ValidationError(self.error_messages["invalid_image"], code="invalid_image") from None


class BareImageForm(BaseImageForm):
    """The form of a picture; what the file carried beside the picture, its name too, is not kept."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given = self.fields["file"]
        self.fields["file"] = CalmImageField(
            label=given.label, required=given.required, widget=given.widget, help_text=given.help_text
        )

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
