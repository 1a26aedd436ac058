"""Addresses of the audit trail."""

from django.urls import path

from lianqi.web.audit import views

app_name = "audit"

urlpatterns = [
    path("", views.trail, name="list"),
    path("export/", views.export, name="export"),
]
