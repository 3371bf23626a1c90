"""Runs the simulated Google by itself: python -m integrations.simulators.google --port 9001 --redirect-uri http://…"""

import argparse
import threading

from integrations.simulators.google.simulator import GoogleSimulator
from integrations.simulators.server import SimulatorServer


def main() -> None:
    parser = argparse.ArgumentParser(description="A simulated Google on loopback.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--mount", default="", help="path prefix, such as /simulators/google")
    parser.add_argument("--client-id", default="google-client")
    parser.add_argument("--client-secret", default="google-secret")
    parser.add_argument("--redirect-uri", action="append", default=[])
    given = parser.parse_args()
    google = GoogleSimulator(given.client_id, given.client_secret, given.redirect_uri)
    google.push.https_only = False
    with SimulatorServer(google, port=given.port, mount=given.mount) as server:
        print(server.url, flush=True)
        google.push.run_always()
        threading.Event().wait()


if __name__ == "__main__":
    main()
