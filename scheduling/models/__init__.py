from scheduling.models.application_event import (
    ApplicationEvent,
    ConferencingState,
    EventStatus,
    FormerMeeting,
    Transparency,
)
from scheduling.models.asked import AskedBefore, Quota
from scheduling.models.availability import DateOverride, Schedule, WeeklyHours
from scheduling.models.booked_event import BookedEvent, BookedEventState, EventMeeting
from scheduling.models.booking import Booking, BookingStatus, HostCell
from scheduling.models.call import CallParticipant, CallSignal
from scheduling.models.comparison import Comparison
from scheduling.models.edition import Edition
from scheduling.models.feed import CalendarFeed
from scheduling.models.held import NO_CHANGE, Change, Held
from scheduling.models.meeting import Meeting, MeetingState
from scheduling.models.outside_meeting import CLOSES, OutsideKind, OutsideMeeting
from scheduling.models.room_policy import RoomPolicy
from scheduling.models.scheduler import Scheduler
from scheduling.models.subscription import (
    Attempt,
    Delivery,
    DeliveryState,
    EventType,
    Message,
    Subscription,
    SubscriptionSecret,
)

__all__ = [
    "CLOSES",
    "NO_CHANGE",
    "ApplicationEvent",
    "AskedBefore",
    "Attempt",
    "BookedEvent",
    "BookedEventState",
    "Booking",
    "BookingStatus",
    "CalendarFeed",
    "CallParticipant",
    "CallSignal",
    "Change",
    "Comparison",
    "ConferencingState",
    "DateOverride",
    "Delivery",
    "DeliveryState",
    "Edition",
    "EventMeeting",
    "EventStatus",
    "EventType",
    "FormerMeeting",
    "Held",
    "HostCell",
    "Meeting",
    "MeetingState",
    "Message",
    "OutsideKind",
    "OutsideMeeting",
    "Quota",
    "RoomPolicy",
    "Schedule",
    "Scheduler",
    "Subscription",
    "SubscriptionSecret",
    "Transparency",
    "WeeklyHours",
]
