"""Google as we play it: consent with single ticks, tokens, calendars, contacts, watch channels, and faults on request.

`from integrations.simulators.google.simulator import GoogleSimulator` is the way in.
"""
