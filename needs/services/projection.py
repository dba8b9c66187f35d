"""Keeping a project's public progress in step with its need, in rounded shares and whole months."""

from datetime import date, datetime

from django.utils import timezone

from needs.anonymise.bands import percent_step
from needs.catalogue.engine import refresh_project
from needs.models import GateDecision, NeedItem, ProgressUpdate, Project, ProjectItem
from needs.states import Fulfilment, ProjectState


def month_of(now: datetime) -> date:
    """Return the first day of the month of a moment, in local time."""
    return timezone.localtime(now).date().replace(day=1)


def refresh_progress(*, item: NeedItem, step: ProgressUpdate.Kind | None, now: datetime) -> None:
    """Show the item's new share on its project, if it has one in public; inside the caller's transaction."""
    decision = (
        GateDecision.objects.filter(need_id=item.need_id, outcome="published", withdrawn_at=None)
        .select_related("project")
        .first()
    )
    if decision is None or decision.project is None:
        return
    project = Project.objects.select_for_update().get(pk=decision.project_id)
    if project.state != ProjectState.PUBLISHED:
        return
    siblings = list(NeedItem.objects.filter(need_id=item.need_id))
    shown = _refresh_item(project, decision.item_places, item, siblings)
    _refresh_totals(project, month_of(now))
    if step is not None:
        tell_progress(project=project, kind=step, category=shown.category, month=month_of(now))
    if all(sibling.fulfilment == Fulfilment.FULFILLED for sibling in siblings):
        tell_progress(project=project, kind=ProgressUpdate.Kind.FULFILLED, category="", month=month_of(now))


def tell_progress(*, project: Project, kind: ProgressUpdate.Kind, category: str, month: date) -> None:
    """Append one step to the project's timeline; the same step in one month is told once, so nobody can count."""
    told = project.updates.filter(kind=kind, category=category, month=month)
    if not told.exists():
        ProgressUpdate.objects.create(
            project=project, kind=kind, category=category, month=month, seq=project.updates.count() + 1
        )


def _refresh_item(
    project: Project, places: dict[str, int], item: NeedItem, siblings: list[NeedItem]
) -> ProjectItem:
    """Show the share of the place that the item stands at; items told together share one place."""
    place = places[str(item.pk)]
    together = [one for one in siblings if places.get(str(one.pk)) == place]
    lacking = sum(one.lacking for one in together)
    shown = ProjectItem.objects.get(project=project, place=place)
    shown.covered_percent = percent_step(sum(one.committed for one in together), lacking)
    shown.fulfilled_percent = percent_step(sum(one.fulfilled for one in together), lacking)
    shown.save(update_fields=["covered_percent", "fulfilled_percent"])
    return shown


def _refresh_totals(project: Project, month: date) -> None:
    shares = list(project.items.values_list("covered_percent", "fulfilled_percent"))
    covered, fulfilled = (sum(column) for column in zip(*shares, strict=True))
    project.covered_percent = percent_step(covered, 100 * len(shares))
    project.fulfilled_percent = percent_step(fulfilled, 100 * len(shares))
    project.updated_month = month
    project.save(update_fields=["covered_percent", "fulfilled_percent", "updated_month"])
    refresh_project(project)
