"""The national template as plain data: what a section may hold, what rests on it, and how two versions differ. Pure."""
