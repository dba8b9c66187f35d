"""What the desk fills in."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ReasonForm(forms.Form):
    """A reason that can be read later."""

    reason = forms.CharField(
        label=_("Reason"), min_length=2, max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
