"""Four fields that only tests/registry/child/test_added_field.py knows: a program of its own is started with them."""
