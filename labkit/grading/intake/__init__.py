"""What students hand in: unpacked, and put back into the shape that nbgrader relies on."""
