"""Graph v1.0: calendars, events, contacts and subscriptions."""
