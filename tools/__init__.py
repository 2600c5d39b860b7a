"""Tools for whoever changes Chipwatch; none of them is shipped."""
