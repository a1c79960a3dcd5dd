"""`SummaryWriter` over the package tensorboard: its protocol buffers and its writer of files."""

from __future__ import annotations

import io
import os
import socket
import time
from datetime import datetime
from typing import Any, NoReturn

import numpy as np
from tensorboard.compat.proto.event_pb2 import Event, SessionLog  # type: ignore[attr-defined]
from tensorboard.compat.proto.summary_pb2 import HistogramProto, Summary, SummaryMetadata  # type: ignore[attr-defined]
from tensorboard.compat.proto.tensor_pb2 import TensorProto  # type: ignore[attr-defined]
from tensorboard.compat.proto.tensor_shape_pb2 import TensorShapeProto  # type: ignore[attr-defined]
from tensorboard.summary.writer.event_file_writer import EventFileWriter

from .arrays import as_arrays, refuse_graph

__all__ = ["FileWriter", "SummaryWriter", "hparams"]


class FileWriter:
    """Writes events into a file of a folder."""

    def __init__(self, log_dir: Any, max_queue: int = 10, flush_secs: int = 120, filename_suffix: str = "") -> None:
        self._writer = EventFileWriter(str(log_dir), max_queue, flush_secs, filename_suffix)

    def get_logdir(self) -> str:
        """The folder."""
        return self._writer.get_logdir()

    def add_event(self, event: Any, step: int | None = None, walltime: float | None = None) -> None:
        """Write an event, at a step and a time (now)."""
        event.wall_time = time.time() if walltime is None else walltime
        if step is not None:
            event.step = int(step)
        self._writer.add_event(event)

    def add_summary(self, summary: Any, global_step: int | None = None, walltime: float | None = None) -> None:
        """Write a summary as an event."""
        self.add_event(Event(summary=summary), global_step, walltime)

    def flush(self) -> None:
        """Write what waits."""
        self._writer.flush()

    def close(self) -> None:
        """Write what waits, and close the file."""
        self._writer.close()


def _bucket_limits() -> list[float]:
    """TensorBoard's: from 1e-12 up by a tenth each, of both signs, and 0."""
    positive = 1e-12 * 1.1 ** np.arange(774)  # to about 1e20
    return [*(-positive[::-1]), 0.0, *positive]


def _histogram(values: np.ndarray, bins: Any, max_bins: int | None) -> Any:
    values = values.astype(np.float64).reshape(-1)
    if not values.size:
        raise ValueError("The input has no element.")
    counts, limits = np.histogram(values, _bucket_limits() if bins == "tensorflow" else bins)
    if max_bins is not None and len(counts) > max_bins:
        every = len(counts) // max_bins
        counts, limits = np.add.reduceat(counts, np.arange(0, len(counts), every)), limits[::every]
        limits = np.append(limits[: len(counts)], values.max()) if len(limits) <= len(counts) else limits
    filled = np.flatnonzero(counts)
    first, last = (int(filled[0]), int(filled[-1]) + 1) if filled.size else (0, len(counts))
    first = max(first - 1, 0)  # an empty one before, from which the first one is drawn
    return HistogramProto(
        min=values.min(),
        max=values.max(),
        num=len(values),
        sum=values.sum(),
        sum_squares=values.dot(values),
        bucket_limit=[float(limit) for limit in limits[first + 1 : last + 1]],
        bucket=[float(count) for count in counts[first:last]],
    )


def _picture(image: np.ndarray) -> Any:
    """A picture (height, width, channels), of bytes or of numbers from 0 to 1."""
    try:
        from PIL import Image
    except ImportError as error:
        raise ImportError("add_image needs Pillow (pip install pillow)") from error

    if image.dtype != np.uint8:
        image = (image * 255).clip(0, 255).astype(np.uint8)
    height, width, channels = image.shape
    out = io.BytesIO()
    Image.fromarray(image.squeeze(-1) if channels == 1 else image).save(out, format="PNG")
    return Summary.Image(height=height, width=width, colorspace=channels, encoded_image_string=out.getvalue())


def _arranged(image: np.ndarray, dataformats: str) -> np.ndarray:
    """(height, width, channels) of a picture whose dimensions these letters name; several side by side."""
    dataformats = dataformats.upper()
    if len(dataformats) != image.ndim or len(set(dataformats)) != len(dataformats):
        raise AssertionError(f"size of input tensor and input format are different: {image.shape}, {dataformats}")
    if "N" in dataformats:
        image = np.moveaxis(image, dataformats.index("N"), 0)
        rest = dataformats.replace("N", "")
        return np.concatenate([_arranged(one, rest) for one in image], axis=1)
    if "C" not in dataformats:
        image, dataformats = image[..., None], f"{dataformats}C"
    image = image.transpose([dataformats.index(letter) for letter in "HWC"])
    return image.repeat(3, -1) if image.shape[-1] == 1 else image


