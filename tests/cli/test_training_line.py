import io
import re

from rich.console import Console

from assay.cli.training_bar import TrainingBar


def test_the_live_line_is_cropped_to_the_screen():
    record = {"epoch": 12, "train_loss": 0.123456, "validation_loss": 0.234567, "seconds_left": 61.0}
    for width in (20, 40, 200):
        console = Console(file=io.StringIO(), force_terminal=True, width=width, legacy_windows=False)
        with TrainingBar(console) as bar:
            bar.epoch(record)
            bar.epoch(record)
        drawn = re.sub("\x1b\\[[0-9;?]*[a-zA-Z]", "", console.file.getvalue())
        lines = [line for line in re.split(r"[\r\n]+", drawn) if line.strip()]
        assert lines
        assert all(line.startswith("train") and len(line) <= width for line in lines)
        assert ("at most 1:01 left" in drawn) == (width == 200)
