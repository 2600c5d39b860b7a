"""What strangers can send, try, press and upload, damaged in every way; docs/fuzzing.md has the list of targets."""
