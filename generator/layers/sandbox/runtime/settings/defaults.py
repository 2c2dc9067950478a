"""Default values and limits of the options. Light to import, since the package loads it first."""

MEMORY = "sqlite://"
HOST = "127.0.0.1"
BODY_LIMIT = 10 * 1024 * 1024
JOB_SECONDS = 0.2
LEASE_SECONDS = 10.0
LOOPBACK = ("loopback",)  # stands for the web pages of this machine
# what the numbers of the options may be; the command and the functions of the package say the same
LEAST = {
    "port": 0,
    "body_limit": 1,
    "job_seconds": 0,
    "workers": 1,
    "max_connections": 1,
    "read_timeout": 0.1,
    "keep_alive": 0,
}
MOST = {"port": 65535, "workers": 64}
