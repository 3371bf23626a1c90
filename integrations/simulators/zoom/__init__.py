"""Zoom as we play it: consent pages, tokens, users, meetings, limits, webhooks, and faults on request.

`from integrations.simulators.zoom.simulator import ZoomSimulator` is the way in.
"""
