from django.apps import AppConfig


class IntegrationsConfig(AppConfig):
    name = "integrations"

    def ready(self) -> None:
        from integrations import calendar_lists, calendar_news, calendar_sync, watches  # noqa: F401 (effects, news)
        from integrations import checks, connections, receivers, reported  # noqa: F401 (registers checks, effects, news)
        from integrations.stand_ins import allow_http

        allow_http()
