"""What stands between a phone and the server: it can be cut like a network, since it owns the socket. A browser's own
"offline" lets requests under way finish and does not reach a worker's update check."""

import contextlib
import socket
import threading


class Front:
    """Passes bytes from ``url`` to the live server. ``stop`` refuses and cuts everything, ``start`` opens again on the
    same port. ``deaf``: requests reach the server, answers don't come back."""

    def __init__(self, upstream: str):
        host, port = upstream.removeprefix("http://").rsplit(":", 1)
        self.upstream, self.port, self.deaf = (host, int(port)), 0, False
        self.listener, self.open = None, set()
        self.start()

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def start(self):
        self.listener = socket.create_server(("127.0.0.1", self.port), backlog=64)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, args=(self.listener,), daemon=True).start()

    def stop(self):
        if self.listener is None:
            return
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.listener = None
        for end in list(self.open):
            _cut(end)

    def _accept(self, listener):
        while True:
            try:
                here, _address = listener.accept()
            except OSError:
                return
            try:
                there = socket.create_connection(self.upstream)
            except OSError:
                _cut(here)
                continue
            self.open |= {here, there}
            threading.Thread(target=self._pump, args=(here, there, False), daemon=True).start()
            threading.Thread(target=self._pump, args=(there, here, True), daemon=True).start()

    def _pump(self, source, target, is_answer: bool):
        with contextlib.suppress(OSError):
            while piece := source.recv(65536):
                if is_answer and self.deaf:
                    break
                target.sendall(piece)
        for end in (source, target):
            _cut(end)
            self.open.discard(end)


def _cut(end: socket.socket):
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    with contextlib.suppress(OSError):
        end.close()
