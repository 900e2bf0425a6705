"""How the documentation is built: `make docs`."""

from __future__ import annotations

import assay

project = "Assay"
version = release = assay.__version__
copyright = "the authors of Assay, Apache License 2.0"

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
html_theme = "furo"
html_title = f"Assay {version}"
html_copy_source = False

default_role = "code"  # docstrings write `names` as Markdown does
autodoc_default_options = {"members": True}
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_class_signature = "separated"
napoleon_use_ivar = True  # attributes are listed once
napoleon_use_rtype = False  # "Returns: the table: ..." names a thing, not a type

myst_heading_anchors = 3
suppress_warnings = ["toc.not_included"]  # the page of each finding is linked from findings/README.md
