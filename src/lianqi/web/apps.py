from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "lianqi.web"

    def ready(self) -> None:
        from lianqi.web.accounts.telling import connect

        connect()
