from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "lianqi.plans"
