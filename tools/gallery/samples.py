"""The samples: which cards of the gallery stand in which picture, on either platform."""

SAMPLES = {
    "said": ("Alert: said, not law",),
    "grown": ("Alert: the same message a day later", "Alert: the reply under it"),
    "law": ("Alert: law, with the answers that it changes",),
    "list": ("Alert: Entity List",),
    "correction": ("Correction",),
    "malaysia": ("Status: H200 to Malaysia",),
    "singapore": ("Status: H200 to Singapore, buyer owned from China",),
    "auditor": ("Status: H20 to China on 20 May 2025, as known that day",),
    "follow": ("Follow: Headlines",),
    "pulse": ("Pulse",),
    "error": ("Error",),
}
"""The pictures, and the cards that stand in each; the second stands under the first."""
LANGUAGES = ("en", "de")
DISCORD_SAMPLES = {"customise-what": ("Customise: What",), "customise-when": ("Customise: When",)}
"""Pictures of Discord alone."""
