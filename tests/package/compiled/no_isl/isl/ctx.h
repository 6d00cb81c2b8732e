// Stands before isl's own header, which all others of isl's include.
#error "isl is out of reach in this project"
