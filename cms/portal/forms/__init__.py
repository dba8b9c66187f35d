"""What members of social forces fill in, one file for each sort of page."""

from cms.portal.forms.answers import AmountForm, DeclineForm, OutcomeForm, SessionsForm

__all__ = ["AmountForm", "DeclineForm", "OutcomeForm", "SessionsForm"]
