"""Service points: a public page."""

from django.urls import path

from lianqi.web.points import views

app_name = "points"

urlpatterns = [path("", views.points, name="list")]
