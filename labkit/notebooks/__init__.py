"""Notebooks as text: reads them whatever their form, and takes out of them what an answer needs."""
