"""Codes of the supply side in words for the portal's pages."""

from django.utils.translation import gettext_noop

VERDICTS = {
    "matched": gettext_noop("Matched"),
    "split": gettext_noop("Paid in parts"),
    "wrong_amount": gettext_noop("Wrong amount"),
    "wrong_name": gettext_noop("Wrong name"),
    "double": gettext_noop("Paid twice"),
    "refund": gettext_noop("Money went back"),
    "missing": gettext_noop("Announced and not come"),
    "stray": gettext_noop("Belongs to no announcement"),
}
SOURCES = {
    "government": gettext_noop("Government"),
    "lottery": gettext_noop("Welfare lottery"),
    "charity": gettext_noop("Charity"),
    "enterprise": gettext_noop("Enterprise"),
    "individual": gettext_noop("Individual donors"),
    "transfer": gettext_noop("From another fund"),
    "unnamed": gettext_noop("Without a named source"),
}
