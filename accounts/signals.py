"""News from accounts, and questions it asks upwards."""

from django.dispatch import Signal

member_joined = Signal()
"""Somebody belongs to an organization now. Sent after commit.  membership: the Membership."""

attention_asked = Signal()
"""What needs this member's action?  membership: the Membership. Receivers answer with a list of Notice (types.py)."""

member_leaving = Signal()
"""Somebody is about to belong no more: leaves, or is removed. Sent inside the transaction, while the row is there, so
that whoever keeps something of his here can end it.  membership: the Membership.  by: the User who does it.
cancel_bookings: whether what others have agreed with him here is called off too.
"""

member_in_use = Signal()
"""What goes or changes when this member goes?  membership: the Membership. Receivers answer with a list of Loss."""
