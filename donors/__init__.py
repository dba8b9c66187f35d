"""Supply: funds, service offers, goods lots and pairings of social forces."""
