from django.apps import AppConfig


class TaskForcesConfig(AppConfig):
    name = "lianqi.taskforces"
