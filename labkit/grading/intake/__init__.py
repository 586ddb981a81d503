"""What students hand in: unpacked, put back into shape, and kept where it is not run again."""
