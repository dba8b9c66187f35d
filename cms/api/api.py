"""The public interface, version 1: what the site shows, as JSON. Errors are problem details (RFC 9457)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from ninja import NinjaAPI, Query, Schema

from cms.api.projects import ProjectPage, ProjectQuery, find_projects

api = NinjaAPI(
    title="Jiujinan",
    version="1",
    urls_namespace="api-v1",
    docs_url=None,  # the library's page loads scripts from other hosts; openapi.json stands alone
    description="Anonymised, verified needs of households in acute difficulty.",
)


class Health(Schema):
    """Whether the service answers."""

    status: str


@api.get("/health", response=Health, summary="Whether the service answers")
def health(request: HttpRequest) -> dict[str, str]:
    """Answer."""
    return {"status": "ok"}


@api.get("/projects", response=ProjectPage, summary="Published projects")
def projects(request: HttpRequest, response: HttpResponse, query: Query[ProjectQuery]) -> dict[str, Any]:
    """Find projects by text and region, most urgent first; `next` is the cursor of the following page."""
    patch_cache_control(response, no_cache=True)  # a withdrawn project stands in no cache
    return find_projects(query, today=timezone.localdate())
