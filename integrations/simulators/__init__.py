"""The providers as we play them, for the try-out, the tests and the faults; imports nothing of Bridge or Django."""
