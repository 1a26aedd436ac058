from django.apps import AppConfig


class PoliciesConfig(AppConfig):
    name = "lianqi.policies"
