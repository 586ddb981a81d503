"""The instructor's side: build and release the notebooks, collect and grade a class, report.

`submissions` alone also runs on a student's machine: it needs nothing but nbformat. The rest wants
`pip install "ddpm-lab[grading]"`.
"""
