"""When the same counts as sent twice, where it may also be meant again: a rule by which no two presses differ.

What two presses never share, as their moments, how far the log was, and what the first of them recorded, tells nothing.
"""

from datetime import timedelta

# A second press on a button, or a page that is sent again; what is said anew later is meant.
A_MOMENT = timedelta(minutes=10)
