"""The publish gate: the only writer of projects. It fails closed, and its decision is bound to what it let through."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from jiujinan.accounts.models import User
from jiujinan.accounts.predicates import NotAllowed, can_publish_case, can_withdraw_case
from jiujinan.audit.services import record
from jiujinan.codes import Tier
from jiujinan.outbox.services import tell
from jiujinan.regions.models import Region
from needs.anonymise.compose import compose
from needs.anonymise.lattice import Generalised
from needs.anonymise.plan import Plan
from needs.anonymise.risk import Decision
from needs.anonymise.wording import Words
from needs.catalogue.engine import index_project, withdraw_project
from needs.models import CaseRecord, GateDecision, Need, NeedItem, ProgressUpdate, Project, ProjectItem
from needs.models.project import fresh_number
from needs.rules import obstacles_to_publishing
from needs.services import crowd
from needs.services.projection import month_of, refresh_progress, tell_progress
from needs.services.refusals import NotReady
from needs.states import NEED_ACTS, PROJECT_ACTS, ProjectState

URGENCY = {Tier.CRITICAL: 0, Tier.JOINT: 1, Tier.DEPARTMENTAL: 2}


@transaction.atomic
def decide(*, need: Need, by: User, now: datetime, plan: Plan | None = None) -> GateDecision:
    """Measure the need and publish it as coarsely as it must be, or hold it with the reasons.

    `plan` is that of the batch, if there is one. Raises NotAllowed unless `by` is a publisher of the region who
    neither took the case in nor verified it; ForbiddenAct unless the need is verified and not yet published.
    """
    case = CaseRecord.objects.select_for_update().get(pk=need.case_id)
    need = Need.objects.select_for_update().get(pk=need.pk)
    if not can_publish_case(
        by, region=case.region_id, officer_id=case.officer_id, verifier_id=case.verifier_id
    ):
        raise NotAllowed("only a publisher of the region who neither took in nor verified the case publishes")
    target = NEED_ACTS["publish"].apply(need.state)
    obstacles = obstacles_to_publishing(
        consented=case.consent_on is not None, consent_withdrawn=case.consent_withdrawn_on is not None
    )
    if obstacles:
        return _hold(need, obstacles, {}, by, now)
    measured = (plan or crowd.plan(now=now)).decide(crowd.subject(case_id=case.pk, now=now))
    if measured.published is None:
        return _hold(need, list(measured.reasons), _measures(measured), by, now)
    need.state, need.published_at = target, now
    need.save(update_fields=["state", "published_at"])
    case.publisher = by
    case.save(update_fields=["publisher"])
    return _publish(need, measured, measured.published, by, now)


@transaction.atomic
def withdraw(*, need: Need, reason: str, by: User, now: datetime) -> None:
    """Take the need's project out of page, search, feed, API and cache, in one transaction with the act."""
    case = CaseRecord.objects.select_for_update().get(pk=need.case_id)
    if not can_withdraw_case(by, region=case.region_id):
        raise NotAllowed("only somebody of the desk that covers the region withdraws a need")
    if not reason.strip():
        raise NotReady(["reason_missing"])
    need = Need.objects.select_for_update().get(pk=need.pk)
    need.state = NEED_ACTS["withdraw"].apply(need.state)
    need.save(update_fields=["state"])
    decision = GateDecision.objects.filter(need=need, outcome="published", withdrawn_at=None).first()
    if decision is not None and decision.project_id is not None:
        project = Project.objects.select_for_update().get(pk=decision.project_id)
        project.state = PROJECT_ACTS["withdraw"].apply(project.state)
        project.save(update_fields=["state"])
        withdraw_project(project.number)
        decision.withdrawn_at = now
        decision.save(update_fields=["withdrawn_at"])
    _note(need, "gate.withdraw", by, now, {}, reason)


