"""Runs the simulated Exchange by itself: python -m integrations.simulators.exchange --port 9001"""

import argparse
import threading

from integrations.simulators.exchange.app import PATH
from integrations.simulators.exchange.simulator import ExchangeSimulator
from integrations.simulators.server import SimulatorServer


def main() -> None:
    parser = argparse.ArgumentParser(description="A simulated Exchange on loopback.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--mount", default="", help="path prefix, such as /simulators/exchange")
    given = parser.parse_args()
    with SimulatorServer(ExchangeSimulator(), port=given.port, mount=given.mount) as server:
        print(server.url + PATH, flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
