"""What the rooms above may hang on: sent inside the transaction of the act itself."""

from django.dispatch import Signal

# a file came into the registry: child, on (date)
child_registered = Signal()

# fields of an approved file were changed: child, names (set of flat field names), on (date)
child_changed = Signal()
# an approval was taken back at once: child
child_unregistered = Signal()
