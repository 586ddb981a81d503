"""What runs inside the grader's sandbox, beside a student's code. Nothing here is trusted by the grader."""
