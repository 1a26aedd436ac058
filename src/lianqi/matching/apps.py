from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "lianqi.matching"

    def ready(self) -> None:
        from lianqi.matching.queries.asking import published_catalogue
        from lianqi.register.actions.sources import facts_known_from

        facts_known_from(published_catalogue)
