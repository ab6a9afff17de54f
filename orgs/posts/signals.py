"""Signals that the apps above receive: sent inside the transaction of the act itself."""

from django.dispatch import Signal

# a post ended, and holds nothing from today on: post, by (the post that ended it; None for the command line)
post_ended = Signal()
