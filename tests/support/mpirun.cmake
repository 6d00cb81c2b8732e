# LAMBDAPACK_MPIRUN: what starts processes of MPI for a test, on this machine alone, with more of them
# than cores, for root too.
execute_process(COMMAND "${MPIEXEC_EXECUTABLE}" --version OUTPUT_VARIABLE mpirun_version ERROR_QUIET)
set(LAMBDAPACK_MPIRUN "${MPIEXEC_EXECUTABLE}")
if(mpirun_version MATCHES "Open ?MPI|OpenRTE")
  list(APPEND LAMBDAPACK_MPIRUN --allow-run-as-root --oversubscribe --bind-to none
    --mca btl self,vader,tcp --mca btl_tcp_if_include lo --mca oob_tcp_if_include lo)
endif()
