"""What each fusion task takes and gives: plain data, no computation, importable anywhere."""
