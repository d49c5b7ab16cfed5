"""A virus scanner that speaks clamd's protocol, asked over a socket file or a network address."""

from __future__ import annotations

import socket
import struct
from typing import IO, Final
from urllib.parse import urlsplit

PIECE: Final = 64 * 1024
PATIENCE: Final = 60.0
"""Seconds that the scanner may be silent."""
LONGEST_ANSWER: Final = 4096


class ScannerAway(Exception):
    """The scanner did not answer, or not so that it can be understood; the file is neither good nor bad."""


def scan(file: IO[bytes], address: str) -> str:
    """What was found in the file, "" when it is clean. Raises ScannerAway.

    address: unix:///run/clamd.sock or tcp://host:3310
    """
    file.seek(0)
    try:
        with _connected(address) as line:
            line.sendall(b"zINSTREAM\0")
            while piece := file.read(PIECE):
                line.sendall(struct.pack("!L", len(piece)) + piece)
            line.sendall(struct.pack("!L", 0))
            return _verdict(_answer(line))
    except OSError as error:
        raise ScannerAway(type(error).__name__) from error


def _connected(address: str) -> socket.socket:
    parts = urlsplit(address)
    if parts.scheme == "tcp":
        return socket.create_connection((parts.hostname or "localhost", parts.port or 3310), timeout=PATIENCE)
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    line.settimeout(PATIENCE)
    try:
        line.connect(parts.path)
    except BaseException:
        line.close()
        raise
    return line


def _answer(line: socket.socket) -> str:
    answer = b""
    while b"\0" not in answer and len(answer) < LONGEST_ANSWER:
        piece = line.recv(LONGEST_ANSWER)
        if not piece:
            break
        answer += piece
    return answer.partition(b"\0")[0].decode(errors="replace").strip()


def _verdict(answer: str) -> str:
    """ "stream: OK" or "stream: Eicar-Signature FOUND"; everything else is no verdict."""
    found = answer.removeprefix("stream:").strip()
    if found == "OK":
        return ""
    if found.endswith(" FOUND"):
        return found.removesuffix(" FOUND").strip() or "okänd"
    raise ScannerAway(answer[:200] or "no answer")
