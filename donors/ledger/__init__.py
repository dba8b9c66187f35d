"""Double entry in integer fen: the only writer of balances."""
