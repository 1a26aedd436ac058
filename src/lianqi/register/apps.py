from django.apps import AppConfig


class RegisterConfig(AppConfig):
    name = "lianqi.register"
