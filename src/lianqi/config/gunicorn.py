"""Settings of the web server, read by `gunicorn --config python:lianqi.config.gunicorn`."""

import os

bind = os.environ.get("LIANQI_BIND") or f"127.0.0.1:{os.environ.get('LIANQI_PORT') or '8000'}"
worker_class = "gthread"
workers = int(os.environ.get("LIANQI_WEB_WORKERS", "2"))
threads = int(os.environ.get("LIANQI_WEB_THREADS", "4"))
# The program is loaded once and shared by the workers; nothing connects before the fork.
preload_app = True
timeout = 120
graceful_timeout = 5
keepalive = 5
# Memory does not grow for ever; the spread keeps workers from restarting together.
max_requests = 20_000
max_requests_jitter = 2_000
accesslog = None
errorlog = "-"
proc_name = "lianqi-web"
control_socket_disable = True
