"""Organisations and their services in the form of the Human Services Data Specification (HSDS 3)."""

import uuid
from collections.abc import Iterator
from typing import Any

from cms.site.open_data.rows import ORG_ID_PREFIX, PART, Row
from donors.models import ServiceOffer
from jiujinan.accounts.models import Organisation
from jiujinan.accounts.roles import SOCIAL_FORCES
from jiujinan.codes import GROUP_LABELS, ITEM_CATEGORY_LABELS

_SPACE = uuid.UUID("6f1c8f9e-3f0e-5c2b-9b63-7f2f5a0d9c11")  # so that an id stays the same in every file


def organisations() -> Iterator[Row]:
    """Yield the verified social forces, each with the services that it offers now; two queries a part."""
    offers: dict[int, list[ServiceOffer]] = {}
    for offer in ServiceOffer.objects.order_by("pk"):
        offers.setdefault(offer.organisation_id, []).append(offer)
    forces = Organisation.objects.filter(kind__in=SOCIAL_FORCES, verified_at__isnull=False).order_by("pk")
    for force in forces.iterator(chunk_size=PART):
        yield _organisation(force, offers.get(force.pk, []))


def _organisation(force: Organisation, offers: list[ServiceOffer]) -> Row:
    own = _id("organisation", force.pk)
    row: Row = {
        "id": own,
        "name": force.name,
        "description": force.description or str(force.get_kind_display()),
        "legal_status": force.kind,
        "services": [_service(own, offer) for offer in offers],
    }
    if force.credit_code:
        row["organization_identifiers"] = [
            {
                "id": _id("identifier", force.pk),
                "organization_id": own,
                "identifier_scheme": ORG_ID_PREFIX,
                "identifier_type": "unified social credit code",
                "identifier": force.credit_code,
            }
        ]
    return row


def _service(organisation: str, offer: ServiceOffer) -> Row:
    own = _id("service", offer.pk)
    row: dict[str, Any] = {
        "id": own,
        "organization_id": organisation,
        "name": offer.name,
        "description": ITEM_CATEGORY_LABELS[offer.category],  # type: ignore[index]
        "status": "active",
        "service_areas": [
            {
                "id": _id("area", f"{offer.pk}:{code}"),
                "service_id": own,
                "name": code,
                "extent_type": "GB/T 2260",
            }
            for code in offer.regions
        ],
        "languages": [
            {"id": _id("language", f"{offer.pk}:{code}"), "service_id": own, "name": code, "code": code}
            for code in offer.languages
        ],
    }
    if offer.groups:
        row["eligibility_description"] = ", ".join(GROUP_LABELS[group] for group in offer.groups)
    return row


def _id(kind: str, key: object) -> str:
    return str(uuid.uuid5(_SPACE, f"{kind}:{key}"))
