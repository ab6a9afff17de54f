"""The inbox (站内信): what somebody is told of, each post its own; reminders of last days; a digest a day outside."""
