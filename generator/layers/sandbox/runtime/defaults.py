"""What holds where nothing else is said. Light to import, since the package loads it before anything else."""

MEMORY = "sqlite://"
HOST = "127.0.0.1"
BODY_LIMIT = 10 * 1024 * 1024
JOB_SECONDS = 0.2
LOOPBACK = ("loopback",)  # stands for the web pages of this machine
