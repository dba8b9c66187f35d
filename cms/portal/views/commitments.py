"""What the member's organisations have promised, and how far it has come."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cms.portal.access import member, portal_member
from cms.portal.queries import commitments_for, projects_of

PAGE_SIZE = 24


@require_safe
@portal_member
def commitment_list(request: HttpRequest) -> HttpResponse:
    """Show the commitments, newest first."""
    paginator = Paginator(commitments_for(member(request)).order_by("-at", "pk"), PAGE_SIZE)
    page = paginator.get_page(request.GET.get("page"))
    projects = projects_of(commitment.item.need_id for commitment in page)
    context = {
        "section": "commitments",
        "rows": [(commitment, projects.get(commitment.item.need_id)) for commitment in page],
        "page": page,
        "page_range": paginator.get_elided_page_range(page.number),
    }
    return render(request, "portal/commitments.html", context)
