"""A draft of the difficulty score, filled in indicator by indicator."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.desk.casework.forms import words_field
from jiujinan.codes import CAUSE_LABELS, GROUP_LABELS, RELIEF_CIRCLE_LABELS, TIER_LABELS
from needs.assessment.score_table import (
    CHOICES,
    FULL,
    INDICATOR_LABELS,
    THRESHOLDS,
    WHOLE,
    TableWrong,
    parse_table,
)
from needs.labels import lazy_choices

CODES: Mapping[str, Mapping[Any, str]] = {
    "circle": RELIEF_CIRCLE_LABELS,
    "urgency": TIER_LABELS,
    "cause": CAUSE_LABELS,
}
THRESHOLD_WORDS = {
    "burden": gettext_lazy("Full points from expenses of so many ‰ of yearly income"),
    "income": gettext_lazy("No points from income of so many ‰ of the standard"),
    "dependants": gettext_lazy("Full points from so many people"),
    "unmet": gettext_lazy("Full points when so many ‰ are still lacking"),
}
USUAL = {"burden": 2000, "income": 2000, "dependants": 6, "unmet": 1000}


class ScoreForm(forms.Form):
    """Every indicator with its points (together 100) and its parameters; 0 points leave one out."""

    note = words_field(gettext_lazy("What changes and why"))

    def __init__(self, *args: Any, start: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in INDICATOR_LABELS:
            self._add(name, start.get(name, {}))

    def _add(self, name: str, known: Mapping[str, Any]) -> None:
        self.fields[f"{name}-points"] = _whole(_("Points"), known.get("points", 0), 0, WHOLE)
        if name in CHOICES:
            for code, label in CODES[name].items():
                value = known.get("values", {}).get(code, 0)
                self.fields[f"{name}-{code}"] = _whole(f"{_(label)} (‰)", value, 0, FULL)
        elif name == "vulnerable":
            self.fields["vulnerable-each"] = _whole(
                _("Each group counts (‰)"), known.get("each", 400), 1, FULL
            )
            self.fields["vulnerable-groups"] = forms.MultipleChoiceField(
                label=_("Groups that count"),
                choices=lazy_choices(GROUP_LABELS),
                initial=known.get("groups", []),
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
        else:
            value = known.get(THRESHOLDS[name], USUAL[name])
            self.fields[f"{name}-threshold"] = _whole(THRESHOLD_WORDS[name], value, 1, 1_000_000)

    def sections(self) -> list[tuple[str, list[BoundField]]]:
        """Return the fields under the name of their indicator."""
        return [
            (_(label), [self[field] for field in self.fields if field.startswith(f"{name}-")])
            for name, label in INDICATOR_LABELS.items()
        ]

    def clean(self) -> dict[str, Any]:
        """Require that the points make 100."""
        data = super().clean() or {}
        if not self.errors:
            points = sum(data[f"{name}-points"] for name in INDICATOR_LABELS)
            if points != WHOLE:
                raise forms.ValidationError(
                    _("The points make %(sum)d; they must make 100.") % {"sum": points}
                )
            try:
                parse_table(self.table(data))
            except TableWrong as wrong:
                raise forms.ValidationError(", ".join(wrong.problems)) from wrong
        return data

    def table(self, data: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return the table as it is kept; indicators without points are left out."""
        filled = data if data is not None else self.cleaned_data
        return {name: _line(name, filled) for name in INDICATOR_LABELS if filled[f"{name}-points"]}


def _line(name: str, filled: Mapping[str, Any]) -> dict[str, Any]:
    line: dict[str, Any] = {"points": filled[f"{name}-points"]}
    if name in CHOICES:
        line["values"] = {str(code): filled[f"{name}-{code}"] for code in CODES[name]}
    elif name == "vulnerable":
        line |= {"each": filled["vulnerable-each"], "groups": sorted(filled["vulnerable-groups"])}
    else:
        line[THRESHOLDS[name]] = filled[f"{name}-threshold"]
    return line


def _whole(label: Any, initial: int, least: int, most: int) -> forms.IntegerField:
    return forms.IntegerField(label=label, initial=initial, min_value=least, max_value=most)
