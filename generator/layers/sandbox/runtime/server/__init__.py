"""The application and its process: sockets, connections, workers, log, page, admin routes."""
