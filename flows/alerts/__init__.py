"""Alerts: what is worth telling, how it reads, and its way to the channels."""
