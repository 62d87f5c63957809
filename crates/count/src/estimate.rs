//! How many were never recorded: estimates from the overlap of several lists (multiple systems estimation).
