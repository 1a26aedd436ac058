from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "lianqi.files"
