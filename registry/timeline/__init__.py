"""The line of time of a child: what happened in parallel, who holds what since when, and what comes next."""
