"""Form fields of the portal: amounts in yuan, shares in percent, lists of regions."""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cms.amounts import AmountField
from jiujinan.regions.models import Region

LARGEST_YUAN = Decimal(10) ** 10
_BETWEEN = re.compile(r"[\s,;，、；]+")


class YuanField(AmountField):
    """Yuan with at most two places; cleaned to whole fen, None where empty."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{"min_value": Decimal("0.01"), "max_value": LARGEST_YUAN, "decimal_places": 2, **kwargs}
        )

    def clean(self, value: Any) -> Any:
        """Return fen."""
        entered: Decimal | None = super().clean(value)
        return None if entered is None else int(entered * 100)

    def prepare_value(self, value: Any) -> Any:
        """Show fen as yuan; what a person typed is shown as typed."""
        if type(value) is not int:
            return value
        whole, cents = divmod(value, 100)
        return f"{whole}.{cents:02d}" if cents else str(whole)


class PercentField(AmountField):
    """A share in percent with one place; cleaned to permille, None where empty."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{"min_value": Decimal(0), "max_value": Decimal(100), "decimal_places": 1, **kwargs}
        )

    def clean(self, value: Any) -> Any:
        """Return permille."""
        entered: Decimal | None = super().clean(value)
        return None if entered is None else int(entered * 10)

    def prepare_value(self, value: Any) -> Any:
        """Show permille as percent."""
        return f"{value / 10:g}" if type(value) is int else value


class RegionsField(forms.CharField):
    """Divisions by code or name, one after another; cleaned to a list of codes."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{
                "required": False,
                "widget": forms.Textarea(attrs={"rows": 2}),
                "help_text": _("Names or six-digit codes, separated by commas; empty: everywhere."),
                **kwargs,
            }
        )

    def clean(self, value: Any) -> Any:
        """Return the codes, each once, in the order in which they were written."""
        told = [one for one in _BETWEEN.split(super().clean(value)) if one]
        codes = dict(Region.objects.filter(code__in=told).values_list("code", "code"))
        named: dict[str, list[str]] = {}
        for name, code in Region.objects.filter(name__in=told).values_list("name", "code"):
            named.setdefault(name, []).append(code)
        if unknown := [one for one in told if one not in codes and len(named.get(one, [])) != 1]:
            raise ValidationError(
                gettext("Unknown or not unique, please give the code: %(names)s.")
                % {"names": ", ".join(unknown)}
            )
        return list(dict.fromkeys(codes.get(one) or named[one][0] for one in told))

    def prepare_value(self, value: Any) -> Any:
        """Show codes as a list."""
        return ", ".join(value) if isinstance(value, list | tuple) else value


class CodesField(forms.MultipleChoiceField):
    """Several codes of a list, as boxes; none of them means no restriction."""

    def __init__(self, *, choices: Iterable[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(
            choices=list(choices),
            **{"required": False, "widget": forms.CheckboxSelectMultiple, **kwargs},
        )


def date_field(**kwargs: Any) -> forms.DateField:
    """Return a field for a day, with the browser's own picker."""
    return forms.DateField(
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        **kwargs,
    )


def choose_from(form: forms.Form, name: str, rows: Any) -> None:
    """Give a field of the form its choices: a queryset, or a list of values with labels."""
    field: Any = form.fields[name]
    if isinstance(field, forms.ModelChoiceField):
        field.queryset = rows
    else:
        field.choices = rows
