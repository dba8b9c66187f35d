"""Complain or correct, without an account."""
