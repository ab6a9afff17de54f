"""Assessing children: sending (``assess``), what is asked and answered (``answers``), by when the next one is due
(``dues``), the level that the file says (``risk``)."""
