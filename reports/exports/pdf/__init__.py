"""Tables as PDF, to be printed and signed."""
