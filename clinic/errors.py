"""Everything that can go wrong in the clinic.

ClinicError
├── ClinicFileError      clinic.yml is missing or wrong: for the person who runs the clinic
└── BookingError         a booking cannot be made
    ├── TimeTaken        somebody else was faster
    └── TimeNotOffered   nobody works then, or it is too soon or too far
"""


class ClinicError(Exception):
    """Any of the clinic's errors; its text is fit to be read."""


class ClinicFileError(ClinicError):
    """clinic.yml is missing or wrong. One line a fault: file, key, value, fix."""


class BookingError(ClinicError):
    """A booking cannot be made; nothing was saved."""


class TimeTaken(BookingError):
    """The time has just been booked by somebody else."""


class TimeNotOffered(BookingError):
    """The time is not one that the clinic offers."""
