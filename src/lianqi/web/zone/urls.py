"""Addresses of the zone data: one list and one form per kind."""

from django.urls import path

from lianqi.web.zone import views

app_name = "zone"

urlpatterns = [
    path("", views.home, name="home"),
    path("<slug:kind>/", views.rows, name="rows"),
    path("<slug:kind>/new/", views.add, name="add"),
    path("<slug:kind>/<int:row_id>/", views.change, name="change"),
    path("<slug:kind>/<int:row_id>/remove/", views.remove, name="remove"),
]
