"""How the documentation is built: ``sphinx-build -W -b html docs site``. It reads nothing from the network."""

import sys
from importlib.metadata import version as installed_version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "capgraph"
author = "The capgraph maintainers"
copyright = author  # noqa: A001 - Sphinx's name
release = installed_version("capgraph")
version = release.rpartition(".")[0]

extensions = ["myst_nb", "numpydoc", "reference_pages", "sphinx.ext.autodoc"]
exclude_patterns = ["_build", "_ext"]
nitpicky = False

html_theme = "furo"
html_title = f"capgraph {release}"

myst_enable_extensions = ["deflist"]
myst_heading_anchors = 3
# The tests run the notebooks; here they are shown as they were saved.
nb_execution_mode = "off"

autodoc_member_order = "bysource"
autodoc_typehints = "none"  # docstrings state types as readers need them
autodoc_preserve_defaults = True
numpydoc_show_class_members = False  # autodoc lists them, each with its own entry
