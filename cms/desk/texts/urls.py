"""Addresses of the texts."""

from django.urls import path

from cms.desk.texts import views

urlpatterns = [
    path("texts/", views.text_list, name="texts"),
    path("texts/<int:text_id>/", views.text_detail, name="text"),
    path("texts/<int:text_id>/confirm/", views.text_confirm, name="text_confirm"),
    path("texts/<int:text_id>/set-aside/", views.text_set_aside, name="text_set_aside"),
    path("<uuid:case_id>/text/", views.text_new, name="text_new"),
]
