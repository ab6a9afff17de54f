"""The embedded mode's broker: what is written arrives whole and once, and damage does not end the worker."""

import resource
import threading
from queue import Empty

import pytest
from kombu import Connection
from kombu.exceptions import ChannelError


@pytest.fixture
def broker(tmp_path):
    messages, control = tmp_path / "messages", tmp_path / "control"

    def connect():
        return Connection(
            "filesystem://",
            transport="childwelfare.jobs.filesystem_broker:Transport",
            transport_options={
                "data_folder_in": str(messages),
                "data_folder_out": str(messages),
                "control_folder": str(control),
            },
        )

    connect.messages, connect.control = messages, control
    return connect


def put(connection, *numbers):
    queue = connection.SimpleQueue("jobs")
    for number in numbers:
        queue.put({"number": number})
    queue.close()


def take_all(connection) -> list[int]:
    queue, found = connection.SimpleQueue("jobs"), []
    while True:
        try:
            message = queue.get_nowait()
        except Empty:
            queue.close()
            return found
        found.append(message.payload["number"])
        message.ack()


def test_messages_arrive_once_and_nothing_is_left(broker):
    with broker() as connection:
        put(connection, *range(50))
        assert sorted(take_all(connection)) == list(range(50))
        assert take_all(connection) == []
    assert list(broker.messages.iterdir()) == []


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff\xfe\x00", b"[]", b"null", b'{"body": "x"}'],
    ids=["empty", "half", "not text", "a list", "null", "without headers"],
)
def test_a_broken_file_is_put_aside_and_the_next_message_is_read(broker, content):
    with broker() as connection:
        put(connection, 1)
        (broker.messages / "0_first.jobs.msg").write_bytes(content)
        put(connection, 2)
        assert sorted(take_all(connection)) == [1, 2]
    assert [path.name for path in broker.messages.iterdir()] == ["0_first.jobs.msg.broken"]


def test_four_writers_and_two_readers_lose_and_double_nothing(broker):
    found, lock, writing = [], threading.Lock(), threading.Event()

    def write(first):
        with broker() as connection:
            put(connection, *range(first, first + 100))

    def read():
        with broker() as connection:
            while True:
                last_look = writing.is_set()
                numbers = take_all(connection)
                with lock:
                    found.extend(numbers)
                if last_look and not numbers:
                    return

    readers = [threading.Thread(target=read) for _ in range(2)]
    writers = [threading.Thread(target=write, args=(n * 100,)) for n in range(4)]
    for thread in readers + writers:
        thread.start()
    for thread in writers:
        thread.join(30)
    writing.set()
    for thread in readers:
        thread.join(30)
    assert sorted(found) == list(range(400))


def test_a_write_that_fails_tells_so_and_leaves_nothing(broker):
    with broker() as connection:
        put(connection, 1)
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (10, hard))  # the kernel refuses after ten bytes, as on a full disk
        try:
            with pytest.raises(ChannelError, match="could not be written"):
                put(connection, 2)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        put(connection, 3)
        assert sorted(take_all(connection)) == [1, 3]
    assert list(broker.messages.iterdir()) == []


def test_a_broken_table_of_bindings_is_written_anew(broker):
    with broker() as connection:
        put(connection, 1)
        for path in broker.control.glob("*.exchange"):
            path.write_bytes(b"")
    with broker() as connection:  # after a restart
        put(connection, 2)
        assert sorted(take_all(connection)) == [1, 2]
