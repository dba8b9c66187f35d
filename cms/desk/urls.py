"""Addresses of the desk, below Wagtail's admin."""

from django.urls import include, path

from cms.desk import idle, organisations, views
from cms.desk.casework.views import case_form

app_name = "desk"
urlpatterns = [
    path("", include("cms.desk.discovery.urls")),
    path("", include("cms.desk.reporting.urls")),
    path("", include("cms.desk.texts.urls")),
    path("", views.case_list, name="cases"),
    path("organisations/", organisations.organisation_list, name="organisations"),
    path("organisations/<int:organisation_id>/", organisations.organisation_detail, name="organisation"),
    path("documents/<uuid:document_id>/", organisations.organisation_document, name="document"),
    path("documents/<uuid:document_id>/decide/", organisations.organisation_decide, name="document_decide"),
    path("idle/", idle.idle_list, name="idle"),
    path("idle/<uuid:fund_id>/", idle.idle_fund, name="idle_fund"),
    path("<uuid:case_id>/", views.case_detail, name="case"),
    path("<uuid:case_id>/open/", views.case_open, name="open"),
    path("<uuid:case_id>/act/", views.case_act, name="act"),
    path("<uuid:case_id>/form/<slug:name>/", case_form, name="form"),
]
