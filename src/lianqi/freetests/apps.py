from django.apps import AppConfig


class FreetestsConfig(AppConfig):
    name = "lianqi.freetests"

    def ready(self) -> None:
        from lianqi.files.actions import carries_files
        from lianqi.freetests.actions import record_report_download
        from lianqi.freetests.models import LabOrder

        carries_files(LabOrder, record_report_download)
