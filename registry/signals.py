"""What the rooms above may hang on: sent inside the transaction of the act itself."""

from django.dispatch import Signal

# a file came into the registry: child, on (date)
child_registered = Signal()
