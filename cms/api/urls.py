"""Addresses of `cms.api`."""

from django.urls import path

from cms.api.api import api

urlpatterns = [path("v1/", api.urls)]
