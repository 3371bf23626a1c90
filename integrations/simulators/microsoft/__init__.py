"""Microsoft as we play it: the identity platform, consent, Graph's calendars and contacts, notifications, and faults.

`from integrations.simulators.microsoft.simulator import MicrosoftSimulator` is the way in.
"""
