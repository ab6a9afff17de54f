"""Several acts at one moment, each in a thread with a connection of its own."""

import threading

from django.db import connection

from childwelfare.workflow.refusals import Refused

LONGEST = 60  # seconds; who waits longer waits for ever


def at_once(*acts, refusals=()) -> list:
    """What each of ``acts`` answers, all begun at one moment, in their order.

    An exception of ``refusals`` is an answer too; any other is raised here: a thread's fault is the test's.
    """
    answers, faults, start = [None] * len(acts), [], threading.Barrier(len(acts))

    def run(number, act):
        start.wait()
        try:
            answers[number] = act()
        except refusals as refusal:
            answers[number] = refusal
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair, daemon=True) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONGEST)
    assert not any(thread.is_alive() for thread in threads), "they wait for each other"
    if faults:
        raise faults[0]
    return answers


def done_or_told(*acts) -> list[str]:
    """Of each of ``acts``, in their order, "done" or "told": whether it went through or was refused in words."""
    answers = at_once(*acts, refusals=Refused)
    return ["told" if isinstance(answer, Refused) else "done" for answer in answers]
