#!/bin/bash
# UNTRIED: written from the documentation, never submitted. See docs/scale.md.
# sbatch deploy/slurm/hindcast.sh NETWORK FROM TO; MULGIL_HOME must be on storage all nodes see.
#SBATCH --job-name=mulgil-hindcast
#SBATCH --ntasks=16
#SBATCH --cpus-per-task=1
#SBATCH --mem-per-cpu=3G
#SBATCH --time=12:00:00
#SBATCH --requeue
set -euo pipefail

: "${MULGIL_HOME:?set it to a folder on shared storage}"
export OMP_NUM_THREADS=1
export MALLOC_TRIM_THRESHOLD_=268435456 MALLOC_MMAP_THRESHOLD_=268435456

port=$((20000 + SLURM_JOB_ID % 20000))
dask scheduler --host "$(hostname -f)" --port "$port" --no-dashboard &
scheduler=$!
srun dask worker "$(hostname -f):$port" --nthreads 1 --no-dashboard &
workers=$!
trap 'kill "$workers" "$scheduler" 2>/dev/null || true' EXIT

# Months that are there stay: a job that is queued again goes on where it was.
mulgil hindcast "$1" --from "$2" --to "$3" --engine "dask://$(hostname -f):$port" --json
