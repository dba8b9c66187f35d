"""Evidence of an organisation."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cms.portal.fields import choose_from, date_field


class DocumentForm(forms.Form):
    """A piece of evidence."""

    kind = forms.ChoiceField(label=_("Kind"))
    file = forms.FileField(label=_("File"), help_text=_("PDF, PNG or JPEG, at most 10 MB."))
    expires_on = date_field(
        label=_("Valid until"), required=False, help_text=_("Empty where it has no last day.")
    )

    def __init__(self, *args: Any, kinds: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, "kind", kinds)
