"""The gate's thresholds as this installation sets them."""

from functools import cache

from django.conf import settings

from needs.anonymise.settings import RiskSettings


@cache
def risk_settings() -> RiskSettings:
    """Return the standard thresholds with what the environment sets otherwise; ValueError if they publish anybody."""
    return RiskSettings(**settings.PUBLISH_GATE)  # type: ignore[arg-type]  # whole numbers and shares, by name
