"""A little virus scanner for tests that speaks clamd's protocol: `python -m tests.scanner unix:///path|tcp://host:port`.

It finds the EICAR test file, also inside other files, and nothing else.
"""

from __future__ import annotations

import socketserver
import struct
import sys
from urllib.parse import urlsplit

from tests.files import EICAR

SILENT, STRANGE = b"BE SILENT", b"BE STRANGE"


class Scan(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        command = self.rfile.read(10)
        if command != b"zINSTREAM\0":
            self.wfile.write(b"UNKNOWN COMMAND\0")
            return
        content = b""
        while length := struct.unpack("!L", self.rfile.read(4))[0]:
            content += self.rfile.read(length)
        if SILENT in content:
            return
        if STRANGE in content:
            self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
        elif EICAR in content:
            self.wfile.write(b"stream: Eicar-Signature FOUND\0")
        else:
            self.wfile.write(b"stream: OK\0")


def main(address: str) -> None:
    parts = urlsplit(address)
    if parts.scheme == "unix":
        server: socketserver.BaseServer = socketserver.ThreadingUnixStreamServer(parts.path, Scan)
    else:
        socketserver.ThreadingTCPServer.allow_reuse_address = True
        server = socketserver.ThreadingTCPServer((parts.hostname or "127.0.0.1", parts.port or 3310), Scan)
    with server:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        server.serve_forever()


if __name__ == "__main__":
    main(sys.argv[1])
