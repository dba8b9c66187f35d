"""Where staff start: the desk on its day, editors on Wagtail's own first page; and the words of the admin's scripts."""

from typing import cast

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import path
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.home import HomeView
from wagtail.permissions import page_permission_policy

from cms.desk.javascript_words import catalogue as javascript_words
from jiujinan.accounts.predicates import Visitor, can_enter_desk


def edits_pages(user: Visitor) -> bool:
    """Return whether the person has to do with the site's pages as well."""
    return bool(page_permission_policy.user_has_any_permission(user, {"add", "change", "publish"}))


@require_admin_access
def home(request: HttpRequest) -> HttpResponseBase:
    """Lead whoever works at the desk alone to the day; a refusal's message goes with them and is shown there."""
    if can_enter_desk(request.user) and not edits_pages(request.user):
        return redirect("desk:day")
    return cast("HttpResponseBase", HomeView.as_view()(request))


urlpatterns = [path("", home), path("jsi18n/", javascript_words)]
