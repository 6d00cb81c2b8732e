// Has what the precompiled headers of all tests are compiled for; nothing of its own.
