"""Names of the schedules, apart from the schedule itself so that a configuration needs no torch."""

KINDS = ("plateau", "one_cycle", "constant")
