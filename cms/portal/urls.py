"""Addresses of `cms.portal`."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
