"""Where cards are shown: one folder a platform. Platforms know nothing of policy."""
