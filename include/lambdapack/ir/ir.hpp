// What a program is, whether it hangs together, how it prints, and its JSON.
#pragma once

#include "lambdapack/ir/hand_graph.hpp"
#include "lambdapack/ir/hand_graph_json.hpp"
#include "lambdapack/ir/diagnostic.hpp"
#include "lambdapack/ir/json.hpp"
#include "lambdapack/ir/location.hpp"
#include "lambdapack/ir/names.hpp"
#include "lambdapack/ir/print.hpp"
#include "lambdapack/ir/program.hpp"
#include "lambdapack/ir/validate.hpp"
