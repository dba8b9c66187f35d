"""Addresses of `cms.site`."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
