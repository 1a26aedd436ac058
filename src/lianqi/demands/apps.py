from django.apps import AppConfig


class DemandsConfig(AppConfig):
    name = "lianqi.demands"

    def ready(self) -> None:
        from lianqi.demands.actions import record_download, record_report_download
        from lianqi.demands.models import Demand, MonthlyReport
        from lianqi.files.actions import carries_files

        carries_files(Demand, record_download)
        carries_files(MonthlyReport, record_report_download)
