"""Writes on people and organisations."""

from datetime import datetime

from django.contrib.auth.models import Group, Permission
from django.db import transaction

from jiujinan.accounts.evidence_rules import checked_credit_code
from jiujinan.accounts.models import Membership, Organisation, User
from jiujinan.accounts.roles import ROLES_OF_KIND, STAFF_ROLES, OrganisationKind, Role

STAFF_GROUP = "Staff"
EDITORS_GROUP = "Editors"  # made by Wagtail, with the right to write pages and send them to moderation
MODERATORS_GROUP = "Moderators"  # made by Wagtail; they publish what editors sent
# Who signs what goes public of a case signs the site's pages too; the writer of a page is another person.
_SITE_GROUPS = {Role.EDITOR: EDITORS_GROUP, Role.PUBLISHER: MODERATORS_GROUP}


class RoleNotOfKind(ValueError):
    """The role doesn't exist in organisations of that kind."""


@transaction.atomic
def register_person(*, username: str, full_name: str, password: str | None) -> User:
    """Create a person who signs in with the password, or a service account without one."""
    user = User(username=username, full_name=full_name)
    if password is None:
        user.set_unusable_password()
    else:
        user.set_password(password)
    user.save()
    return user


@transaction.atomic
def register_organisation(
    *, name: str, kind: OrganisationKind, region: str, credit_code: str | None, by: User, now: datetime
) -> Organisation:
    """Create a verified organisation; one with the same credit code is returned as it is.

    Raises InvalidCreditCode where the check character of GB 32100 is wrong.
    """
    if credit_code:
        credit_code = checked_credit_code(credit_code)
        known = Organisation.objects.filter(credit_code=credit_code).first()
        if known:
            return known
    return Organisation.objects.create(
        name=name, kind=kind, region_id=region, credit_code=credit_code, verified_by=by, verified_at=now
    )


@transaction.atomic
def join(*, user: User, organisation: Organisation, role: Role) -> Membership:
    """Give the person the role; raise RoleNotOfKind where the organisation has no such role."""
    if role not in ROLES_OF_KIND[OrganisationKind(organisation.kind)]:
        raise RoleNotOfKind(f"{role} is no role of a {organisation.kind}")
    membership, _ = Membership.objects.get_or_create(user=user, organisation=organisation, role=role)
    if role in STAFF_ROLES:
        user.groups.add(_staff_group())
    if role in _SITE_GROUPS:
        user.groups.add(Group.objects.get_or_create(name=_SITE_GROUPS[role])[0])
    return membership


def _staff_group() -> Group:
    """Return the group whose members may open the staff side; what they see there, predicates say."""
    group, made = Group.objects.get_or_create(name=STAFF_GROUP)
    if made:
        group.permissions.add(Permission.objects.get(codename="access_admin"))
    return group
