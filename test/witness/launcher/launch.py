"""Starts MiniStack, and ends its process group when whoever started it is gone. With SLUICE_DOUBLES it knows our doubles."""

import os
import signal
import sys
import threading

from ministack import app


def end_with_parent():
    """The pipe's other end closes however the parent dies, even by SIGKILL."""
    while sys.stdin.buffer.read(1):
        pass
    os.killpg(os.getpgrp(), signal.SIGKILL)


if __name__ == "__main__":
    if os.getpgrp() != os.getpid():
        raise SystemExit("launch.py needs a process group of its own: it ends the whole group")
    threading.Thread(target=end_with_parent, daemon=True).start()
    if "SLUICE_DOUBLES" in os.environ:
        import deployments
        import doubles
        import workflows

        for part in (deployments, doubles, workflows):
            part.register()
    app.main()
