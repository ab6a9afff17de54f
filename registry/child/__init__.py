"""The child's file: its fields, rules and workflow, from the first entry to approval, and its page."""
