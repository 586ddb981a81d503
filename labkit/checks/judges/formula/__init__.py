"""Mistakes as edits of a formula: what an answer computes, found by search, and written down.

The theory of a TODO stands in its judge once, as a formula that reads as in the paper. What slips make of it
are edits of its tree; beside them stand other tables than the right ones, and other formulas in its place.
Where the numbers of an answer are wrong, the fewest of these that explain every number say what was done.
"""
