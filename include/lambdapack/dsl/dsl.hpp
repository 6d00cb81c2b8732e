// The language: what a user writes.
#pragma once

#include "lambdapack/dsl/array.hpp"
#include "lambdapack/dsl/expr.hpp"
#include "lambdapack/dsl/functions.hpp"
#include "lambdapack/dsl/kernel.hpp"
#include "lambdapack/dsl/range.hpp"
#include "lambdapack/dsl/recorder.hpp"
#include "lambdapack/dsl/stop.hpp"
#include "lambdapack/dsl/temp.hpp"
#include "lambdapack/dsl/tie.hpp"
#include "lambdapack/dsl/reduce.hpp"
#include "lambdapack/dsl/trace.hpp"
#include "lambdapack/dsl/unwritten.hpp"
#include "lambdapack/dsl/words.hpp"
