// The tile room: what a tile is, matrices and arrays of tiles, and the places where tiles live.
#pragma once

#include "lambdapack/tile/array.hpp"    // TileArray: tiles of any payload, any rank
#include "lambdapack/tile/bind.hpp"     // Bindable: what can be an argument of a run
#include "lambdapack/tile/dense.hpp"    // Dense: the payload of dense matrices
#include "lambdapack/tile/eigen.hpp"    // map: Eigen's matrices
#include "lambdapack/tile/matrix.hpp"   // TiledMatrix
#include "lambdapack/tile/npy.hpp"      // npy, read_npy, write_npy
#include "lambdapack/tile/payload.hpp"  // Payload, Tile
#include "lambdapack/tile/stop.hpp"     // Stop: the control tiles of lp::stop_if
#include "lambdapack/tile/store.hpp"    // Store: the interface of every place
#include "lambdapack/tile/zarr.hpp"     // zarr, read_zarr, write_zarr
