"""Servers on loopback: S3 by moto, a station service, and an HTTP server that fails as it is told."""

from __future__ import annotations

import io
import re
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

WADL = """<?xml version="1.0"?><application xmlns="http://wadl.dev.java.net/2009/02"><resources base="{base}">
<resource path="query"><method name="GET"><request>{parameters}</request></method></resource></resources>
</application>"""
PARAMETERS = ("network", "station", "location", "channel", "starttime", "endtime", "minlatitude", "maxlatitude",
              "minlongitude", "maxlongitude", "level", "format", "includerestricted", "nodata")


@contextmanager
def serving(handler):
    """Run a handler class on a free port; yields its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Quiet(BaseHTTPRequestHandler):
    """Answers with whole bodies and writes no log."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def answer(self, status, body=b"", kind="application/octet-stream", **headers):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)


def objects(contents, plan):
    """A handler that serves `contents` (path: bytes); `plan` (path: list) tells how the next requests of a path fail.

    A failure is a status, ("cut", n) for a body that ends after n bytes, "kill" for a closed connection, or
    ("error", status, code) for an S3 error document. "always" at the end of a list repeats the last failure.
    """
    class Handler(Quiet):
        asked = []

        def do_GET(self):
            path = urlsplit(self.path).path.replace("%23", "#")
            self.asked.append(path)
            fault = self._fault(path)
            body = contents.get(path)
            if fault == "kill":
                self.close_connection = True
                self.connection.close()
            elif isinstance(fault, int):
                self.answer(fault)
            elif fault and fault[0] == "error":
                self.answer(fault[1], f"<Error><Code>{fault[2]}</Code></Error>".encode(), "application/xml")
            elif body is None:
                self.answer(404)
            else:
                self._body(body, fault[1] if fault else None)

        def _fault(self, path):
            todo = plan.get(path, [])
            if len(todo) == 2 and todo[1] == "always":
                return todo[0]
            return todo.pop(0) if todo else None

        def _body(self, body, cut):
            match = re.fullmatch(r"bytes=(\d*)-(\d*)", self.headers.get("Range", ""))
            first, last = 0, len(body) - 1
            if match:
                first = int(match[1]) if match[1] else len(body) - int(match[2])
                last = int(match[2]) if match[1] and match[2] else last
            part = body[first : last + 1]
            self.send_response(206 if match else 200)
            if match:
                self.send_header("Content-Range", f"bytes {first}-{last}/{len(body)}")
            self.send_header("Content-Length", str(len(part)))
            self.send_header("ETag", '"tag"')
            self.send_header("Last-Modified", "Wed, 01 Mar 2023 00:00:00 GMT")
            self.end_headers()
            self.wfile.write(part if cut is None else part[:cut])
            if cut is not None:
                self.close_connection = True
                self.connection.close()

        do_HEAD = do_GET

    return Handler


def station_service(inventory, faults):
    """A handler that answers /fdsnws/station/1/; `faults` are the first answers to /query: a status or "cut"."""
    class Handler(Quiet):
        asked = []

        def do_GET(self):
            parts = urlsplit(self.path)
            if parts.path == "/fdsnws/station/1/application.wadl":
                words = "".join(f'<param name="{name}" style="query"/>' for name in PARAMETERS)
                text = WADL.format(base="http://127.0.0.1/fdsnws/station/1", parameters=words)
                self.answer(200, text.encode(), "application/xml")
            elif parts.path == "/fdsnws/station/1/version":
                self.answer(200, b"1.1.0", "text/plain")
            elif parts.path == "/fdsnws/station/1/query":
                self._query({name: values[0] for name, values in parse_qs(parts.query).items()})
            else:
                self.answer(404)

        def _query(self, asked):
            self.asked.append(asked)
            fault = faults.pop(0) if faults else None
            if isinstance(fault, int):
                self.answer(fault, b"out of order", "text/plain")
                return
            places = {name: float(value) for name, value in asked.items() if name.startswith(("min", "max"))}
            chosen = inventory.select(network=asked.get("network", "*"), **places)
            if not len(chosen):
                self.answer(204)
                return
            text = io.BytesIO()
            chosen.write(text, format="STATIONXML", level=asked.get("level", "station"))
            body = text.getvalue()
            self.answer(200, body[: len(body) // 2] if fault == "cut" else body, "application/xml")

    return Handler
