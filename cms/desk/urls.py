"""Addresses of the desk, below Wagtail's admin."""

from django.urls import include, path

from cms.desk import views

app_name = "desk"
urlpatterns = [
    path("", include("cms.desk.discovery.urls")),
    path("", include("cms.desk.reporting.urls")),
    path("", include("cms.desk.texts.urls")),
    path("", views.case_list, name="cases"),
    path("<uuid:case_id>/", views.case_detail, name="case"),
    path("<uuid:case_id>/open/", views.case_open, name="open"),
    path("<uuid:case_id>/act/", views.case_act, name="act"),
]
