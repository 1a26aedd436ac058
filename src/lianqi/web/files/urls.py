"""Stored files, by an address that cannot be guessed; the permission is asked all the same."""

from django.urls import path

from lianqi.web.files import views

app_name = "files"

urlpatterns = [path("<uuid:token>/", views.download, name="download")]
