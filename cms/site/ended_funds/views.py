"""The public list of funds that gave their rest to a like purpose."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from donors.queries import published_endings

PAGE_SIZE = 50


@require_safe
def ended_funds(request: HttpRequest) -> HttpResponse:
    """Show each fund with what was left, where it went and when, the latest first."""
    paginator = Paginator(published_endings(), PAGE_SIZE)
    page = paginator.get_page(request.GET.get("page"))
    context = {"page": page, "page_range": paginator.get_elided_page_range(page.number)}
    return render(request, "site/ended_funds.html", context)
