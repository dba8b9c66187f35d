"""Generalise, redact, compose, and measure the risk of finding somebody: pure, no models, no clock."""
