"""May this person do this? The only place where that is decided; everybody else calls.

A predicate takes plain facts (a region code, an organisation's id), so that it needs no other app.
"""

from collections.abc import Collection, Iterable

from django.contrib.auth.models import AnonymousUser

from jiujinan.accounts.models import User
from jiujinan.accounts.roles import DESK_ROLES, PORTAL_ROLES, STAFF_ROLES, Role
from jiujinan.regions.rules import is_within

Visitor = User | AnonymousUser


class NotAllowed(Exception):
    """The person may not do this to that; services raise it where a predicate says no."""


def _has_role(user: Visitor, roles: Iterable[Role], organisation_id: int | None = None) -> bool:
    if not isinstance(user, User) or not user.is_active:
        return False
    held = user.memberships.filter(role__in=list(roles))
    if organisation_id is not None:
        held = held.filter(organisation_id=organisation_id)
    return held.exists()


def _has_role_over(user: Visitor, roles: Iterable[Role], region: str) -> bool:
    """Return whether one of the user's units with such a role covers the region."""
    if not isinstance(user, User) or not user.is_active:
        return False
    units = user.memberships.filter(role__in=list(roles)).values_list("organisation__region_id", flat=True)
    return any(is_within(region, unit) for unit in units)


def can_enter_desk(user: Visitor) -> bool:
    """Return whether the civil-affairs desk opens for the user."""
    return _has_role(user, DESK_ROLES)


def can_enter_admin(user: Visitor) -> bool:
    """Return whether the staff side (Wagtail admin) opens for the user."""
    return _has_role(user, STAFF_ROLES)


def can_enter_portal(user: Visitor) -> bool:
    """Return whether the portal of the social forces opens for the user."""
    return _has_role(user, PORTAL_ROLES)


def can_handle_case(user: Visitor, *, region: str) -> bool:
    """Return whether the user may take in and complete cases of the region."""
    return _has_role_over(user, {Role.CASE_OFFICER, Role.SUPERVISOR}, region)


def can_import(user: Visitor) -> bool:
    """Return whether the user may bring case files at all; each row is still asked about by its region."""
    return _has_role(user, {Role.CASE_OFFICER, Role.SUPERVISOR})


def can_verify_case(user: Visitor, *, region: str, officer_id: int | None) -> bool:
    """Return whether the user may verify this case: a verifier of the region who did not take it in."""
    return _has_role_over(user, {Role.VERIFIER}, region) and user.pk != officer_id


def can_publish_case(user: Visitor, *, region: str, officer_id: int | None, verifier_id: int | None) -> bool:
    """Return whether the user may publish: a publisher who neither took the case in nor verified it."""
    return _has_role_over(user, {Role.PUBLISHER}, region) and user.pk not in {officer_id, verifier_id}


def can_confirm_text(user: Visitor, *, region: str, had_a_hand: Collection[int | None]) -> bool:
    """Return whether the user may confirm a masked text: verifier or publisher of the region, no hand in it."""
    return _has_role_over(user, {Role.VERIFIER, Role.PUBLISHER}, region) and user.pk not in had_a_hand


def can_withdraw_case(user: Visitor, *, region: str) -> bool:
    """Return whether the user may take a need out of public: anyone of the desk, since it protects the person."""
    return _has_role_over(user, DESK_ROLES, region)


def can_verify_organisation(user: Visitor, *, region: str) -> bool:
    """Return whether the user checks the evidence of organisations of the region."""
    return _has_role_over(user, {Role.VERIFIER, Role.SUPERVISOR}, region)


def can_keep_evidence(user: Visitor, *, organisation_id: int) -> bool:
    """Return whether the user hands in evidence for the organisation: whoever works for it."""
    return _has_role(user, PORTAL_ROLES, organisation_id)


def can_offer(user: Visitor, *, organisation_id: int) -> bool:
    """Return whether the user makes, edits and pauses what the organisation offers."""
    return _has_role(user, {Role.AGENCY_WORKER, Role.STATION_KEEPER, Role.PARTNER_MANAGER}, organisation_id)


