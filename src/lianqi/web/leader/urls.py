"""Figures for leaders."""

from django.urls import path

from lianqi.web.leader import views

app_name = "leader"

urlpatterns = [path("", views.figures_page, name="figures")]
