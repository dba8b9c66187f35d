"""Codes of the demand side's obstacles and of the gate's reasons, in words."""

from collections.abc import Iterable

from django.utils.translation import gettext, gettext_noop

OBSTACLES = {
    "nothing_lacking": gettext_noop("No item is lacking"),
    "economic_check_failed": gettext_noop("The economic status check failed"),
    "economic_check_pending": gettext_noop("The economic status check is not back yet"),
    "reason_missing": gettext_noop("The reason is missing"),
    "text_length": gettext_noop("A text has 10 to 1,000 characters"),
    "consent_missing": gettext_noop("There is no separate consent to publication"),
    "consent_withdrawn": gettext_noop("The consent to publication was withdrawn"),
    "sensitive": gettext_noop("A sensitive kind of case is never shown on its own"),
    "minor_subject": gettext_noop("A minor is the main subject"),
    "register_missing": gettext_noop("There is no register to measure against"),
    "no_safe_level": gettext_noop("Even in the coarsest words it could be recognised"),
    "k_ref": gettext_noop("Too few people of the county are like this"),
    "k_case": gettext_noop("Too few published cases are like this"),
    "k_notice": gettext_noop("The village notice would give it away"),
    "l_diversity": gettext_noop("All cases like this share one cause"),
    "t_closeness": gettext_noop("The causes of cases like this differ too much from the county's"),
}


def obstacle_words(codes: Iterable[str]) -> str:
    """Return the codes as one line of words; a code without words is shown as it is."""
    return "; ".join(gettext(OBSTACLES[code]) if code in OBSTACLES else code for code in codes)
