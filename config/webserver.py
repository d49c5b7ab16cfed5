"""How gunicorn serves, the same in the demo and in production: `gunicorn --config=python:config.webserver`."""

import os

wsgi_app = "config.wsgi"
workers = int(os.environ.get("WEB_WORKERS", "2"))
worker_class = "gthread"  # connections may stay open without holding a worker
threads = int(os.environ.get("WEB_THREADS", "4"))
preload_app = True  # the code is read once and its memory shared
timeout = 60
graceful_timeout = 10
max_requests = 20_000
max_requests_jitter = 2_000
loglevel = "warning"
logger_class = "config.webserver_log.QuietLogger"
control_socket_disable = True
