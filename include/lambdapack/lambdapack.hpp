// All that most users include: write a program, hand it data, run it on threads.
#pragma once

#if __cplusplus < 202002L
#error "lambdapack needs C++20: compile with -std=c++20"
#endif

#include "lambdapack/dsl/dsl.hpp"                     // In, Out, InOut, temp, range, when, stop_if
#include "lambdapack/error.hpp"                       // program_error, input_error, run_error
#include "lambdapack/exec/noting.hpp"                 // lp::noting
#include "lambdapack/exec/sequential/sequential.hpp"  // lp::sequential
#include "lambdapack/exec/threads/threads.hpp"        // lp::threads
#include "lambdapack/graph/task_graph.hpp"            // TaskGraph
#include "lambdapack/kernel/kernel.hpp"               // lp::in, lp::out, lp::inout, potrf, gemm ...
#include "lambdapack/plain/plain.hpp"                 // lp::Tiles, lp::OutTiles, lp::TempTiles
#include "lambdapack/run.hpp"                         // lp::run, lp::start, lp::compile
#include "lambdapack/tile/tile.hpp"                   // TiledMatrix, TileArray, tiled, npy, zarr

#ifndef LAMBDAPACK_SEPARATE
#include "lambdapack/report/trace.hpp"  // for LAMBDAPACK_TRACE
#endif
