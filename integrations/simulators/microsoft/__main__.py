"""Runs the simulated Microsoft by itself: python -m integrations.simulators.microsoft --redirect-uri http://…/callback"""

import argparse
import threading

from integrations.simulators.microsoft.simulator import MicrosoftSimulator
from integrations.simulators.server import SimulatorServer


def main() -> None:
    parser = argparse.ArgumentParser(description="A simulated Microsoft on loopback.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--mount", default="", help="path prefix, such as /simulators/microsoft")
    parser.add_argument("--client-id", default="microsoft-client")
    parser.add_argument("--client-secret", default="microsoft-secret")
    parser.add_argument("--redirect-uri", action="append", default=[])
    given = parser.parse_args()
    microsoft = MicrosoftSimulator(given.client_id, given.client_secret, given.redirect_uri)
    microsoft.notifications.run_always()
    with SimulatorServer(microsoft, port=given.port, mount=given.mount) as server:
        print(server.url, flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
