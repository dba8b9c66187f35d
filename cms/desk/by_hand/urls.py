"""Addresses of cases that are typed in."""

from django.urls import path

from cms.desk.by_hand import views

urlpatterns = [
    path("typed/", views.typed_new, name="typed_new"),
    path("typed/<uuid:key>/", views.typed, name="typed"),
    path("typed/<uuid:key>/draft/", views.typed_draft, name="typed_draft"),
    path("typed/<uuid:key>/discard/", views.typed_discard, name="typed_discard"),
    path("reports/<uuid:report_id>/type/", views.typed_from_report, name="typed_from_report"),
]
