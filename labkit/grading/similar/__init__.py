"""Which answers are more alike than answers to the same TODO are?"""
