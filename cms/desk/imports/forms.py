"""What is filled in to bring a case file."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiujinan.codes import DISCOVERY_CHANNEL_LABELS, SOURCE_LABELS
from jiujinan.tabular.limits import DEFAULT, MEGABYTE
from needs.labels import lazy_choices


class ImportForm(forms.Form):
    """A file, and what its rows mean where they don't say it themselves."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("XLSX, or CSV in UTF-8 or GB18030."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )
    source = forms.ChoiceField(
        label=_("Source"),
        choices=lazy_choices(SOURCE_LABELS),
        initial="civil_affairs",
        help_text=_("For rows that name none."),
    )
    channel = forms.ChoiceField(
        label=_("Discovery channel"),
        choices=lazy_choices(DISCOVERY_CHANNEL_LABELS),
        initial="application",
        help_text=_("For rows that name none."),
    )

    def clean_file(self) -> Any:
        """Refuse what would not be read anyway."""
        file = self.cleaned_data["file"]
        if file.size > DEFAULT.file_bytes:
            raise forms.ValidationError(too_large())
        return file


def too_large() -> str:
    """Return what to tell about a file over the limit."""
    words = _("The file is larger than %(limit)s MB. Split it and bring the parts one after another.")
    return str(words) % {"limit": DEFAULT.file_bytes // MEGABYTE}
