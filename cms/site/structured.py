"""What search engines read of a page, in the words of schema.org; data, so that the content policy lets it stand."""

import json
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from jiujinan.accounts.models import Organisation
from needs.models import Project

_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}
PUBLISHER = {"@type": "GovernmentOrganization", "name": settings.WAGTAIL_SITE_NAME}


def as_script(data: dict[str, Any]) -> SafeString:
    """Return the data as a JSON-LD block in which nothing can end the script element."""
    told = json.dumps({"@context": "https://schema.org", **data}, ensure_ascii=False).translate(_ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{told}</script>')  # noqa: S308  # escaped right above


def article(page: Any, address: str) -> dict[str, Any]:
    """Return a story or a piece of news."""
    return {
        "@type": "Article",
        "headline": page.shown_title,
        "description": page.shown_intro,
        "datePublished": page.told_on.isoformat(),
        "dateModified": (
            page.last_published_at.date() if page.last_published_at else page.told_on
        ).isoformat(),
        "mainEntityOfPage": address,
        "publisher": PUBLISHER,
    }


def project(one: Project, address: str, picture: str) -> dict[str, Any]:
    """Return a project: bands and months, as the page shows it; never a demand, for nobody pays here."""
    return {
        "@type": "CreativeWork",
        "additionalType": "https://schema.org/Project",
        "identifier": one.number,
        "name": one.title,
        "description": one.description,
        "url": address,
        "image": picture,
        "datePublished": f"{one.published_month:%Y-%m}",
        "dateModified": f"{one.updated_month:%Y-%m}",
        "contentLocation": {
            "@type": "AdministrativeArea",
            "name": one.region.name,
            "identifier": one.region_id,
        },
        "publisher": PUBLISHER,
        "isAccessibleForFree": True,
    }


def organisation(one: Organisation, address: str) -> dict[str, Any]:
    """Return a social force."""
    data = {
        "@type": "Organization",
        "name": one.name,
        "url": address,
        "areaServed": {"@type": "AdministrativeArea", "name": one.region.name, "identifier": one.region_id},
    }
    return {**data, "identifier": one.credit_code} if one.credit_code else data


def site(address: str, search: str) -> dict[str, Any]:
    """Return the site itself, with the address of its search."""
    return {
        "@type": "WebSite",
        "name": settings.WAGTAIL_SITE_NAME,
        "url": address,
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": f"{search}?q={{search_term_string}}"},
            "query-input": "required name=search_term_string",
        },
    }
