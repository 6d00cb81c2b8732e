"""dask_arrays.py ROUTINE N WORKERS CHUNK: seconds of dpotrf, dpotrf_zarr or dgemm of Dask's arrays, on its
threads, and the residual. Matrices and checks are those of spd_matrix.hpp and general_matrix.hpp, but for
the numbers in them."""

import json
import os
import sys
import tempfile
import time

import dask
import dask.array
import numpy

VECTORS = 4
WARM_UP_ORDER = 1024


def random_matrix(n, seed):
    return numpy.random.default_rng(seed).random((n, n)) - 0.5


def positive_definite(n):
    a = random_matrix(n, 0)
    lower = numpy.tril(a, -1)
    return lower + lower.T + numpy.diag(a.diagonal() + n)


def norm_of(product, n):
    """The norm of a matrix that is given by its product with vectors, by random signs."""
    signs = numpy.sign(numpy.random.default_rng(9).random((n, VECTORS)) - 0.5)
    return numpy.linalg.norm(product(signs)) / VECTORS**0.5


def dpotrf(n, chunk):
    a = positive_definite(n)
    begin = time.perf_counter()
    factor = dask.array.linalg.cholesky(dask.array.from_array(a, chunks=chunk), lower=True).compute()
    seconds = time.perf_counter() - begin
    error = norm_of(lambda x: a @ x - factor @ (factor.T @ x), n)
    return seconds, error / (n * numpy.linalg.norm(a))


def dpotrf_zarr(n, chunk):
    """From a Zarr array on a disk to another one."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR", "/var/tmp")) as folder:
        a = positive_definite(n)
        dask.array.from_array(a, chunks=chunk).to_zarr(f"{folder}/A", compressor=None)
        begin = time.perf_counter()
        factor = dask.array.linalg.cholesky(dask.array.from_zarr(f"{folder}/A"), lower=True)
        factor.to_zarr(f"{folder}/L", compressor=None)
        os.sync()
        seconds = time.perf_counter() - begin
        factor = dask.array.from_zarr(f"{folder}/L").compute()
    error = norm_of(lambda x: a @ x - factor @ (factor.T @ x), n)
    return seconds, error / (n * numpy.linalg.norm(a))


def dgemm(n, chunk):
    a, b = random_matrix(n, 0), random_matrix(n, 1)
    begin = time.perf_counter()
    c = (dask.array.from_array(a, chunks=chunk) @ dask.array.from_array(b, chunks=chunk)).compute()
    seconds = time.perf_counter() - begin
    error = norm_of(lambda x: c @ x - a @ (b @ x), n)
    return seconds, error / (n * numpy.linalg.norm(a) * numpy.linalg.norm(b))


def main():
    routine = {"dpotrf": dpotrf, "dpotrf_zarr": dpotrf_zarr, "dgemm": dgemm}[sys.argv[1]]
    n, workers, chunk = map(int, sys.argv[2:5])
    with dask.config.set(scheduler="threads", num_workers=workers):
        routine(min(n, WARM_UP_ORDER), chunk // 4)
        seconds, residual = routine(n, chunk)
    print(json.dumps({"samples": [seconds],
                      "residual": residual / (numpy.finfo(float).eps / 2)}))


if __name__ == "__main__":
    main()