def hparams(
    hparam_dict: dict[str, Any], metric_dict: dict[str, Any], hparam_domain_discrete: dict[str, list] | None = None
) -> tuple[Any, Any, Any]:
    """What is written of the settings of a run: which there are, those of the run, and that it is over.

    hparam_domain_discrete: the values that a setting may have. TypeError for what is no dict.
    """
    from tensorboard.plugins.hparams import metadata, summary_v2
    from tensorboard.plugins.hparams.api_pb2 import Status  # type: ignore[attr-defined]
    from tensorboard.plugins.hparams.plugin_data_pb2 import HParamsPluginData, SessionEndInfo  # type: ignore[attr-defined]

    if not isinstance(hparam_dict, dict) or not isinstance(metric_dict, dict):
        raise TypeError("hparam_dict and metric_dict should be dictionary.")
    settings = as_arrays(hparam_dict)
    domains = {name: summary_v2.Discrete(values) for name, values in (hparam_domain_discrete or {}).items()}
    described = [summary_v2.HParam(name, domains.get(name)) for name in settings]
    shown = [summary_v2.Metric(name) for name in metric_dict]
    over = HParamsPluginData(
        session_end_info=SessionEndInfo(status=Status.Value("STATUS_SUCCESS")), version=metadata.PLUGIN_DATA_VERSION
    )
    plugin = SummaryMetadata.PluginData(plugin_name=metadata.PLUGIN_NAME, content=over.SerializeToString())
    ended = Summary.Value(tag=metadata.SESSION_END_INFO_TAG, metadata=SummaryMetadata(plugin_data=plugin))
    return (
        summary_v2.hparams_config_pb(described, shown),
        summary_v2.hparams_pb(settings),
        Summary(value=[ended]),
    )


