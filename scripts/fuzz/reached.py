"""Counts what a run reached: of each operation in each phase how many answers came, how many of them were a success, and how many were excused."""

from collections import Counter

PHASES = ("examples", "coverage", "fuzzing", "stateful")


class Reached:
    def __init__(self):
        self._sent = Counter()
        self._taken = Counter()
        self._excused = Counter()

    def answered(self, phase, operation, status):
        self._sent[phase, operation] += 1
        self._taken[phase, operation] += 200 <= status < 300

    def excused(self, reason, operation):
        self._excused[reason, operation] += 1

    def summary(self, operations):
        """One line an operation: successes of all answers, by phase; below it what was never reached and what was excused."""
        run = [phase for phase in PHASES if any(phase == at for at, _ in self._sent)]
        lines = ["", "Successes of answers".ljust(24) + "".join(phase.rjust(14) for phase in run)]
        for operation in operations:
            counts = (f"{self._taken[phase, operation]}/{self._sent[phase, operation]}" for phase in run)
            lines.append(operation.ljust(24) + "".join(count.rjust(14) for count in counts))
        for phase in run:
            lines.append(self._missing(phase, "reached", self._sent, operations))
            lines.append(self._missing(phase, "successful", self._taken, operations))
        lines.append(f"Excused: {sum(self._excused.values())}")
        lines += [f"  {count} × {operation}: {reason}" for (reason, operation), count in self._excused.most_common()]
        return "\n".join(lines)

    @staticmethod
    def _missing(phase, how, counter, operations):
        missing = [operation for operation in operations if counter[phase, operation] == 0]
        return f"Never {how} in {phase}: {len(missing)} of {len(operations)} {' '.join(missing)}".rstrip()
