"""Signals that other concepts receive: sent inside the transaction of the act itself."""

from django.dispatch import Signal

# a file came into the registry: child, on (date)
child_registered = Signal()

# fields of an approved file were changed: child, names (set of flat field names), on (date)
child_changed = Signal()
# an approval was taken back at once: child
child_unregistered = Signal()

# a file was closed, or its reopening was taken back at once: child, on (the first day it is no longer in the registry),
# by (the post that did it)
child_left = Signal()
# a closed file came into the registry again, or its closing was taken back at once: child, on (date)
child_returned = Signal()
# a change that was decided, or ended, is open again, for that was taken back: change, child (its file, which the act
# holds), by (the post that took it back)
change_open_again = Signal()
# a closing was taken back at once: child, by (the post that had closed it), since (the moment of the closing); before
# child_returned. Or it was never this child's: closed with the file it was merged into, from which it is parted now
closing_undone = Signal()
# a child is kept at another place from now on: child, origin (village), target (village), on (date)
child_moved = Signal()
# two files became one: survivor, other, on (date)
children_merged = Signal()
# they are what they were again: as above, by (the post that undid the merge), and kept, labels of what stays with the
# survivor, to which receivers add
children_unmerged = Signal()
# who visits the child changed: it went to stay elsewhere, or the stay ended: child, on (date)
child_stays = Signal()

# the urgent screen of an assessment found danger, or finds none any more in one that is sent again: child, assessment,
# by, situation (code of the urgent report that it asks for; blank for none). A receiver answers the key of the report
# that it opened, or that was open already
danger_assessed = Signal()

# by when a child is assessed next was worked out anew, or is due no more: child
assessment_planned = Signal()
# columns of a need, a plan or a goal were written after the event of the move that they belong to: child
help_written = Signal()

# After any of these, what is derived from a file is derived anew: of one file (child), or of both (survivor, other).
OF_ONE_FILE = (child_registered, child_changed, child_unregistered, child_left, child_returned, child_moved)
OF_TWO_FILES = (children_merged, children_unmerged)