def content_hash(project: Project, items: list[ProjectItem]) -> str:
    """Return the SHA-256 (hex) of everything that the decision let through; one changed byte voids it."""
    words = [project.title_zh, project.title_en, project.description_zh, project.description_en]
    codes = [project.region_id, project.cause, project.cause_group, project.tier, project.amount_band]
    asked = [[item.place, item.kind, item.category] for item in items]
    text = json.dumps([words, codes, asked], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _publish(need: Need, measured: Decision, said: Generalised, by: User, now: datetime) -> GateDecision:
    project = _projection(need, said, now)
    places, items = _items(project, need, said)
    project.content_hash = content_hash(project, items)
    project.save(force_insert=True)
    ProjectItem.objects.bulk_create(items)
    tell_progress(project=project, kind=ProgressUpdate.Kind.PUBLISHED, category="", month=month_of(now))
    index_project(project)
    decision = GateDecision.objects.create(
        need=need,
        outcome="published",
        reasons=list(measured.reasons),
        measures=_measures(measured),
        item_places=places,
        content_hash=project.content_hash,
        project=project,
        by=by,
        at=now,
    )
    for item in NeedItem.objects.filter(need=need, committed__gt=0):
        refresh_progress(item=item, step=None, now=now)  # a department may have helped before publication
    _note(need, "gate.publish", by, now, {"project": project.number, "content": project.content_hash})
    case = need.case
    tell(
        destination="case-record",
        subject=f"case:{case.pk}",
        kind="need.published",
        payload={"source": case.source, "number": case.number, "project": project.number},
        key=f"gate:{decision.pk}",
        now=now,
    )
    return decision


def _projection(need: Need, said: Generalised, now: datetime) -> Project:
    number = fresh_number()
    region = Region.objects.get(pk=said.region)
    tier = Tier(need.tier)
    words = compose(said, region=Words(region.name, region.name), tier=tier, seed=int(number, 36))
    return Project(
        number=number,
        state=ProjectState.PUBLISHED,
        region=region,
        cause=said.cause or "",
        cause_group=said.cause_group or "",
        tier=tier,
        urgency=URGENCY[tier],
        amount_band=said.amount_band or said.wide_amount_band or "",
        title_zh=words.title_zh,
        title_en=words.title_en,
        description_zh=words.description_zh,
        description_en=words.description_en,
        published_month=month_of(now),
        updated_month=month_of(now),
    )


def _division(code: str) -> Region:
    """Return the division to name: where a municipality has no prefecture, the municipality itself."""
    named = Region.objects.filter(pk__in=[code, f"{code[:2]}0000"])
    return max(named, key=lambda region: region.pk)


def _items(project: Project, need: Need, said: Generalised) -> tuple[dict[str, int], list[ProjectItem]]:
    """Return which place each item stands at, and the project's items: by category if it is said, else by kind."""
    shown: dict[tuple[str, str], ProjectItem] = {}
    places = {}
    for item in NeedItem.objects.filter(need=need).order_by("kind", "category", "pk"):
        category = item.category if said.categories else ""
        key = (item.kind, category)
        if key not in shown:
            shown[key] = ProjectItem(project=project, place=len(shown) + 1, kind=item.kind, category=category)
        places[str(item.pk)] = shown[key].place
    return places, list(shown.values())


def _hold(
    need: Need, reasons: list[str], measures: Mapping[str, object], by: User, now: datetime
) -> GateDecision:
    decision = GateDecision.objects.create(
        need=need,
        outcome="held",
        reasons=[str(one) for one in reasons],
        measures=dict(measures),
        by=by,
        at=now,
    )
    _note(need, "gate.hold", by, now, {"reasons": decision.reasons})
    return decision


def _measures(measured: Decision) -> dict[str, object]:
    found = measured.measures
    if found is None:
        return {}
    return {
        "k_ref": found.k_ref,
        "k_case": found.k_case,
        "k_notice": found.k_notice,
        "l": found.l,
        "t": found.t,
        "information_loss": found.information_loss,
        "levels": {name: getattr(found.levels, name) for name in type(found.levels).__slots__},
    }


def _note(
    need: Need, act: str, by: User, now: datetime, data: Mapping[str, object], reason: str = ""
) -> None:
    subject = f"case:{need.case_id}"
    record(stream=subject, action=act, by=by, subject=f"need:{need.pk}", reason=reason, data=data, now=now)
