from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "lianqi.notices"
