"""Amendments: a reported figure that proves wrong is put right beside the valid one, tier by tier up to the top."""
