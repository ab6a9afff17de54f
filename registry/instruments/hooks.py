"""What instruments adds to other concepts."""

from registry.instruments import file_facts  # noqa: F401  (adds its facts when imported)
