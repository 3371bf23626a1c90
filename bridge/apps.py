from django.apps import AppConfig

from bridge import roomy


class BridgeConfig(AppConfig):
    name = "bridge"

    def ready(self) -> None:
        roomy.make_threads()
