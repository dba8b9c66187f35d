"""Addresses of the desk, below Wagtail's admin."""

from django.urls import include, path, re_path

from cms.desk import idle, organisations, views
from cms.desk.casework.views import case_form
from cms.desk.day import views as day
from cms.desk.ranking import views as ranking
from cms.desk.scoring import views as scoring
from cms.desk.settings import views as settings
from cms.desk.why import views as why

app_name = "desk"
urlpatterns = [
    path("", include("cms.desk.discovery.urls")),
    path("", include("cms.desk.imports.urls")),
    path("", include("cms.desk.by_hand.urls")),
    path("", include("cms.desk.people.urls")),
    path("", include("cms.desk.reporting.urls")),
    path("", include("cms.desk.texts.urls")),
    path("", include("cms.desk.gate.urls")),
    path("", views.case_list, name="cases"),
    path("organisations/", organisations.organisation_list, name="organisations"),
    path("organisations/<int:organisation_id>/", organisations.organisation_detail, name="organisation"),
    path("documents/<uuid:document_id>/", organisations.organisation_document, name="document"),
    path("documents/<uuid:document_id>/decide/", organisations.organisation_decide, name="document_decide"),
    path("idle/", idle.idle_list, name="idle"),
    path("idle/<uuid:fund_id>/", idle.idle_fund, name="idle_fund"),
    path("day/", day.my_day, name="day"),
    path("day/read/", day.read, name="read"),
    path("absences/", day.absences, name="absences"),
    path("absences/<int:absence_id>/back/", day.come_back, name="come_back"),
    path("ranking/", ranking.ranking, name="ranking"),
    re_path(r"^ranking/export\.(?P<kind>xlsx|csv)$", ranking.export, name="export"),
    path("scores/", scoring.versions, name="scores"),
    path("scores/draft/", scoring.draft, name="score_draft"),
    path("scores/<int:number>/", scoring.version, name="score"),
    path("scores/<int:number>/publish/", scoring.publish, name="score_publish"),
    path("rules/<slug:kind>/", settings.rules, name="rules"),
    path("where-next/", why.where_next, name="where_next"),
    path("<uuid:case_id>/why/", why.case_why, name="why"),
    path("<uuid:case_id>/", views.case_detail, name="case"),
    path("<uuid:case_id>/open/", views.case_open, name="open"),
    path("<uuid:case_id>/open/<slug:kind>/<uuid:record_id>/", views.record_open, name="open_record"),
    path("<uuid:case_id>/act/", views.case_act, name="act"),
    path("<uuid:case_id>/form/<slug:name>/", case_form, name="form"),
]
