"""The audit trail: who read or changed what, sealed into a hash chain."""
