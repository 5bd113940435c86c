"""Counts what a run reaches: of each operation in each phase how many answers came, how many of them were a success, and how many were excused."""

import json
from collections import Counter


class Reached:
    def __init__(self):
        self._answers = Counter()
        self._successes = Counter()
        self._excused = Counter()

    def answered(self, phase, operation, status):
        self._answers[phase, operation] += 1
        self._successes[phase, operation] += 200 <= status < 300

    def excused(self, reason, operation):
        self._excused[reason, operation] += 1

    def write(self, path, operations):
        """For `reached.ts`, which adds up the runs."""
        told = {
            "operations": operations,
            "answers": [[*at, count, self._successes[at]] for at, count in self._answers.items()],
            "excused": [[*at, count] for at, count in self._excused.items()],
        }
        with open(path, "w", encoding="utf-8") as file:
            json.dump(told, file)
