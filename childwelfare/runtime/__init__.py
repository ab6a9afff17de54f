"""Running it: database options, health, logs, proxies, static files, processes that end with their parent."""
