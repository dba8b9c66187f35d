"""Every address of the platform. Wagtail's pages come last: they answer whatever is left."""

from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import RedirectView
from django.views.i18n import set_language

urlpatterns = [
    path("admin/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("admin/", include("cms.desk.home")),  # its first page, and the words of its scripts
    path("admin/", include("wagtail.admin.urls")),
    path("accounts/", include("allauth.urls")),
    # Without a token, so that a page can be the same for everybody: the worst that a forged one does is a language.
    path("language/setlang/", csrf_exempt(set_language), name="set_language"),
    path("portal/", include("cms.portal.urls")),
    path("api/", include("cms.api.urls")),
    path("documents/", include("wagtail.documents.urls")),
    path("", include("cms.site.urls")),
    path("", include("wagtail.urls")),
]
