// The plain room: ordinary sequential functions over tiles, called as they stand, or run as task
// graphs where lpc has compiled them.
#pragma once

#include "lambdapack/plain/function.hpp"      // PlainFunction: what lp::run takes
#include "lambdapack/plain/registration.hpp"  // Registration: what generated code says
#include "lambdapack/plain/tiles.hpp"         // Tiles, OutTiles, TempTiles
