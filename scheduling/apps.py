from django.apps import AppConfig


class SchedulingConfig(AppConfig):
    name = "scheduling"

    def ready(self) -> None:
        from scheduling import changes, demo, emails, meetings, receivers, reconciliation  # noqa: F401 (effects, news)
