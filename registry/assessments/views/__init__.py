"""Pages of assessments: assessing (``assess``), the queue and the records (``listing``), on paper (``paper``)."""
