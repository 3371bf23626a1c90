from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts import api_keys, emails, receivers  # noqa: F401 (registers what is sent when, news)
