"""News from accounts, and questions it asks upwards."""

from django.dispatch import Signal

member_joined = Signal()
"""Somebody belongs to an organization now. Sent after commit.  membership: the Membership."""

attention_asked = Signal()
"""What needs this member's action?  membership: the Membership. Receivers answer with a list of Notice (types.py)."""
