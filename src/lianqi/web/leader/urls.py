"""Figures for leaders."""

from django.urls import path

from lianqi.web.leader import reports, scores, tables, views

app_name = "leader"

urlpatterns = [
    path("", views.figures_page, name="figures"),
    path("reports/", reports.report_list, name="reports"),
    path("reports/ask/", reports.ask, name="ask_report"),
    path("score/", scores.score_page, name="score"),
    path("score.xlsx", scores.score_export, name="score_export"),
    path("figures.xlsx", views.figures_export, name="figures_export"),
    path("tables/", tables.table_page, name="tables"),
    path("tables.xlsx", tables.table_export, name="export"),
]
