"""One desk for all that a post decides of what others wrote: the kinds are added by the concepts above."""
