"""From lesson scripts to the notebooks that students get."""
