from django.apps import AppConfig


class ConversionsConfig(AppConfig):
    name = "lianqi.conversions"

    def ready(self) -> None:
        from lianqi.conversions.actions import record_evidence_download
        from lianqi.conversions.models import ChainStep, Conversion
        from lianqi.files.actions import carries_files

        carries_files(ChainStep, record_evidence_download, part_of=Conversion, lookup="steps")
