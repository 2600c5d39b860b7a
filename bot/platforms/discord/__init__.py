"""Discord: cards as Components V2, commands, buttons and modals, and the manners of its REST API and gateway."""
