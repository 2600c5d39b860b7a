"""What operators decide: which stories are one or two or taken back, and which sources are polled."""
