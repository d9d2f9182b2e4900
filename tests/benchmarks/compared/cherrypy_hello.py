"""A bare CherryPy application, with as many threads and as large a queue as the web server has."""

from __future__ import annotations

import os

import cherrypy


class Hello:
    @cherrypy.expose
    def index(self) -> str:
        return "hello"


cherrypy.quickstart(
    Hello(),
    config={
        "global": {
            "environment": "production",
            "server.socket_host": "127.0.0.1",
            "server.socket_port": int(os.environ["PORT"]),
            "server.socket_queue_size": 1024,
            "server.thread_pool": int(os.environ["THREADS"]),
        }
    },
)
