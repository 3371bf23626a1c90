from django.apps import AppConfig


class IntegrationsConfig(AppConfig):
    name = "integrations"

    def ready(self) -> None:
        from integrations import (  # noqa: F401 (registers checks, effects, news)
            address_books,
            calendar_lists,
            calendar_news,
            calendar_sync,
            checks,
            connections,
            contact_news,
            event_edits,
            new_contacts,
            receivers,
            reported,
            watches,
        )
        from integrations.stand_ins import allow_http

        allow_http()
