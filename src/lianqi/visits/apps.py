from django.apps import AppConfig


class VisitsConfig(AppConfig):
    name = "lianqi.visits"
