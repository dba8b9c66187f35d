"""Addresses of `cms.portal`."""

from django.urls import path

from cms.portal import views

app_name = "portal"
urlpatterns = [path("", views.overview, name="overview")]
