"""Figures for leaders."""

from django.urls import path

from lianqi.web.leader import tables, views

app_name = "leader"

urlpatterns = [
    path("", views.figures_page, name="figures"),
    path("tables/", tables.table_page, name="tables"),
    path("tables.xlsx", tables.table_export, name="export"),
]
