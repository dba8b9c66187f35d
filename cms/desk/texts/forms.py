"""What is filled in about a text."""

from django import forms
from django.utils.translation import gettext_lazy as _

from needs.services.telling import LONGEST, LONGEST_REASON, SHORTEST


class ProposalForm(forms.Form):
    """A text, and what else must not be read in it."""

    text = forms.CharField(
        label=_("Text for the public"),
        help_text=_("10 to 1,000 characters. No names, places, exact sums or days: what is found is masked."),
        min_length=SHORTEST,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    also_hide = forms.CharField(
        label=_("Also hide"),
        help_text=_(
            "One a line: hospital, school, employer, village, nicknames. Used for masking, kept nowhere."
        ),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def hidden_words(self) -> list[str]:
        """Return the lines of what else to hide."""
        return [line.strip() for line in self.cleaned_data["also_hide"].splitlines() if line.strip()]


class ConfirmationForm(forms.Form):
    """That the text and every masked place were read, bound to what was shown."""

    seen = forms.CharField(widget=forms.HiddenInput, min_length=64, max_length=64)
    read = forms.BooleanField(
        label=_("I read the text and every masked place. Nobody can be recognised by what is left.")
    )


class SetAsideForm(forms.Form):
    """Why a text is not to be told."""

    reason = forms.CharField(
        label=_("Reason"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 2})
    )
