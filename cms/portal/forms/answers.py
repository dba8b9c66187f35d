"""What members of social forces fill in."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cms.amounts import AmountField
from matching.models.proposals import DECLINE_REASON_LABELS

FEN = 100


class AmountForm(forms.Form):
    """An amount up to what was proposed: yuan for money, whole units for the rest."""

    amount = AmountField(label=_("Amount"))

    def __init__(self, *args: Any, proposed: int, unit: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.in_fen = unit == "fen"
        most = Decimal(proposed) / FEN if self.in_fen else Decimal(proposed)
        least = Decimal("0.01") if self.in_fen else Decimal(1)
        label = _("Amount in yuan") if self.in_fen else _("Quantity")
        self.fields["amount"] = AmountField(
            label=label,
            min_value=least,
            max_value=most,
            decimal_places=2 if self.in_fen else 0,
            initial=most.normalize() if most % 1 else int(most),
            help_text=_("At most what is proposed; you may give less."),
        )

    @property
    def units(self) -> int:
        """The amount in fen, sessions or pieces."""
        entered: Decimal = self.cleaned_data["amount"]
        return int(entered * FEN) if self.in_fen else int(entered)


class DeclineForm(forms.Form):
    """Why not; the reason decides what follows."""

    reason = forms.ChoiceField(label=_("Reason"), choices=list(DECLINE_REASON_LABELS.items()))


class OutcomeForm(forms.Form):
    """What came of a referral, in words without names."""

    outcome = forms.CharField(
        label=_("What came of it"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Without names or addresses. Needed when the referral ends."),
    )


class SessionsForm(forms.Form):
    """How many sessions were given; the key makes a second click harmless."""

    sessions = forms.IntegerField(label=_("Sessions given now"), min_value=1)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, left: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sessions"] = forms.IntegerField(
            label=_("Sessions given now"), min_value=1, max_value=max(left, 1), initial=1
        )
