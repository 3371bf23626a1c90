from django.apps import AppConfig


class SchedulingConfig(AppConfig):
    name = "scheduling"

    def ready(self) -> None:
        from scheduling import changes, comparisons, demo, demo_people, editions, emails, meetings, receivers  # noqa: F401 (effects, news)
