"""The acts of discovery."""

from needs.discovery.services.owners import NobodyInCharge, first_owner
from needs.discovery.services.reports import (
    FirstWord,
    NotYet,
    Receipt,
    TooMany,
    answer,
    contact,
    file,
    follow,
    forget_origins,
    hand_over,
    take_in,
    trail_name,
    tried,
)
from needs.discovery.services.watching import (
    add_by_hand,
    install_groups,
    record_visit,
    refresh_lists,
    save_group,
    take_off,
)

__all__ = [
    "FirstWord",
    "NobodyInCharge",
    "NotYet",
    "Receipt",
    "TooMany",
    "add_by_hand",
    "answer",
    "contact",
    "file",
    "first_owner",
    "follow",
    "forget_origins",
    "hand_over",
    "install_groups",
    "record_visit",
    "refresh_lists",
    "save_group",
    "take_in",
    "take_off",
    "trail_name",
    "tried",
]
