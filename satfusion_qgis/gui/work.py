"""Work behind a window: a task of QGIS that tells its log, its progress and its end in the main thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Optional

from qgis.core import QgsApplication, QgsTask
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QDialog, QProgressBar, QWidget

from ..algorithms.texts import tr
from ..tasks.errors import Cancelled, InputError
from ..tasks.feedback import Feedback

_STOP_MS = 5000


class Work(QgsTask):
    """Runs a function in another thread; whoever starts it must keep it until its end.

    Args:
        title: What QGIS shows of it.
        function: The work; it gets a feedback, and touches no widget.
        done: Called in the main thread at the end with the function's result, or with None and the error's sentence;
            with None and "" when it was cancelled.
    """

    said = pyqtSignal(str)

    def __init__(self, title: str, function: Callable[[Feedback], Any], done: Callable[[Any, str], None]) -> None:
        super().__init__(title, QgsTask.Flag.CanCancel)
        self._function, self._done = function, done
        self._result: Any = None
        self._error = ""

    def run(self) -> bool:
        """Do the work; called by QGIS in another thread."""
        try:
            self._result = self._function(_TaskFeedback(self))
        except Cancelled:
            return False
        except InputError as error:
            self._error = str(error)
            return False
        except Exception as error:  # an exception must not leave a thread of QGIS: it is told instead
            self._error = f"{type(error).__name__}: {error}"
            return False
        return True

    def finished(self, good: bool) -> None:
        """Tell the end; called by QGIS in the main thread."""
        self._done(self._result if good else None, self._error)


class WorkDialog(QDialog):
    """A window that has one piece of work done at a time.

    Args:
        parent: The window that it belongs to.
    """

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._task: Optional[Work] = None
        self._gone = False
        self._bar = QProgressBar()
        self._bar.setRange(0, 100)

    def stop(self) -> None:
        """Stop the work and wait for its end; for when the plugin goes."""
        task, self._gone = self._task, True
        if task is not None:
            task.cancel()
            task.waitForFinished(_STOP_MS)
        self._task = None

    def _say(self, text: str) -> None:
        """Show a line of what happens."""
        raise RuntimeError(f"{type(self).__name__} does not say it.")

    def _set_working(self, working: bool) -> None:
        """Allow what may be done now."""
        raise RuntimeError(f"{type(self).__name__} does not say it.")

    def _start(self, title: str, function: Callable[[Feedback], Any], show: Callable[[Any], None]) -> None:
        if self._task is not None:
            return
        self._task = Work(title, function, lambda result, error: self._ended(result, error, show))
        self._task.said.connect(self._say)
        self._task.progressChanged.connect(lambda percent: self._bar.setValue(round(percent)))
        self._set_working(True)
        QgsApplication.taskManager().addTask(self._task)

    def _ended(self, result: Any, error: str, show: Callable[[Any], None]) -> None:
        if self._gone:
            return
        cancelled = self._task is not None and self._task.isCanceled()
        self._task = None
        self._set_working(False)
        if error:
            self._say(error)
        elif cancelled:
            self._say(tr("Cancelled."))
        else:
            show(result)

    def _stop_work(self) -> None:
        if self._task is not None:
            self._task.cancel()


class _TaskFeedback(Feedback):
    """Passes a run's progress and log on to a task.

    Args:
        task: The task.
    """

    def __init__(self, task: Work) -> None:
        self._task = task

    def progress(self, fraction: float, remaining_s: Optional[float] = None) -> None:
        """Move the progress bar."""
        self._task.setProgress(100.0 * fraction)

    def info(self, text: str) -> None:
        """Add a line to the log."""
        self._task.said.emit(text)

    def warning(self, text: str) -> None:
        """Add a warning to the log."""
        self._task.said.emit(text)

    def cancelled(self) -> bool:
        """Tell whether the user wants to stop."""
        return bool(self._task.isCanceled())
