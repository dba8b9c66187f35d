"""The public interface, version 1: what the site shows, as JSON. Errors are problem details (RFC 9457)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from ninja import Header, NinjaAPI, Query, Schema, Status
from ninja.errors import ValidationError

from cms.api.cases import AccessKeyAuth, CaseAnswer, CaseBatch, Refusal
from cms.api.projects import ProjectPage, ProjectQuery, find_projects
from jiujinan.accounts.predicates import NotAllowed
from needs.intake.programs import KeyReused, take_json

api = NinjaAPI(
    title="Jiujinan",
    version="1",
    urls_namespace="api-v1",
    docs_url=None,  # the library's page loads scripts from other hosts; openapi.json stands alone
    description="Anonymised, verified needs of households in acute difficulty.",
)


@api.exception_handler(ValidationError)
def refuse_what_is_not_valid(request: HttpRequest, fault: ValidationError) -> HttpResponse:
    """Say in one sentence which value is none, as every other refusal is told."""
    wrong = "; ".join(f"{'.'.join(str(part) for part in one['loc'])}: {one['msg']}" for one in fault.errors)
    return api.create_response(request, {"title": "Not valid", "status": 422, "detail": wrong}, status=422)


class Health(Schema):
    """Whether the service answers."""

    status: str


@api.get("/health", response=Health, summary="Whether the service answers")
def health(request: HttpRequest) -> dict[str, str]:
    """Answer."""
    return {"status": "ok"}


@api.get("/projects", response={200: ProjectPage, 422: Refusal}, summary="Published projects")
def projects(request: HttpRequest, response: HttpResponse, query: Query[ProjectQuery]) -> dict[str, Any]:
    """Find projects by text and region, most urgent first; `next` is the cursor of the following page."""
    patch_cache_control(response, no_cache=True)  # a withdrawn project stands in no cache
    return find_projects(query, today=timezone.localdate())


@api.post(
    "/case-records",
    auth=AccessKeyAuth(),
    response={200: CaseAnswer, 403: Refusal, 409: Refusal, 422: Refusal},
    summary="Bring case records",
)
def bring_cases(
    request: HttpRequest,
    batch: CaseBatch,
    key: str = Header(..., alias="Idempotency-Key", max_length=80),  # type: ignore[type-arg]  # untyped there
) -> Any:
    """Take cases in by the rules of the case file; the same key with the same body has one effect and one answer."""
    try:
        return take_json(
            cases=batch.cases,
            source=batch.source,
            channel=batch.channel,
            key=key,
            by=request.auth,  # type: ignore[attr-defined]  # set by the authentication above
            now=timezone.now(),
        )
    except NotAllowed as refusal:
        return Status(403, {"title": "Not allowed", "status": 403, "detail": str(refusal)})
    except KeyReused:
        detail = "The Idempotency-Key was used for another body; use a fresh one."
        return Status(409, {"title": "Key reused", "status": 409, "detail": detail})
