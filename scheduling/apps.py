from django.apps import AppConfig


class SchedulingConfig(AppConfig):
    name = "scheduling"

    def ready(self) -> None:
        from scheduling import (  # noqa: F401 (effects, news)
            changes,
            comparisons,
            deliveries,
            demo,
            demo_people,
            editions,
            emails,
            meetings,
            receivers,
        )
