"""What can be done to the simulated Microsoft from outside: by the control page, and as JSON by other processes."""

from integrations.simulators.microsoft.control.verbs import attach

__all__ = ["attach"]
