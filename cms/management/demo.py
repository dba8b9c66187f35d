"""What the demo's commands know of each other."""

FUND_MANAGER = "jijin"  # the demo's fund manager; once this account stands, the demo is complete
