"""Where and with what was recorded: StationXML to a table of channel epochs."""
