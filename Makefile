# Two commands: `make demo` and `make test`. Each sets up what it needs; nothing else is required
# than python3 (3.11 or newer) and make.
PYTHON ?= python3
BIN := .venv/bin
TORCH := 2.13.0
# PyTorch's own index of CPU builds; asked only where `torch==$(TORCH)+cpu` is not at hand already.
TORCH_CPU_INDEX ?= https://download.pytorch.org/whl/cpu
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint unit notebooks campaign audit lock clean

help:  ## say what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## */  make \1\t/' | expand -t 20

setup: .venv/ready  ## make .venv with the locked dependencies, a CPU torch and the recorded data

.venv/ready: requirements.lock recorded.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Mulgil needs Python 3.11 or newer; $$($(PYTHON) --version) was found. Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@echo "Setting up .venv (a few minutes the first time, nothing afterwards)"
	@$(PYTHON) -m venv .venv
	@echo "  1/3 torch $(TORCH) for the CPU"
	@$(PIP) --only-binary :all: "torch==$(TORCH)+cpu" 2>/dev/null || \
	  $(PIP) "torch==$(TORCH)" --index-url $(TORCH_CPU_INDEX) 2>/dev/null || \
	  $(PIP) "torch==$(TORCH)"
	@echo "  2/3 locked dependencies"
	@$(PIP) -r requirements.lock
	@echo "  3/3 recorded data and Mulgil itself"
	@$(PIP) --no-deps -r recorded.lock
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

demo: setup  ## replay a real recorded flood, from gauge to published site
	@$(BIN)/mulgil demo

test: lint unit notebooks  ## everything that CI runs

lint: setup  ## ruff, format, mypy strict, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

unit: setup  ## pytest with branch coverage, a worker for each core
	OMP_NUM_THREADS=1 $(BIN)/pytest -n auto --dist loadfile --cov --cov-report=term

notebooks: setup  ## run the notebooks
	OMP_NUM_THREADS=1 $(BIN)/pytest --nbmake --nbmake-timeout=600 notebooks

campaign: setup  ## what is too long for CI: kills, fuzz, faults, a simulated week, soak, XSS
	MULGIL_TEST_KILLS=200 OMP_NUM_THREADS=1 $(BIN)/pytest tests/test_store_kills.py tests/test_publish.py -s
	MULGIL_FUZZ_CASES=10000 OMP_NUM_THREADS=1 $(BIN)/pytest tests/test_fuzz_*.py
	$(BIN)/mulgil bench faults
	$(BIN)/mulgil campaign week --json var/campaign-week.json
	$(BIN)/mulgil campaign week --hourly-days 0 --outage-hours 0 --home var/campaign-432
	$(BIN)/mulgil campaign kills --times 100
	$(BIN)/mulgil campaign kills-prefect --times 10
	$(BIN)/mulgil campaign soak
	$(BIN)/mulgil campaign xss

audit: setup  ## known weaknesses and licences of dependencies (75: nobody could judge them)
	$(BIN)/mulgil audit

lock:  ## renew requirements.lock (needs uv, and a torch wheel for the CPU in TORCH_WHEELS=folder)
	echo "torch==$(TORCH)+cpu" > .torch-constraint  # else uv takes the build with 5 GB of CUDA
	rm -f requirements.lock
	uv pip compile pyproject.toml --group dev --python-version 3.11 --no-header \
	  $(if $(TORCH_WHEELS),--find-links $(TORCH_WHEELS),--extra-index-url $(TORCH_CPU_INDEX)) \
	  --constraint .torch-constraint -o requirements.lock
	sed -i 's/^torch==$(TORCH)+cpu/torch==$(TORCH)/' requirements.lock
	rm .torch-constraint

clean:  ## remove .venv and all that runs have made
	rm -rf .venv var
