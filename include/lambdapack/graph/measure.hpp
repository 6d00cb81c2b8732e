// What a graph costs at given sizes: asked of its public queries only, by listing its tasks. For
// sizes at which a list of all tasks fits in memory. Not part of lambdapack.hpp.
#pragma once

#include "lambdapack/graph/measure/peak_held.hpp"  // peak_held: the memory of a run on one worker
#include "lambdapack/graph/measure/peak_live.hpp"  // peak_live: the most tiles that live at once
#include "lambdapack/graph/measure/schedule.hpp"   // critical_path, width_profile
#include "lambdapack/graph/measure/traffic.hpp"    // traffic: what is read of what, in bytes
