"""People, organisations, and who does what in which."""

import uuid
from pathlib import Path
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.core.files.storage import FileSystemStorage, Storage
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jiujinan.accounts.evidence_rules import DocumentKind
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


DOCUMENT_KIND_LABELS = {
    DocumentKind.REGISTRATION: _("Registration certificate"),
    DocumentKind.CHARITY_STATUS: _("Certificate of charitable status"),
    DocumentKind.SERVICE_LICENCE: _("Licence for the service"),
    DocumentKind.PAIRING_AGREEMENT: _("Pairing agreement"),
    DocumentKind.STATION_APPROVAL: _("Approval of the station"),
    DocumentKind.OTHER: _("Other evidence"),
}


class DocumentState(models.TextChoices):
    """What the desk said of a document."""

    WAITING = "waiting", _("Waiting for verification")
    VERIFIED = "verified", _("Verified")
    REFUSED = "refused", _("Refused")


class PrivateStorage(FileSystemStorage):
    """Files outside of what any address serves; where, the settings say at the moment of use."""

    base_url = None  # type: ignore[assignment]  # so that asking for an address raises

    @property
    def base_location(self) -> str:
        """The folder of the settings."""
        return str(settings.PRIVATE_ROOT)

    @property
    def location(self) -> str:
        """The folder as an absolute path."""
        return str(Path(self.base_location).absolute())


def private_storage() -> Storage:
    """Return where evidence lies."""
    return PrivateStorage()


class OrganisationDocument(models.Model):
    """One piece of evidence, as uploaded; what the desk said of it, and until when it holds."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="documents")
    kind = models.CharField(_("kind"), max_length=20, choices=DOCUMENT_KIND_LABELS)
    file = models.FileField(_("file"), storage=private_storage, upload_to="evidence/")
    name = models.CharField(_("file name"), max_length=120)
    content_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField(_("size"))
    sha256 = models.CharField(max_length=64)
    expires_on = models.DateField(_("valid until"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=DocumentState, default=DocumentState.WAITING)
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(_("uploaded at"))
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["-uploaded_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="waiting", decided_by=None)
                | Q(state__in=["verified", "refused"], decided_by__isnull=False, decided_at__isnull=False),
                name="document_is_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("uploaded_by")),
                name="document_is_decided_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.organisation_id}"


class AccessKey(models.Model):
    """A program's key; it may do what its user may do, by the same predicates."""

    user = models.ForeignKey(User, models.CASCADE, related_name="access_keys")
    name = models.CharField(_("name"), max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(_("created at"))
    expires_at = models.DateTimeField(_("expires at"), null=True)
    used_at = models.DateTimeField(_("last used at"), null=True)
    ended_at = models.DateTimeField(_("ended at"), null=True)

    class Meta:
        ordering: ClassVar = ["user", "-created_at", "pk"]

    def __str__(self) -> str:
        return f"{self.name} · {self.user}"
