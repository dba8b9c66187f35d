"""One page: which class the person stands in, what coarsening would do, what is masked, who may decide."""

from dataclasses import dataclass
from typing import cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cms.desk.access import desk_member
from cms.desk.acts import acts_for
from cms.desk.gate import picture
from cms.desk.gate.wording import ATTRIBUTES, after_step, compared
from cms.desk.queries import cases_for
from cms.desk.wording import obstacle_words
from jiujinan.accounts.models import User
from needs.anonymise.risk import Measures
from needs.services.previewing import Preview, preview


@dataclass(frozen=True)
class Step:
    """One coarser step: what it would be told as, the crowds then, and whether they are enough."""

    label: str
    told: str
    measures: Measures
    lost_more: int
    failing: str
    length: float


@require_safe
@never_cache
@desk_member
def gate_page(request: HttpRequest, case_id: str) -> HttpResponse:
    """Show the risk of publishing a need, without deciding anything."""
    user = cast("User", request.user)
    case = get_object_or_404(cases_for(user), pk=case_id)
    if not hasattr(case, "need"):
        raise Http404
    found = preview(need=case.need, case=case, now=timezone.now())
    context = {
        "case": case,
        "found": found,
        "held": found.decision.is_held and found.standing is None,
        "reasons": obstacle_words([*found.obstacles, *map(str, found.decision.reasons)]),
        "bars": picture.bars(found.here, found),
        "scale": picture.scale(),
        "width": picture.WIDTH,
        "compared": compared(found.subject, found.here.levels),
        "steps": steps_of(found),
        "checks": checks_of(found),
        "lost": round(100 * found.here.information_loss),
        "acts": [
            (name, act) for name, act in acts_for(user, case).items() if name in {"publish", "withdraw"}
        ],
    }
    return render(request, "desk/gate/gate.html", context)


def steps_of(found: Preview) -> list[Step]:
    """Return each coarser step that is left, the least loss first."""
    made = [
        Step(
            label=gettext(ATTRIBUTES[name]),
            told=after_step(found.subject, name, after.levels) or gettext("not told"),
            measures=after,
            lost_more=round(100 * (after.information_loss - found.here.information_loss)),
            failing=obstacle_words(failing),
            length=picture.place(after.k_notice),
        )
        for name, (after, failing) in found.steps.items()
    ]
    return sorted(made, key=lambda step: step.lost_more)


def checks_of(found: Preview) -> list[tuple[str, str, str, bool]]:
    """Return the measures that are no crowd: name, value, what is needed, whether it is met."""
    settings, here = found.plan.settings, found.here
    cause_told = here.levels.cause < 2
    return [
        (
            gettext("different causes among cases like this"),
            str(here.l),
            gettext("at least %(least)d, where a cause is told") % {"least": settings.l_diversity},
            not cause_told or here.l >= settings.l_diversity,
        ),
        (
            gettext("distance of their causes from everybody's"),
            f"{here.t:.2f}",
            gettext("at most %(most)s, where a cause is told") % {"most": settings.t_closeness},
            not cause_told or here.t <= settings.t_closeness,
        ),
    ]
