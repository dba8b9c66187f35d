"""The gate's own functions, wrongly used; forms and addresses."""

import json
from datetime import date

from django.core.management import call_command

from needs.catalogue.engine import index_project
from needs.models import CaseRecord, GateDecision, Need
from needs.services import gate
from needs.services.telling import propose_text
from tests.publishing_routes.world import (
    SECRET,
    Route,
    World,
    by_code,
    fixture_of,
)
from tests.town import NOW


@by_code
def gate_by_the_officer(world: World) -> None:
    gate.decide(need=world.town.verified(), by=world.town.lin, now=NOW)


@by_code
def gate_by_the_verifier(world: World) -> None:
    gate.decide(need=world.town.verified(), by=world.town.zhou, now=NOW)


@by_code
def gate_by_a_stranger(world: World) -> None:
    gate.decide(need=world.town.verified(), by=world.town.chen, now=NOW)


@by_code
def gate_for_a_sensitive_case(world: World) -> None:
    assert gate.decide(need=world.held, by=world.town.wu, now=NOW).outcome == "held"


@by_code
def gate_without_consent(world: World) -> None:
    assert gate.decide(need=world.unconsented, by=world.town.wu, now=NOW).outcome == "held"


@by_code
def gate_for_a_draft(world: World) -> None:
    gate.decide(need=world.town.case().need, by=world.town.wu, now=NOW)


@by_code
def gate_for_what_was_withdrawn(world: World) -> None:
    need = GateDecision.objects.get(project=world.gone).need
    gate.decide(need=need, by=world.town.wu, now=NOW)


@by_code
def index_what_is_prepared(world: World) -> None:
    index_project(world.prepared)


@by_code
def index_what_was_withdrawn(world: World) -> None:
    index_project(world.gone)


@by_code
def call_a_need_published(world: World) -> None:
    Need.objects.filter(pk=world.held.pk).update(state="published", published_at=NOW)


@by_code
def give_the_consent_back_after_it_was_withdrawn(world: World) -> None:
    case = GateDecision.objects.get(project=world.gone).need.case
    CaseRecord.objects.filter(pk=case.pk).update(consent_withdrawn_on=None, consent_on=date(2026, 7, 2))


@by_code
def propose_a_free_text(world: World) -> None:
    propose_text(need=world.held, text=f"{SECRET}家里靠种田生活，希望得到帮助。", by=world.town.lin, now=NOW)


@by_code
def load_a_fixture_by_command(world: World) -> None:
    from tempfile import NamedTemporaryFile

    with NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as fixture:
        fixture.write(fixture_of(world.copy(world.shown, "FIXT3333")))
        fixture.flush()
        call_command("loaddata", fixture.name, verbosity=0)


@by_code
def wait_for_the_schedule(world: World) -> None:
    call_command("publish_scheduled", verbosity=0)


# The desk's forms, by people whose duty it isn't or about what may not be shown.
def _desk_route(person: str, act: str, need: str) -> Route:
    def route(world: World) -> None:
        case_id = getattr(world, need).case_id
        world.client.force_login(
            getattr(world.town, person), backend="django.contrib.auth.backends.ModelBackend"
        )
        world.client.post(f"/admin/desk/{case_id}/act/", {"act": act, "reason": "试试", "state": "published"})

    route.__name__ = f"desk_form_{act}_by_{person}_for_{need}"
    return route


for _person in ("lin", "zhou", "wu", "chen"):
    for _need in ("held", "unconsented"):
        by_code(_desk_route(_person, "publish", _need))
for _act in ("show", "prepare", "revert", "copy", "schedule"):
    by_code(_desk_route("wu", _act, "held"))


def _api_route(method: str, address: str) -> Route:
    def route(world: World) -> None:
        world.client.force_login(world.town.wu, backend="django.contrib.auth.backends.ModelBackend")
        body = json.dumps({"number": world.prepared.pk, "state": "published", "title_zh": SECRET})
        world.client.generic(
            method, address.format(number=world.prepared.pk), body, content_type="application/json"
        )

    route.__name__ = f"api_{method}_{address}"
    return route


for _method in ("POST", "PUT", "PATCH", "DELETE"):
    for _address in ("/api/v1/projects", "/api/v1/projects/{number}", "/zh-hans/projects/{number}/"):
        by_code(_api_route(_method, _address))
