import json

LAYERS = ("conv 16 k3 s1 p1", "pool 2", "conv 8 k7 s1 p3", "pool 2")


def test_the_example_of_the_contract(assay):
    done = assay("shapes", "256x256x3", *LAYERS, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    layers = json.loads(done.stdout)["layers"]
    assert [layer["layer"] for layer in layers] == list(LAYERS)
    assert [layer["output"] for layer in layers] == ["256x256x16", "128x128x16", "128x128x8", "64x64x8"]
    assert [layer["parameters"] for layer in layers] == [448, 0, 6280, 0]


def test_the_table_has_the_formula_with_its_numbers(assay):
    done = assay("shapes", "256x256x3", *LAYERS)
    assert done.returncode == 0
    line = next(line for line in done.stdout.splitlines() if line.startswith("conv 8"))
    words = ["conv 8 k7 s1 p3", "128x128x8", "(128 - 7 + 2*3)/1 + 1 = 128", "6,280", "102,760,448", "16"]
    assert line.split() == " ".join(words).split()


def test_a_layer_that_does_not_fit_is_one_line(assay):
    done = assay("shapes", "8x8x3", "pool 4", "pool 4")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "layer 2, 'pool 4': the image is 2x2x3 after 1 pooling (layer 1)" in done.stderr
    assert "at least 16x16" in done.stderr


def test_forgotten_quotes_are_named(assay):
    done = assay("shapes", "256x256x3", "conv", "16", "k3")
    assert done.returncode == 2
    assert "e.g. conv 16 k3" in done.stderr


def test_it_loads_no_torch(command):
    import subprocess

    words = command("shapes", "8x8x3", "relu")
    done = subprocess.run(
        [words[0], "-X", "importtime", *words[1:]], capture_output=True, text=True, check=True
    )
    loaded = {line.rsplit("|", 1)[-1].strip() for line in done.stderr.splitlines()}
    assert "assay.networks.shapes.calculus" in loaded
    assert not loaded & {"torch", "torchvision", "PIL", "numpy", "polars"}


def test_what_is_seen_beyond_the_input_is_marked_as_padding(assay):
    wide, fitting = (assay("shapes", size, "conv 4 k7 p3", "conv 4 k3 p1") for size in ("8x8x3", "9x9x3"))
    assert [line.split()[-1] for line in wide.stdout.splitlines()[2:4]] == ["7", "9*"]
    assert wide.stdout.splitlines()[-1] == "* more than the input has: the rest is padding"
    assert "padding" not in fitting.stdout
