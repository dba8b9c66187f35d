"""How people write an amount in a form: plain digits, or it is refused in words."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

_PLAIN = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?")


class AmountField(forms.DecimalField):
    """
    A decimal in the digits 0–9 with at most one point.

    Python's own reading would take `１００`, `1_000` and `1e18` for numbers; money that is written in doubt is not
    guessed at. Bounds and decimals are those of `DecimalField`.
    """

    default_error_messages = {  # noqa: RUF012 - Django's own form of it
        "invalid": _("Write the amount in plain digits, such as 1234.50, without commas or other signs."),
    }

    def to_python(self, value: Any) -> Any:
        """Return the amount, None for nothing; raise ValidationError for what is in doubt."""
        text = str(value).strip() if value is not None else ""
        if text and not _PLAIN.fullmatch(text):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(text)
