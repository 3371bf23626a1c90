from scheduling.models.availability import DateOverride, Schedule, WeeklyHours
from scheduling.models.booked_event import BookedEvent, BookedEventState, EventMeeting
from scheduling.models.booking import Booking, BookingStatus, HostCell
from scheduling.models.call import CallParticipant, CallSignal
from scheduling.models.comparison import Comparison
from scheduling.models.edition import Edition
from scheduling.models.held import NO_CHANGE, Change, Held
from scheduling.models.meeting import Meeting, MeetingState
from scheduling.models.outside_meeting import CLOSES, OutsideKind, OutsideMeeting
from scheduling.models.room_policy import RoomPolicy
from scheduling.models.scheduler import Scheduler

__all__ = [
    "CLOSES",
    "NO_CHANGE",
    "BookedEvent",
    "BookedEventState",
    "Booking",
    "BookingStatus",
    "CallParticipant",
    "CallSignal",
    "Change",
    "Comparison",
    "DateOverride",
    "Edition",
    "EventMeeting",
    "Held",
    "HostCell",
    "Meeting",
    "MeetingState",
    "OutsideKind",
    "OutsideMeeting",
    "RoomPolicy",
    "Schedule",
    "Scheduler",
    "WeeklyHours",
]
