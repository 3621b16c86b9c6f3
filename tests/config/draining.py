"""What a cluster does with its queue, in this process: the same three functions, one after the other."""

from multiprocessing import Event, Queue, Value

from django_q.brokers import get_broker
from django_q.models import OrmQ
from django_q.monitor import monitor
from django_q.pusher import pusher
from django_q.worker import worker


def drain() -> None:
    """Take every task that waits in the database, run it, and write down what came of it."""
    tasks, results, stop, broker = Queue(), Queue(), Event(), get_broker()
    stop.set()
    for _row in range(OrmQ.objects.count()):
        pusher(tasks, stop, broker=broker)
    tasks.put("STOP")
    worker(tasks, results, Value("f", -1))
    results.put("STOP")
    monitor(results, broker=broker)
    for queue in (tasks, results):
        queue.close()
        queue.join_thread()


def queued() -> list[str]:
    """The functions that wait in the queue, the oldest first."""
    return [row.func() for row in OrmQ.objects.order_by("pk")]
