"""Snapshots: what a unit signed for a period, frozen with the children it counted and the parts it summed."""
