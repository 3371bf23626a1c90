from scheduling.models.availability import DateOverride, Schedule, WeeklyHours
from scheduling.models.booking import Booking, BookingStatus, HostCell
from scheduling.models.meeting import Meeting, MeetingState
from scheduling.models.scheduler import Scheduler

__all__ = [
    "Booking",
    "BookingStatus",
    "DateOverride",
    "HostCell",
    "Meeting",
    "MeetingState",
    "Schedule",
    "Scheduler",
    "WeeklyHours",
]
