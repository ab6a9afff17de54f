"""Phones: what they hold and send, each item once and with a verdict, and how a lost one is wiped."""