def can_keep_books(user: Visitor, *, organisation_id: int) -> bool:
    """Return whether the user books the charity's gifts and statements: its managers and payers."""
    return _has_role(user, {Role.FUND_MANAGER, Role.PAYER}, organisation_id)


def can_judge_reading(user: Visitor, *, reader_id: int, regions: Iterable[str]) -> bool:
    """Return whether the user may acknowledge an alarm about reading: a supervisor there who is not the reader."""
    return user.pk != reader_id and any(_has_role_over(user, {Role.SUPERVISOR}, region) for region in regions)


def can_manage_fund(user: Visitor, *, organisation_ids: Iterable[int | None]) -> bool:
    """Return whether the user answers proposals for a fund of one of these organisations."""
    return any(
        _has_role(user, {Role.FUND_MANAGER}, organisation)
        for organisation in organisation_ids
        if organisation is not None
    )


def can_pay(user: Visitor, *, organisation_id: int) -> bool:
    """Return whether the user may pay out a commitment of the organisation's funds."""
    return _has_role(user, {Role.PAYER}, organisation_id)


def can_approve_payment(user: Visitor, *, organisation_id: int, payer_id: int) -> bool:
    """Return whether the user may give a payment its second approval: never the payer's own."""
    return _has_role(user, {Role.PAYMENT_APPROVER}, organisation_id) and user.pk != payer_id


def can_second_payment(
    user: Visitor, *, organisation_id: int, role: str, had_a_hand: Collection[int | None]
) -> bool:
    """Return whether the user may give the second approval that a charter asks of the role: no hand in it before."""
    return _has_role(user, {Role(role)}, organisation_id) and user.pk not in had_a_hand


def can_answer_referral(user: Visitor, *, organisation_id: int) -> bool:
    """Return whether the user may answer a referral sent to the organisation."""
    return _has_role(user, {Role.AGENCY_WORKER, Role.STATION_KEEPER, Role.PARTNER_MANAGER}, organisation_id)


def can_supervise(user: Visitor, *, region: str) -> bool:
    """Return whether the user watches over the desks of the region: its rules, its owners, what is late."""
    return _has_role_over(user, {Role.SUPERVISOR}, region)


def can_reassign_case(user: Visitor, *, region: str, owner_id: int) -> bool:
    """Return whether the user may give the case to another owner: its owner, or a supervisor of the region."""
    return can_supervise(user, region=region) or (
        user.pk == owner_id and can_handle_case(user, region=region)
    )


def can_draft_score(user: Visitor) -> bool:
    """Return whether the user may draft a version of the difficulty score."""
    return _has_role(user, {Role.SUPERVISOR, Role.VERIFIER})


def can_publish_score(user: Visitor, *, drafted_by: int) -> bool:
    """Return whether the user may put a draft in force: a supervisor, and not the one who drafted it."""
    return _has_role(user, {Role.SUPERVISOR}) and user.pk != drafted_by


def can_decide_appeal(user: Visitor, *, region: str, refused_by: int | None, recorded_by: int) -> bool:
    """Return whether the user may decide an appeal: a verifier or supervisor who neither refused nor recorded it."""
    return _has_role_over(user, {Role.VERIFIER, Role.SUPERVISOR}, region) and user.pk not in {
        refused_by,
        recorded_by,
    }


def can_flag_household(user: Visitor, *, region: str, officer_id: int | None) -> bool:
    """Return whether the user may raise or end an integrity flag: a verifier or supervisor, not the case's officer."""
    return _has_role_over(user, {Role.VERIFIER, Role.SUPERVISOR}, region) and user.pk != officer_id


def can_record_for_case(user: Visitor, *, region: str) -> bool:
    """Return whether the user may record checks, consents and conferences of the region's cases."""
    return _has_role_over(user, {Role.CASE_OFFICER, Role.VERIFIER, Role.SUPERVISOR}, region)


def can_end_case(user: Visitor, *, region: str) -> bool:
    """Return whether the user may close or supersede a case: a verifier or supervisor of the region."""
    return _has_role_over(user, {Role.VERIFIER, Role.SUPERVISOR}, region)
