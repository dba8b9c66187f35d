"""People, organisations, and who does what in which."""

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from jiujinan.accounts.roles import OrganisationKind, Role

KIND_LABELS = {
    OrganisationKind.CIVIL_AFFAIRS: _("Civil affairs unit"),
    OrganisationKind.CHARITY: _("Charity"),
    OrganisationKind.ENTERPRISE: _("Enterprise"),
    OrganisationKind.SOCIAL_WORK_AGENCY: _("Social work agency"),
    OrganisationKind.PARTNER: _("Paired-assistance partner"),
    OrganisationKind.GOODS_STATION: _("Goods station"),
}
ROLE_LABELS = {
    Role.CASE_OFFICER: _("Case officer"),
    Role.VERIFIER: _("Verifier"),
    Role.PUBLISHER: _("Publisher"),
    Role.SUPERVISOR: _("Supervisor"),
    Role.FUND_MANAGER: _("Fund manager"),
    Role.PAYER: _("Payer"),
    Role.PAYMENT_APPROVER: _("Payment approver"),
    Role.AGENCY_WORKER: _("Agency worker"),
    Role.PARTNER_MANAGER: _("Partner manager"),
    Role.STATION_KEEPER: _("Station keeper"),
    Role.EDITOR: _("Editor"),
    Role.AUDITOR: _("Auditor"),
}


class User(AbstractUser):
    """A person who signs in, or a service account that the main job acts by."""

    full_name = models.CharField(_("name"), max_length=100, blank=True)

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_full_name(self) -> str:
        """Return the name as written, family name first; Wagtail shows it."""
        return self.full_name

    def get_short_name(self) -> str:
        """Return the same: a Chinese name isn't shortened."""
        return self.full_name


class Organisation(models.Model):
    """A civil affairs unit or a social force, with its place and who vouched for it."""

    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=KIND_LABELS)
    credit_code = models.CharField(
        _("unified social credit code"), max_length=18, unique=True, null=True, blank=True
    )
    region = models.ForeignKey(
        "regions.Region", models.PROTECT, related_name="organisations", verbose_name=_("region")
    )
    is_township = models.BooleanField(_("township office within its county"), default=False)
    description = models.TextField(_("description"), blank=True)
    verified_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("verified by")
    )
    verified_at = models.DateTimeField(_("verified at"), null=True, blank=True)
    evidence_expires_on = models.DateField(_("evidence expires on"), null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["name", "pk"]
        indexes: ClassVar = [models.Index(fields=["kind", "region"])]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """One person's role in one organisation."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=ROLE_LABELS)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "organisation", "role"], name="one_membership_per_role")
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()} · {self.organisation}"
