"""Exchange Web Services as we play them: an on-premises server with mailboxes, calendars and an account that may act
for others; SOAP over HTTP, and faults on request.

`from integrations.simulators.exchange.simulator import ExchangeSimulator` is the way in.
"""
