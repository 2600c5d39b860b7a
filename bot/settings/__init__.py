"""The settings: what can be set (`tables`), and where the values in effect came from (`loading`)."""

from bot.settings.loading import Row, default_config_dir, effective, load, secret_values, sources_dir
from bot.settings.tables import Secret, Settings

__all__ = ["Row", "Secret", "Settings", "default_config_dir", "effective", "load", "secret_values", "sources_dir"]
