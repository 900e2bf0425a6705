"""Names of the files and folders of an export."""

SCHEMA = "schema.json"
TORCHSCRIPT = "network.torchscript.pt"
PROGRAM = "network.pt2"
PACKAGE = "network.aoti.pt2"
ONNX = "network.onnx"
READER = "predict.py"
CPP = "cpp"
BROWSER = "browser"
PARITY = "parity.json"

ALL = frozenset({SCHEMA, TORCHSCRIPT, PROGRAM, PACKAGE, ONNX, f"{ONNX}.data", READER, CPP, BROWSER, PARITY})
"""`network.onnx.data` holds the weights of an ONNX file that would be larger than 2 GB."""
