"""The acts of discovery."""

from needs.discovery.services.complaints import (
    Grievance,
    answer_complaint,
    complaint_trail,
    follow_complaint,
    lodge,
    look_into,
    take_down,
)
from needs.discovery.services.limits import TooMany
from needs.discovery.services.overdue import ring_for_visits, stand_in
from needs.discovery.services.owners import NobodyInCharge, first_owner
from needs.discovery.services.reports import (
    FirstWord,
    NotYet,
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
from needs.discovery.services.tracking import Receipt
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
    "Grievance",
    "NobodyInCharge",
    "NotYet",
    "Receipt",
    "TooMany",
    "add_by_hand",
    "answer",
    "answer_complaint",
    "complaint_trail",
    "contact",
    "file",
    "first_owner",
    "follow",
    "follow_complaint",
    "forget_origins",
    "hand_over",
    "install_groups",
    "lodge",
    "look_into",
    "record_visit",
    "refresh_lists",
    "ring_for_visits",
    "save_group",
    "stand_in",
    "take_down",
    "take_in",
    "take_off",
    "trail_name",
    "tried",
]
