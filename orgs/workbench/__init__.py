"""The workbench (工作台): what waits for a post, what the units below lack, what became of what was sent."""
