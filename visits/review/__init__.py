"""The station's desk: files, changes and visits that wait, passed or returned with a reason."""
