"""Addresses of the zone data: one list and one form per kind."""

from django.urls import path

from lianqi.web.zone import catalogue, defaults, trying, views

app_name = "zone"

urlpatterns = [
    path("", views.home, name="home"),
    path("catalogue/", catalogue.tree, name="tree"),
    path("catalogue/defaults/", defaults.defaults, name="defaults"),
    path("catalogue/defaults/load/", defaults.load, name="load_defaults"),
    path("catalogue/defaults/<slug:code>/", defaults.take_over, name="take_over_default"),
    path("catalogue/try/", trying.page, name="try"),
    path("catalogue/limits/", defaults.limits, name="limits"),
    path("catalogue/limits/use/", defaults.use, name="use_limits"),
    path("catalogue/<int:category_id>/", catalogue.category, name="category"),
    path("catalogue/<int:category_id>/version/", catalogue.new_version, name="new_version"),
    path("catalogue/<int:category_id>/duty/", catalogue.new_duty, name="add_duty"),
    path("catalogue/version/<int:version_id>/", catalogue.version, name="version"),
    path("catalogue/version/<int:version_id>/drop/", catalogue.take_back, name="drop_version"),
    path("catalogue/duty/<int:rule_id>/end/", catalogue.end, name="end_duty"),
    path("catalogue/duty/<int:rule_id>/routing/", catalogue.routing, name="routing"),
    path("<slug:kind>/", views.rows, name="rows"),
    path("<slug:kind>/new/", views.add, name="add"),
    path("<slug:kind>/<int:row_id>/", views.change, name="change"),
    path("<slug:kind>/<int:row_id>/remove/", views.remove, name="remove"),
]
