"""What the forms of visitors without an account share: a trap for machines, and a name that makes a form once."""

import secrets
from typing import Any

from django import forms
from django.core.signing import BadSignature, TimestampSigner
from django.utils.translation import gettext_lazy as _

from jiujinan.tabular import numbers as written
from jiujinan.tabular.outcome import CellError
from needs.discovery.rules import FORM_VALID_SECONDS, QUICKEST_SECONDS


def fresh_token(signer: str) -> str:
    """Return a signed name for one form, with the moment in which it was shown."""
    return TimestampSigner(salt=signer).sign(secrets.token_urlsafe(16))


class VisitorForm(forms.Form):
    """A form of a visitor. `website` is a trap that people don't see; `token` makes a second click harmless."""

    signer = ""

    website = forms.CharField(required=False, max_length=200, widget=forms.TextInput())
    token = forms.CharField(widget=forms.HiddenInput)

    def clean_token(self) -> str:
        """Return the form's name; a form that is too old or too quick is shown once more, with all that was typed."""
        signer = TimestampSigner(salt=self.signer)
        try:
            name = signer.unsign(self.cleaned_data["token"], max_age=FORM_VALID_SECONDS)
        except BadSignature:
            raise forms.ValidationError(
                _("This page was open for too long. Please look it over and send it again.")
            ) from None
        try:
            signer.unsign(self.cleaned_data["token"], max_age=QUICKEST_SECONDS)
        except BadSignature:
            return name
        raise forms.ValidationError(_("That was very quick. Please look it over and send it again."))

    def clean(self) -> dict[str, Any]:
        """Refuse what fell into the trap."""
        if self.cleaned_data.get("website"):
            raise forms.ValidationError(_("This could not be sent. Please call 12345."))
        return self.cleaned_data


def checked_phone(entered: str) -> str:
    """Return a telephone number as it is kept, or say what is wrong with it."""
    try:
        return written.phone(entered)
    except CellError:
        raise forms.ValidationError(
            _("Please write a mobile number (11 digits) or a telephone number with its area code.")
        ) from None
