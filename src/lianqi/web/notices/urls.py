"""Notices of the signed-in person."""

from django.urls import path

from lianqi.web.notices import views

app_name = "notices"

urlpatterns = [
    path("", views.notice_list, name="list"),
    path("read/", views.read, name="read"),
]
