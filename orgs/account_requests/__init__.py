"""Posts and passwords that an administrator asks for: what needs a second administrator, or the owner's consent."""
