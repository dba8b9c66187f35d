"""Kinds of masked places in words, and a text cut into what is shown and what is masked."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from needs.anonymise.spans import Kind

KIND_LABELS = {
    Kind.KNOWN: _("known about this household"),
    Kind.ID_NUMBER: _("identity number"),
    Kind.PHONE: _("telephone"),
    Kind.BANK_CARD: _("bank card"),
    Kind.PLATE: _("number plate"),
    Kind.ACCOUNT: _("account"),
    Kind.EMAIL: _("e-mail"),
    Kind.LINK: _("link"),
    Kind.NUMBER: _("long number"),
    Kind.ADDRESS: _("address"),
    Kind.AMOUNT: _("exact sum"),
    Kind.DATE: _("exact day"),
    Kind.NAME: _("perhaps a name"),
    Kind.PLACE: _("place"),
    Kind.ORGANISATION: _("organisation"),
    Kind.UNIQUE: _("the only one of its kind"),
    Kind.ENCODED: _("encoded"),
    Kind.HIDDEN: _("hidden marks"),
}


class Piece(NamedTuple):
    """A stretch of the masked text; `label` is "" where it is shown."""

    text: str
    label: str


def pieces(text: str, spans: Sequence[tuple[int, int, str]]) -> Iterator[Piece]:
    """Yield the text in pieces, the masked ones with the kind in words."""
    done = 0
    for start, end, kind in spans:
        if start > done:
            yield Piece(text[done:start], "")
        yield Piece(text[start:end], str(KIND_LABELS[Kind(kind)]))
        done = end
    if done < len(text):
        yield Piece(text[done:], "")
