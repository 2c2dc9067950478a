"""How a caller proves who it is, before and after."""
