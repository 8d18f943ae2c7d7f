"""The front door: commands, settings and the demo. The only room that reads the environment."""
