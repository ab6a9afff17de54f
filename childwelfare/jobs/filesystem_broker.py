"""Celery's filesystem transport, made safe: the broker of the embedded mode.

kombu's own one lets a reader see a message that is half written, and a broken or empty file ends the worker. Here
a file appears whole or not at all, and a broken one is put aside under the suffix ``.broken`` for a look.
"""

import os
import time
import uuid
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import filesystem, virtual
from kombu.utils.encoding import bytes_to_str, str_to_bytes
from kombu.utils.json import dumps, loads

from childwelfare.runtime.file_lock import file_lock

LONGEST_WAIT = 0.4  # seconds
MESSAGE_KEYS = {"body", "headers", "properties"}


class Channel(filesystem.Channel):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for folder in (self.data_folder_in, self.data_folder_out, self.control_folder):
            Path(folder).mkdir(parents=True, exist_ok=True)

    def get_table(self, exchange: str) -> list:
        """The queues bound to ``exchange``; a broken table counts as empty and is written anew at the next binding."""
        try:
            return super().get_table(exchange)
        except (ValueError, TypeError):
            return []

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        binding = filesystem.exchange_queue_t(routing_key or "", pattern or "", queue or "")
        with file_lock(Path(self.control_folder) / "lock"):
            table = self.get_table(exchange)
            if binding not in table:
                write_whole(self._exchange_file(exchange), dumps([binding, *table]))

    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:
        """Raises ChannelError when the folder can't take the message; then nothing is left of it."""
        name = f"{time.time_ns()}_{uuid.uuid4()}.{queue}.msg"
        try:
            write_whole(Path(self.data_folder_out) / name, dumps(payload))
        except OSError as error:
            raise ChannelError(f"The message could not be written to {self.data_folder_out}: {error}") from error

    def _get(self, queue: str) -> Any:
        folder, suffix = Path(self.data_folder_in), f"{queue}.msg"
        for name in sorted(os.listdir(folder)):
            if name.partition(".")[2] == suffix and (message := _take(folder / name)):
                return message
        raise Empty


class Transport(filesystem.Transport):
    Channel = Channel
    default_connection_params = {}  # a folder has no host, and need not warn that it has none

    def __init__(self, client: Any, **kwargs: Any) -> None:
        super().__init__(client, **kwargs)
        # kombu remembers bindings per process, so one that was made in another folder would not be made in this one
        self.state = virtual.BrokerState()

    def drain_events(self, connection: Any, timeout: float | None = None) -> None:
        """As kombu's, but a wait of seconds is cut short: a solo worker waits through two before it sees SIGTERM."""
        return super().drain_events(connection, timeout and min(timeout, LONGEST_WAIT))


def write_whole(path: Path, text: str) -> None:
    """Write ``text`` so that readers see all of it or no file. Raises OSError; then nothing is left."""
    aside = path.with_name(f"{path.name}.{uuid.uuid4().hex}.part")
    try:
        with open(aside, "wb") as file:
            file.write(str_to_bytes(text))
        os.rename(aside, path)
    except OSError:
        aside.unlink(missing_ok=True)
        raise


def _take(path: Path) -> dict | None:
    """The message at ``path``, which is gone afterwards; None when another reader was first or the file is broken."""
    taken = path.with_name(path.name + ".taken")
    try:
        os.rename(path, taken)  # of several readers one succeeds
        content = taken.read_bytes()
    except OSError:
        return None
    message = _parsed(content)
    if message is None:
        os.rename(taken, path.with_name(path.name + ".broken"))
    else:
        taken.unlink()
    return message


def _parsed(content: bytes) -> dict | None:
    try:
        message = loads(bytes_to_str(content))
    except ValueError:
        return None
    return message if isinstance(message, dict) and message.keys() >= MESSAGE_KEYS else None
