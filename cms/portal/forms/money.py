"""Paying, giving back, gifts, statements."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cms.portal.fields import YuanField, choose_from
from donors.charter_text import yuan
from donors.models import Contribution, Fund, SettlementAct, Source

LARGEST_UPLOAD = 5 * 1024 * 1024


class ReasonForm(forms.Form):
    """A reason that can be read later."""

    reason = forms.CharField(label=_("Reason"), min_length=2, max_length=300)


class HandOverForm(forms.Form):
    """How many pieces were handed over; the key makes a second click harmless."""

    quantity = forms.IntegerField(label=_("Pieces handed over now"), min_value=1)
    key = forms.UUIDField(widget=forms.HiddenInput)


class RepayForm(forms.Form):
    """What came back to a revolving fund."""

    amount = YuanField(label=_("Amount in yuan"))
    note = forms.CharField(
        label=_("From which relief"), max_length=200, required=False, help_text=_("Without names.")
    )
    key = forms.UUIDField(widget=forms.HiddenInput)


class UploadForm(forms.Form):
    """One file of the bank."""

    file = forms.FileField(label=_("File of the bank"), help_text=_("CSV, at most 5 MB."))

    def clean_file(self) -> Any:
        """Refuse what no bank sends."""
        file = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST_UPLOAD:
            raise forms.ValidationError(_("The file is larger than 5 MB."))
        return file


class GiftForm(forms.Form):
    """An announced gift."""

    fund = forms.ModelChoiceField(Fund.objects.none(), label=_("Fund"))
    donor_name = forms.CharField(label=_("Name of the donor, as at the bank"), max_length=120, strip=True)
    source = forms.ChoiceField(label=_("Source"), choices=Source.choices)
    amount = YuanField(label=_("Amount in yuan"))

    def __init__(self, *args: Any, funds: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, "fund", funds)


class ReceiptForm(forms.Form):
    """The number of the charity's own receipt."""

    number = forms.CharField(label=_("Receipt number"), max_length=40, strip=True)


class GiftChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs alone
    """A gift by what people know it by."""

    def label_from_instance(self, gift: Contribution) -> str:
        """Return reference, donor and amount."""
        return f"{gift.reference} · {gift.donor_name} · {yuan(gift.received_fen or gift.amount_fen)}"


class SettleForm(forms.Form):
    """What is decided about one fault, and why."""

    key = forms.CharField(widget=forms.HiddenInput)
    act = forms.ChoiceField(label=_("Decision"))
    contribution = GiftChoice(Contribution.objects.none(), label=_("Which gift"), required=False)
    fund = forms.ModelChoiceField(Fund.objects.none(), label=_("Which fund"), required=False)
    source = forms.ChoiceField(label=_("Source"), choices=Source.choices, required=False)
    reason = forms.CharField(label=_("Reason"), min_length=2, max_length=300)

    def __init__(
        self, *args: Any, acts: tuple[SettlementAct, ...], funds: Any, gifts: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, "act", [(act.value, act.label) for act in acts])
        choose_from(self, "fund", funds)
        choose_from(self, "contribution", gifts)
        if not {SettlementAct.ASSIGN, SettlementAct.REFUND} & set(acts):
            del self.fields["contribution"]
        if SettlementAct.NEW_GIFT not in acts:
            del self.fields["fund"], self.fields["source"]


class FeeForm(forms.Form):
    """A management fee."""

    amount = YuanField(label=_("Amount in yuan"))
    key = forms.UUIDField(widget=forms.HiddenInput)


class EndingForm(forms.Form):
    """Where the rest of a fund goes."""

    to_fund = forms.ModelChoiceField(Fund.objects.none(), label=_("Fund of a like purpose"), required=False)
    reason = forms.CharField(label=_("Reason"), min_length=2, max_length=300)

    def __init__(self, *args: Any, funds: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, "to_fund", funds)
        if not funds.exists():
            del self.fields["to_fund"]
