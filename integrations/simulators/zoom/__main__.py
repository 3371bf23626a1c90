"""Runs the simulated Zoom by itself: python -m integrations.simulators.zoom --port 9000 --redirect-uri http://…/callback"""

import argparse
import threading

from integrations.simulators.server import SimulatorServer
from integrations.simulators.zoom.simulator import ZoomSimulator


def main() -> None:
    parser = argparse.ArgumentParser(description="A simulated Zoom on loopback.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--mount", default="", help="path prefix, such as /simulators/zoom")
    parser.add_argument("--client-id", default="zoom-client")
    parser.add_argument("--client-secret", default="zoom-secret")
    parser.add_argument("--redirect-uri", action="append", default=[])
    parser.add_argument("--webhook-url", default="", help="where to send events; validated at once")
    parser.add_argument("--webhook-secret", default="")
    given = parser.parse_args()
    zoom = ZoomSimulator(given.client_id, given.client_secret, given.redirect_uri)
    with SimulatorServer(zoom, port=given.port, mount=given.mount) as server:
        print(server.url, flush=True)
        if given.webhook_url:
            zoom.subscribe(given.webhook_url, secret=given.webhook_secret)
            zoom.webhooks.run_always()
        threading.Event().wait()


if __name__ == "__main__":
    main()
