"""Meetings of stations and counties about needs (会商), as records with their decisions."""
