from django.apps import AppConfig


class SchedulingConfig(AppConfig):
    name = "scheduling"

    def ready(self) -> None:
        from scheduling import demo, emails, meetings, receivers  # noqa: F401 (registers effects and news)
