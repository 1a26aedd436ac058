"""The public home page and the public figures."""

from django.urls import path

from lianqi.web.home import views

urlpatterns = [
    path("", views.home, name="home"),
    path("figures/", views.public_figures, name="public_figures"),
]