class SummaryWriter:
    """Writes what a run reports: `add_scalar`, `add_scalars`, `add_histogram`, `add_image`, `add_text`, …

    With the package tensorboardX there are more methods (embeddings, meshes, audio, video, curves).

    Args:
        log_dir: the folder; `runs/` with the time and the name of the machine unless given.
        comment: added to that name.
        purge_step: what an earlier run has written from this step on is not to be shown.
        max_queue, flush_secs: how many events, and how long, may wait until they are written.
        filename_suffix: of the file.
    """

    def __init__(
        self,
        log_dir: Any = None,
        comment: str = "",
        purge_step: int | None = None,
        max_queue: int = 10,
        flush_secs: int = 120,
        filename_suffix: str = "",
    ) -> None:
        if log_dir is None:
            now = datetime.now().strftime("%b%d_%H-%M-%S")
            log_dir = os.path.join("runs", f"{now}_{socket.gethostname()}{comment}")
        self.log_dir = str(log_dir)
        self._options = (max_queue, flush_secs, filename_suffix)
        self.file_writer = FileWriter(self.log_dir, *self._options)
        self.all_writers: dict[str, FileWriter] = {self.log_dir: self.file_writer}
        if purge_step is not None:
            self.file_writer.add_event(Event(file_version="brain.Event:2"), purge_step)
            self.file_writer.add_event(Event(session_log=SessionLog(status=SessionLog.START)), purge_step)

    def get_logdir(self) -> str:
        """The folder."""
        return self.log_dir

    def _get_file_writer(self) -> FileWriter:
        return self.file_writer

    def _writer_of(self, part: str) -> FileWriter:
        path = os.path.join(self.log_dir, part)
        if path not in self.all_writers:
            self.all_writers[path] = FileWriter(path, *self._options)
        return self.all_writers[path]

    def _add(self, value: Any, step: int | None, walltime: float | None, writer: FileWriter | None = None) -> None:
        (writer or self.file_writer).add_summary(Summary(value=[value]), step, walltime)

    def add_scalar(
        self,
        tag: str,
        scalar_value: Any,
        global_step: int | None = None,
        walltime: float | None = None,
        new_style: bool = False,
        double_precision: bool = False,
    ) -> None:
        """A number at a step. new_style and double_precision: how the file has it, which is as it was."""
        self._add(Summary.Value(tag=tag, simple_value=_number(scalar_value)), global_step, walltime)

    def add_scalars(
        self, main_tag: str, tag_scalar_dict: dict[str, Any], global_step: int | None = None, walltime: Any = None
    ) -> None:
        """Several numbers at a step, for one chart: each is written into a folder of its own."""
        for tag, value in tag_scalar_dict.items():
            writer = self._writer_of(f"{main_tag.replace('/', '_')}_{tag}")
            self._add(Summary.Value(tag=main_tag, simple_value=_number(value)), global_step, walltime, writer)

    def add_histogram(
        self,
        tag: str,
        values: Any,
        global_step: int | None = None,
        bins: Any = "tensorflow",
        walltime: float | None = None,
        max_bins: int | None = None,
    ) -> None:
        """How values are distributed. bins: "tensorflow", or as of `numpy.histogram`. ValueError without values."""
        made = _histogram(np.asarray(as_arrays(values)), bins, max_bins)
        self._add(Summary.Value(tag=tag, histo=made), global_step, walltime)

    def add_image(
        self,
        tag: str,
        img_tensor: Any,
        global_step: int | None = None,
        walltime: float | None = None,
        dataformats: str = "CHW",
    ) -> None:
        """A picture. dataformats: what its dimensions are.

        AssertionError where they do not fit the picture; ImportError without Pillow.
        """
        picture = _picture(_arranged(np.asarray(as_arrays(img_tensor)), dataformats))
        self._add(Summary.Value(tag=tag, image=picture), global_step, walltime)

    def add_images(
        self,
        tag: str,
        img_tensor: Any,
        global_step: int | None = None,
        walltime: float | None = None,
        dataformats: str = "NCHW",
    ) -> None:
        """Several pictures, side by side. See `add_image`."""
        self.add_image(tag, img_tensor, global_step, walltime, dataformats)

    def add_figure(
        self,
        tag: str,
        figure: Any,
        global_step: int | None = None,
        close: bool = True,
        walltime: float | None = None,
    ) -> None:
        """One of matplotlib's figures, or several, as a picture. close: close them afterwards."""
        import matplotlib.pyplot as plt
        from matplotlib.backends.backend_agg import FigureCanvasAgg

        pictures = []
        figures = figure if isinstance(figure, list) else [figure]
        for one in figures:
            canvas = FigureCanvasAgg(one)
            canvas.draw()
            pictures.append(np.asarray(canvas.buffer_rgba())[..., :3])
            if close:
                plt.close(one)
        self.add_image(tag, np.concatenate(pictures, axis=1), global_step, walltime, "HWC")

    def add_text(
        self, tag: str, text_string: str, global_step: int | None = None, walltime: float | None = None
    ) -> None:
        """A text, in Markdown."""
        metadata = SummaryMetadata(plugin_data=SummaryMetadata.PluginData(plugin_name="text", content=b""))
        tensor = TensorProto(
            dtype="DT_STRING",
            string_val=[text_string.encode()],
            tensor_shape=TensorShapeProto(dim=[TensorShapeProto.Dim(size=1)]),
        )
        self._add(Summary.Value(tag=f"{tag}/text_summary", metadata=metadata, tensor=tensor), global_step, walltime)

    def add_hparams(
        self,
        hparam_dict: dict[str, Any],
        metric_dict: dict[str, Any],
        hparam_domain_discrete: dict[str, list] | None = None,
        run_name: str | None = None,
        global_step: int | None = None,
    ) -> None:
        """Settings of a run, with what came of it, for comparison: in a folder of its own, `run_name` or the time.

        hparam_domain_discrete: the values that a setting may have. TypeError for what is no dict.
        """
        summaries = hparams(hparam_dict, metric_dict, hparam_domain_discrete)
        writer = self._writer_of(run_name or str(time.time()))
        for summary in summaries:
            writer.add_summary(summary, global_step)
        for name, value in metric_dict.items():
            self._add(Summary.Value(tag=name, simple_value=_number(value)), global_step, None, writer)

    def add_graph(self, model: Any, input_to_model: Any = None, verbose: bool = False, **kwargs: Any) -> NoReturn:
        """NotImplementedError: the graph of a Module would be PyTorch's, of its compiler."""
        refuse_graph()

    def flush(self) -> None:
        """Write what waits."""
        for writer in self.all_writers.values():
            writer.flush()

    def close(self) -> None:
        """Write what waits, and close the files."""
        for writer in self.all_writers.values():
            writer.close()

    def __enter__(self) -> SummaryWriter:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def _number(value: Any) -> float:
    value = np.asarray(as_arrays(value))
    if value.size != 1:
        raise AssertionError("scalar should be 0D")
    return float(value.reshape(()))
