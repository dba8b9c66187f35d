"""What waits for a person today: clocks, notices, absences."""
