"""The inbox."""

from django.urls import path

from lianqi.web.inbox import views

app_name = "inbox"

urlpatterns = [path("", views.inbox, name="list")]
