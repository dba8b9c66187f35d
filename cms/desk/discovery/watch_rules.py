"""The rules of watch groups between the form, where conditions are chosen, the database, and words."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiujinan.codes import (
    CAUSE_LABELS,
    GROUP_LABELS,
    RELIEF_CIRCLE_LABELS,
    SENSITIVE_KIND_LABELS,
    Cause,
    Group,
    ReliefCircle,
    SensitiveKind,
)
from jiujinan.regions.models import Region
from needs.discovery.models import WatchGroup
from needs.discovery.watch_rules import OLDEST, check
from needs.labels import lazy_choices

_ANY = [("", gettext_lazy("Any"))]
CODES: Mapping[str, tuple[Any, Any]] = {
    "group": (GROUP_LABELS, Group),
    "cause": (CAUSE_LABELS, Cause),
    "circle": (RELIEF_CIRCLE_LABELS, ReliefCircle),
    "kind": (SENSITIVE_KIND_LABELS, SensitiveKind),
}
_NUMBERS: Mapping[str, Callable[[int], str]] = {
    "everybody_from_age": lambda years: _("everybody is %(years)s or older") % {"years": years},
    "somebody_from_age": lambda years: _("somebody is %(years)s or older") % {"years": years},
    "somebody_below_age": lambda years: _("somebody is younger than %(years)s") % {"years": years},
    "size_up_to": lambda people: _("at most %(people)s people") % {"people": people},
}
CONDITIONS = ("group", "cause", "circle", *_NUMBERS)


def rule_words(rule: Mapping[str, Any]) -> str:
    """Return the rule in words; it must have passed `check`."""
    ((name, value),) = rule.items()
    if name in {"all", "any"}:
        told = [rule_words(part) for part in value]
        nested = [bool(part.keys() & {"all", "any"}) for part in value]
        inner = [
            f"（{words}）" if is_nested else words for words, is_nested in zip(told, nested, strict=True)
        ]
        return (_(" and ") if name == "all" else _(" or ")).join(inner)
    if name == "not":
        return _("not: %(rule)s") % {"rule": rule_words(value)}
    if name in CODES:
        labels, kind = CODES[name]
        return _(labels[kind(value)])
    if name == "region":
        found = Region.objects.filter(pk=value).first()
        return found.name if found else str(value)
    return _NUMBERS[name](value)


class RuleFields(forms.Form):
    """Conditions to choose, which all must hold; or, for anything else, the rule as it is kept."""

    group = forms.ChoiceField(
        label=gettext_lazy("Group"), required=False, choices=[*_ANY, *lazy_choices(GROUP_LABELS)]
    )
    cause = forms.ChoiceField(
        label=gettext_lazy("Cause"), required=False, choices=[*_ANY, *lazy_choices(CAUSE_LABELS)]
    )
    circle = forms.ChoiceField(
        label=gettext_lazy("Relief circle"),
        required=False,
        choices=[*_ANY, *lazy_choices(RELIEF_CIRCLE_LABELS)],
    )
    everybody_from_age = forms.IntegerField(
        label=gettext_lazy("Everybody is at least … years old"), required=False, min_value=0, max_value=OLDEST
    )
    somebody_from_age = forms.IntegerField(
        label=gettext_lazy("Somebody is at least … years old"), required=False, min_value=0, max_value=OLDEST
    )
    somebody_below_age = forms.IntegerField(
        label=gettext_lazy("Somebody is younger than … years"), required=False, min_value=0, max_value=OLDEST
    )
    size_up_to = forms.IntegerField(
        label=gettext_lazy("At most … people in the household"), required=False, min_value=1, max_value=OLDEST
    )
    rule = forms.CharField(
        label=gettext_lazy("Another rule, as it is kept"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        help_text=gettext_lazy('For what the choices cannot say, for example {"not": {"group": "elder"}}.'),
    )

    def chosen(self) -> dict[str, Any]:
        """Return the chosen conditions by name."""
        return {
            name: self.cleaned_data[name]
            for name in CONDITIONS
            if self.cleaned_data.get(name) not in {None, ""}
        }

    def clean_rule(self) -> object:
        """Return the written rule, None where there is none; name the part that cannot be read."""
        written: str = self.cleaned_data["rule"].strip()
        if not written:
            return None
        try:
            rule: object = json.loads(written)
            check(rule)
        except ValueError as wrong:
            params = {"where": getattr(wrong, "where", "rule"), "what": getattr(wrong, "what", "JSON")}
            raise forms.ValidationError(_("%(where)s: expected %(what)s"), params=params) from None
        return rule

    def clean(self) -> dict[str, Any]:
        """Make one rule of what was chosen or written; one of both there must be."""
        told = super().clean() or self.cleaned_data
        conditions = [{name: value} for name, value in self.chosen().items()]
        if conditions and told.get("rule") is not None:
            raise forms.ValidationError(_("Choose conditions or write a rule, not both."))
        if conditions:
            told["rule"] = conditions[0] if len(conditions) == 1 else {"all": conditions}
        elif told.get("rule") is None and "rule" not in self.errors:
            raise forms.ValidationError(_("Choose at least one condition."))
        return told


def initial_of(group: WatchGroup) -> dict[str, Any]:
    """Return how the form begins: the conditions where the rule is nothing but these, else the rule."""
    rule = group.rule
    parts = rule.get("all", [rule])
    names = [name for part in parts for name in part]
    if len(set(names)) == len(names) and set(names) <= set(CONDITIONS):
        return {name: value for part in parts for name, value in part.items()}
    return {"rule": json.dumps(rule, ensure_ascii=False, indent=2)}
